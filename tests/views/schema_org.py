"""What TypeScript says to JSON-LD by schema-dts, the types of schema.org: unknown words, and values of a wrong type."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[1] / "node_modules"
OPTIONS = {
    **{"strict": True, "noEmit": True, "skipLibCheck": True, "types": [], "module": "preserve"},
    "paths": {"schema-dts": [str(MODULES / "schema-dts")]},
}


def complaints(folder, documents):
    """{name: list of the compiler's sentences} of {name: JSON-LD document}; the compiler runs once, in the folder."""
    if not (shutil.which("node") and MODULES.exists()):
        pytest.fail("TypeScript is not installed, so that this cannot be tested: tests/install_programs.sh")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS}))
    for name, document in documents.items():
        source = 'import type { Thing, WithContext } from "schema-dts";\nexport const it: WithContext<Thing> = '
        (folder / f"{name}.ts").write_text(source + json.dumps(document), "utf-8")
    command = ["node", MODULES / "typescript" / "bin" / "tsc", "--pretty", "false"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    found = re.findall(r"^(\S+)\.ts\(.*?\): error \w+: (.*)$", done.stdout, re.MULTILINE)
    assert (done.returncode == 0) == (not found), done.stdout + done.stderr
    return {name: [sentence for file, sentence in found if file == name] for name in documents}
