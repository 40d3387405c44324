"""What of the saves that a killed server has acknowledged is lost, and how many writers at once are refused."""

import json
import tempfile

from bench import site

CODE = "import json; from bench import acknowledged; print(json.dumps(acknowledged.measured()))"


def measure() -> dict:
    """As bench.acknowledged.measured, which needs Django, so in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return json.loads(site.run(folder, "manage.py", "shell", "--verbosity", "0", "-c", CODE))
