"""Golden files: what a format writes for each type, for people to read. `WRITE_GOLDEN=1 pytest …` writes them anew."""

import os
from dataclasses import replace
from pathlib import Path

from .gold import GOLD

FOLDER = Path(__file__).parent / "golden"
# The gold items as the site shows them: each has its page.
RECORDS = {
    kind: replace(item, record_url=item.record_url or f"https://jane-doe.org/publications/{kind}/")
    for kind, item in GOLD.items()
}


def assert_golden(name, text):
    """That the text is what the file of this name holds."""
    path = FOLDER / name
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
