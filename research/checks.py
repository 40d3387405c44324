"""
System checks: what would fail later, or fails in silence, said in a sentence with what to do.

Those that are tagged `deploy` are for a site in public: `manage.py check --deploy` and the desk's page "Site health"
run them, the others run before every command.
"""

import os
import time
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning
from django.core.checks import register as register_check
from django.core.files.storage import default_storage
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from PIL import features

DAY = 24 * 3600
LARGEST_PROXY_NETWORK = 2**24  # addresses: as many as 10.0.0.0/8 has
OTHERS_READ, OTHERS_ENTER = 0o004, 0o001


def check_picture_formats(app_configs, **kwargs):
    """Pillow must be able to write what the renditions are made of."""
    missing = [kind.upper() for kind in ("webp", "avif", "littlecms2") if not features.check(kind)]
    if not missing:
        return []
    return [
        Error(
            f"Pillow was built without {', '.join(missing)}: pictures cannot be prepared.",
            hint="Install Pillow's own wheel: make install.",
            id="research.E001",
        )
    ]


def check_media_folder(app_configs, **kwargs):
    """The folder of uploads must be writable, or be in one that is."""
    if settings.MEDIA_STORAGE:
        return []
    folder = settings.MEDIA_ROOT
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if os.access(folder, os.W_OK):
        return []
    return [
        Error(
            f"Uploads cannot be stored: {folder} is not writable.",
            hint="Give the folder to the user that runs the site, or set DATA_DIR to another one.",
            id="research.E002",
        )
    ]


def warning(name, sentence, hint):
    """What a check returns that has something to say; `hint` is what to do."""
    return [Warning(sentence, hint=hint, id=f"research.{name}")]


def check_media_bucket(app_configs, **kwargs):
    """The bucket of uploads must be there. Only ``check --deploy`` asks: other commands need not wait for it."""
    if not settings.MEDIA_STORAGE or default_storage.is_well():
        return []
    return [
        Error(
            "Uploads cannot be stored: the bucket that MEDIA_STORAGE names does not answer.",
            hint="Make the bucket, and look at the endpoint_url, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            id="research.E003",
        )
    ]


# Whether a capital comes before a small letter, as in SQLite, where the code of the letter counts.
ORDER = "SELECT 'B' < 'a'"


def check_order(app_configs, **kwargs):
    """A site that moves from SQLite to PostgreSQL shall not change. Only ``check --deploy`` asks the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(ORDER)
            is_the_same = cursor.fetchone()[0]
    except DatabaseError:  # the start will say so
        return []
    if is_the_same:
        return []
    return warning(
        "W012",
        "The database puts titles, names and topics in another order than SQLite does.",
        "Make a new one with createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8, and restore a backup into "
        "it.",
    )


def check_secret_key_mode(app_configs, **kwargs):
    """Whoever reads the key can sign in as anybody."""
    path = settings.DATA_DIR / "secret_key"
    if mode_of(path) & 0o077 == 0:
        return []
    return warning("W001", f"Others on this server can read {path}.", f"Run: chmod 600 {path}")


def mode_of(path):
    """The permissions of a file or folder; 0 where there is none."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def check_site_url(app_configs, **kwargs):
    """Links, feeds, cookies and allowed hosts are made of SITE_URL."""
    hint = "Set SITE_URL to the address that visitors type, such as https://jane-doe.org, and start the site again."
    if settings.IS_LOCAL:
        return warning("W002", f"The site takes itself for {settings.SITE_URL}: only this machine can use it.", hint)
    if not settings.IS_HTTPS:
        return warning(
            "W003", f"{settings.SITE_URL} is not encrypted: who is between can read the owner's password.", hint
        )
    return []


def check_mail(app_configs, **kwargs):
    """Somebody must be told when something goes wrong."""
    from . import owner_mail

    if not settings.SENDS_MAIL:
        return warning(
            "W004",
            "No mail can be sent: nobody is told when something goes wrong.",
            "Set EMAIL_URL, such as smtp+tls://user:password@mail.example.org:587.",
        )
    try:
        is_known = owner_mail.addresses()
    except DatabaseError:
        return []
    if is_known:
        return []
    return warning(
        "W005",
        "Nobody's mail address is known: nobody is told when something goes wrong.",
        "In the admin, under Users, give your account its mail address.",
    )


def check_data_folder(app_configs, **kwargs):
    """The database holds password hashes and drafts."""
    database = settings.DATA_DIR / "db.sqlite3"
    if not (mode_of(database) & OTHERS_READ and mode_of(settings.DATA_DIR) & OTHERS_ENTER):
        return []
    return warning(
        "W006",
        f"Others on this server can read the database, {database}.",
        f"Run: chmod o-rwx {settings.DATA_DIR} {database}",
    )


def check_backup(app_configs, **kwargs):
    """A site that has content needs a backup, and a new one every day."""
    from .archive import backup
    from .example import load

    try:
        if load.site_is_empty():
            return []
    except DatabaseError:
        return []
    made, _ = backup.last() or (None, "")
    if made and (timezone.now() - made).days < backup.LATE_DAYS:
        return []
    when = f"The last backup was made on {made:%-d %B %Y}." if made else "There is no backup."
    hint = "Have the server run every day: manage.py backup --keep FOLDER"
    return warning("W007", when, hint)


def check_static_files(app_configs, **kwargs):
    """Pages ask for static files by names that `collectstatic` makes."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if "Manifest" not in settings.STORAGES["staticfiles"]["BACKEND"]:  # with DEBUG they are served as they are
        return []
    try:
        collected = manifest.stat().st_mtime
    except OSError:
        problem = "The static files were never collected: every page is an error."
    else:
        files = (path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file())
        if all(path.stat().st_mtime <= collected for path in files):
            return []
        problem = "The static files have changed since they were collected: pages show the old ones."
    return warning("W008", problem, "Run: manage.py collectstatic --noinput")


def check_example(app_configs, **kwargs):
    """The example is somebody else's work."""
    from .example import load

    try:
        if settings.IS_LOCAL or not load.example_is_present():
            return []
    except DatabaseError:
        return []
    return warning(
        "W009",
        f"{settings.SITE_URL} shows publications and projects of the example.",
        "On the first page of the admin, press “Remove the example”.",
    )


def check_clock(app_configs, **kwargs):
    """What has a time to become public waits for the server's clock."""
    files = (Path(__file__), settings.DATA_DIR / "generation")
    newest = max((path.stat().st_mtime for path in files if path.exists()), default=0)
    if newest <= time.time() + DAY:
        return []
    return warning(
        "W010",
        f"The server's clock is behind: it says {timezone.now():%-d %B %Y}, and there are files of a later day.",
        "Let the server ask the time: timedatectl set-ntp true",
    )


def check_trusted_proxies(app_configs, **kwargs):
    """A front server is one machine or a few, not half of the internet."""
    wide = [str(network) for network in settings.TRUSTED_PROXIES if network != "unix" and is_wide(network)]
    if not wide:
        return []
    return warning(
        "W011",
        f"TRUSTED_PROXIES believes everybody in {', '.join(wide)}, who can pretend to come by https.",
        "Name the addresses of the front servers alone, such as 127.0.0.1.",
    )


def is_wide(network):
    """Whether a network is more than one of somebody's own."""
    return network.num_addresses > LARGEST_PROXY_NETWORK and not (network.version == 6 and network.is_private)


ALWAYS = (check_picture_formats, check_media_folder, check_secret_key_mode)
IN_PUBLIC = (
    *(check_site_url, check_mail, check_data_folder, check_backup, check_static_files, check_example, check_clock),
    *(check_trusted_proxies, check_media_bucket, check_order),
)


def register():
    for check in ALWAYS:
        register_check(check, Tags.files)
    for check in IN_PUBLIC:
        register_check(check, "research", deploy=True)
