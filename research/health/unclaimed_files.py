from .. import media
from .finding import Finding

TITLE = "Files that nothing needs"
WHY = "They are left by forms that were never saved, and take room on the disk."
IS_FAULT = False


def find():
    folders = media.unclaimed()
    if not folders:
        return []
    size = sum(media.size_of_folder(folder) for folder in folders)
    count = f"{len(folders)} upload{'s' if len(folders) > 1 else ''}"
    return [
        Finding(
            f"{count} of {size / 1e6:,.1f} MB {'are' if len(folders) > 1 else 'is'} on no page.",
            command="manage.py discard_unclaimed_files",
        )
    ]
