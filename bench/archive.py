"""
Backup, trial and restore of a site of 1,000 publications with 1 GB of uploads: time, size, and the most memory that the
command takes. ``python -m bench archive``
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import site
from bench.servers import ROOT

PUBLICATIONS, FILE_BYTES = 1_000, 1_000_000
FILL = """
import os
from bench import archive, publication_pages
publication_pages.prepare(archive.PUBLICATIONS)
from django.core.files.uploadedfile import SimpleUploadedFile
from research import media
from research.models import Publication
for publication in Publication.objects.all():
    content = b"%PDF-1.7 " + os.urandom(archive.FILE_BYTES)
    publication.pdf = media.store_document(SimpleUploadedFile("paper.pdf", content))
    publication.save()
"""


def measure() -> dict:
    """{"backup": {"s": …, "cpu_s": …, "peak_mb": …}, "verify_backup": …, "restore": …, "archive_mb": …}"""
    with tempfile.TemporaryDirectory() as folder:
        first, second, archive = Path(folder) / "first", Path(folder) / "second", Path(folder) / "site.zip"
        site.run(first, "-c", FILL)
        results = {
            "backup": command(first, "backup", archive),
            "verify_backup": command(first, "verify_backup", archive),
            "restore": command(second, "restore", archive),
        }
        return results | {"archive_mb": round(archive.stat().st_size / 1e6)}


def command(folder, *arguments):
    """What a command of the site takes: wall-clock time, time on a core, and its peak of memory in MB (10**6 bytes)."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *map(str, arguments)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments[0]} has failed.")
    seconds = time.perf_counter() - start
    cpu = used.ru_utime + used.ru_stime
    return {"s": round(seconds, 1), "cpu_s": round(cpu, 1), "peak_mb": round(used.ru_maxrss * 1024 / 1e6)}
