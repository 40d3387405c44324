import shutil

from django.conf import settings

from .finding import Finding

TITLE = "Room on the disk"
WHY = "On a full disk nothing can be saved, and no backup made."
IS_FAULT = True
LEAST_BYTES, LEAST_SHARE = 500_000_000, 0.05


def find():
    try:
        disk = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        return []
    if disk.free >= max(LEAST_BYTES, disk.total * LEAST_SHARE):
        return []
    return [
        Finding(
            f"The server's disk is nearly full: {disk.free / 1e6:,.0f} MB of {disk.total / 1e9:,.0f} GB are free. Move "
            "old backups elsewhere, or rent a larger disk.",
            command="du -xh / | sort -h | tail -n 20",
        )
    ]
