"""The settings, started as an operator would start them: in a process of their own."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def start(data_dir, code="pass", **variables):
    """Import the settings in a new process, run `code` with them as `s`, and return the finished process."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "SYSTEMROOT")}
    return subprocess.run(
        [sys.executable, "-c", f"import portfolio.settings as s\n{code}"],
        env=clean | {"DATA_DIR": str(data_dir)} | {name: str(value) for name, value in variables.items()},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG: must be true or false."),
        (
            {"SECRET_KEY_FALLBACKS": "short"},
            "SECRET_KEY_FALLBACKS: one of the keys is shorter than 50 characters. Give them as they were.",
        ),
        (
            {"SECURITY_CONTACT": "call me"},
            "SECURITY_CONTACT: must be a mail address or an address that begins with https://",
        ),
        ({"PORT": "eighty"}, "PORT: must be a number such as 8000."),
        (
            {"SITE_URL": "jane-doe.org"},
            "SITE_URL: 'jane-doe.org' must be scheme and host alone, such as https://jane-doe.org",
        ),
        (
            {"SITE_URL": "https://jane-doe.org/home"},
            "SITE_URL: 'https://jane-doe.org/home' must be scheme and host alone, such as https://jane-doe.org",
        ),
        (
            {"TRUSTED_PROXIES": "localhost"},
            "TRUSTED_PROXIES: 'localhost' is not an IP address or network, such as 10.0.0.0/8.",
        ),
        (
            {"SECRET_KEY": "short"},
            "SECRET_KEY: is shorter than 50 characters. Remove it to have one generated, or give a longer one.",
        ),
        (
            {"DATABASE_URL": "mysql://a@b/c"},
            "DATABASE_URL: must look like postgres://user:password@host/name or sqlite:////srv/site/db.sqlite3",
        ),
        (
            {"PAGE_CACHE_MB": "plenty"},
            "PAGE_CACHE_MB: must be a number of megabytes, such as 26; 0 turns the cache off.",
        ),
        ({"PAGE_CACHE_MB": "-1"}, "PAGE_CACHE_MB: cannot be less than 0, which turns the cache off."),
        ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL: must look like smtp+tls://user:password@mail.example.org:587"),
        (
            {"MEDIA_STORAGE": "/srv/media"},
            "MEDIA_STORAGE: must look like s3://bucket?endpoint_url=https://s3.example.org&region=eu-central-1; "
            "keys are not in it, but in AWS_ACCESS_KEY_ID.",
        ),
        (
            {"MEDIA_STORAGE": "s3://key:secret@bucket"},
            "MEDIA_STORAGE: must look like s3://bucket?endpoint_url=https://s3.example.org&region=eu-central-1; "
            "keys are not in it, but in AWS_ACCESS_KEY_ID.",
        ),
        (
            {"MEDIA_STORAGE": "s3://bucket?endpoint=https://s3.example.org"},
            "MEDIA_STORAGE: knows endpoint_url, region and addressing_style, and not endpoint.",
        ),
        (
            {"MEDIA_STORAGE": "s3://bucket?endpoint_url=s3.example.org"},
            "MEDIA_STORAGE: endpoint_url must be an address, as in "
            "s3://bucket?endpoint_url=https://s3.example.org&region=eu-central-1",
        ),
        (
            {"MEDIA_STORAGE": "s3://bucket?addressing_style=auto"},
            "MEDIA_STORAGE: addressing_style must be path or virtual.",
        ),
        (
            {"MEDIA_STORAGE": "s3://bucket?region"},
            "MEDIA_STORAGE: must look like s3://bucket?endpoint_url=https://s3.example.org&region=eu-central-1",
        ),
        ({"MEDIA_STORAGE": "s3://bucket"}, "AWS_ACCESS_KEY_ID: MEDIA_STORAGE needs it, too."),
        (
            {"MEDIA_STORAGE": "s3://bucket", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY_FILE": "/nowhere/key"},
            "AWS_SECRET_ACCESS_KEY_FILE: the file /nowhere/key cannot be read: No such file or directory.",
        ),
        (
            {"BACKUP_COPY": "/srv/copies"},
            "BACKUP_COPY: must look like s3://bucket?endpoint_url=https://s3.example.org&region=eu-central-1; "
            "keys are not in it, but in AWS_ACCESS_KEY_ID.",
        ),
        (
            {"BACKUP_COPY": "s3://bucket", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
            | {"BACKUP_PASSPHRASE": "owls"},
            "BACKUP_PASSPHRASE: BACKUP_COPY needs one of 16 characters or more. Keep it where the server is not.",
        ),
        (
            {"CROSSREF_URL": "api.crossref.org"},
            "CROSSREF_URL: 'api.crossref.org' must be an address without question mark, such as "
            "https://api.crossref.org",
        ),
        (
            {"ARXIV_URL": "https://export.arxiv.org/api/query?id_list="},
            "ARXIV_URL: 'https://export.arxiv.org/api/query?id_list=' must be an address without question mark, such "
            "as https://export.arxiv.org/api/query",
        ),
        (
            {"SECRET_KEY_FILE": "/nowhere/key"},
            "SECRET_KEY_FILE: the file /nowhere/key cannot be read: No such file or directory.",
        ),
        ({"PORT": "99999"}, "PORT: must be a number from 1 to 65535, such as 8000."),
        (
            {"SITE_URL": "https://jäne.org"},
            "SITE_URL: write the name as browsers send it: xn--jne-qla.org in place of jäne.org.",
        ),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_sentence(tmp_path, variables, sentence):
    finished = start(tmp_path, **variables)
    assert (finished.returncode, finished.stderr, finished.stdout) == (1, f"{sentence}\n", "")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    finished = start(tmp_path / "file" / "data")
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"DATA_DIR: the folder {tmp_path / 'file' / 'data'} cannot be made: ")


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    first = start(tmp_path, "print(s.SECRET_KEY)").stdout
    path = tmp_path / "secret_key"
    assert first.strip() == path.read_text()
    assert len(first) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert start(tmp_path, "print(s.SECRET_KEY)").stdout == first


def test_a_variable_may_be_the_content_of_a_file_whose_last_line_break_does_not_count(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x" * 60 + "\n")
    assert start(tmp_path, "print(repr(s.SECRET_KEY))", SECRET_KEY_FILE=secret).stdout == repr("x" * 60) + "\n"


SIGN = """
from django.conf import settings
settings.configure(SECRET_KEY=s.SECRET_KEY, SECRET_KEY_FALLBACKS=s.SECRET_KEY_FALLBACKS)
"""


def test_what_an_earlier_key_has_signed_stays_good_and_nothing_new_is_signed_with_it(tmp_path):
    old, new = "o" * 60, "n" * 60
    sign = f"{SIGN}\nfrom django.core import signing\n"
    signed = start(tmp_path, f"{sign}print(signing.dumps('jane'))", SECRET_KEY=old).stdout.strip()
    read = f"{sign}print(signing.loads({signed!r}))"
    file = tmp_path / "old"
    file.write_text(f"{old}\n")
    assert start(tmp_path, read, SECRET_KEY=new, SECRET_KEY_FALLBACKS_FILE=file).stdout == "jane\n"
    assert "BadSignature" in start(tmp_path, read, SECRET_KEY=new).stderr
    again = f"{sign}print(signing.dumps('jane'))"
    signed = start(tmp_path, again, SECRET_KEY=new, SECRET_KEY_FALLBACKS=old).stdout.strip()
    assert "BadSignature" in start(tmp_path, f"{sign}print(signing.loads({signed!r}))", SECRET_KEY=old).stderr


@pytest.mark.parametrize(
    ("url", "is_possible", "origin"),
    [
        ("https://jane-doe.org", True, "https://jane-doe.org"),
        ("http://localhost:9000", True, "http://localhost:9000"),
        ("https://203.0.113.7", False, "http://localhost:8000"),
        ("https://[2001:db8::1]", False, "http://localhost:8000"),
        ("http://jane-doe.org", False, "http://localhost:8000"),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(tmp_path, url, is_possible, origin):
    code = "print(s.PASSKEYS_WORK, s.WEBAUTHN_ORIGIN)"
    assert start(tmp_path, code, SITE_URL=url).stdout == f"{is_possible} {origin}\n"


def test_no_other_host_of_the_domain_can_set_a_cookie_of_an_https_site(tmp_path):
    code = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "portfolio.settings"
django.setup()
from django.conf import settings as s
from portfolio.messages import HostCookie
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, HostCookie.cookie_name, s.BROWSER_COOKIE_NAME, s.PASSKEY_COOKIE_NAME)
"""
    names = "__Host-sessionid __Host-csrftoken __Host-messages __Secure-browser __Secure-passkey\n"
    assert start(tmp_path, code, SITE_URL="https://jane-doe.org").stdout == names
    assert start(tmp_path, code).stdout == "sessionid csrftoken messages browser passkey\n"


def test_an_https_address_gives_hosts_origins_secure_cookies_and_hsts(tmp_path):
    names = "ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS"
    code = f"print([getattr(s, name) for name in {names.split()!r}])"
    assert start(tmp_path, code, SITE_URL="https://jane-doe.org/").stdout == (
        "[['jane-doe.org'], ['https://jane-doe.org'], True, True, 31536000]\n"
    )
    assert start(tmp_path, code, PORT=9000).stdout == (
        "[['127.0.0.1', 'localhost', '[::1]'], ['http://127.0.0.1:9000'], False, False, 0]\n"
    )


def test_no_page_is_kept_while_the_site_is_being_written(tmp_path):
    code = "print(s.PAGE_CACHE_BYTES)"
    assert start(tmp_path, code).stdout == "26000000\n"
    assert start(tmp_path, code, PAGE_CACHE_MB=2).stdout == "2000000\n"
    assert start(tmp_path, code, PAGE_CACHE_MB=0).stdout == start(tmp_path, code, DEBUG="true").stdout == "0\n"


def test_sqlite_loses_nothing_that_was_acknowledged(tmp_path):
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portfolio.settings'\n"
        "import django; django.setup()\n"
        "from django.db import connection as c\n"
        "cursor = c.cursor()\n"
        "print([cursor.execute(f'PRAGMA {p}').fetchone()[0] for p in "
        "('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout')])"
    )
    assert start(tmp_path, code).stdout == "['wal', 2, 1, 20000]\n"


def test_a_connection_to_postgresql_is_kept_looked_at_and_given_up(tmp_path):
    code = "d = s.DATABASES['default']; print(d['CONN_MAX_AGE'], d['CONN_HEALTH_CHECKS'], d['OPTIONS'])"
    finished = start(tmp_path, code, DATABASE_URL="postgres://jane@db.example/site?sslmode=require&conn_max_age=0")
    assert finished.stdout == (
        "0 True {'connect_timeout': 5, 'tcp_user_timeout': 5000, 'application_name': 'research-portfolio', "
        "'sslmode': 'require'}\n"
    )
    assert start(tmp_path, code, DATABASE_URL="postgres://jane@db.example/site").stdout.startswith("600 True ")


def test_uploads_lie_in_the_bucket_that_is_named(tmp_path):
    code = "print(sorted(s.STORAGES['default']['OPTIONS'].items()))"
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    url = "s3://my.bucket/jane?endpoint_url=https://s3.example.org&region=eu-1&addressing_style=virtual"
    assert start(tmp_path, code, MEDIA_STORAGE=url, **keys).stdout == (
        "[('access_key', 'key'), ('addressing_style', 'virtual'), ('bucket_name', 'my.bucket'), "
        "('endpoint_url', 'https://s3.example.org'), ('location', 'jane'), ('region_name', 'eu-1'), "
        "('secret_key', 'secret')]\n"
    )


def test_the_command_line_says_what_to_do_where_django_is_missing(tmp_path):
    finished = subprocess.run(
        [sys.executable, "-S", "manage.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 1
    assert finished.stderr == (
        "django is not installed here. Run `make install`, then use `.venv/bin/python manage.py`.\n"
    )
