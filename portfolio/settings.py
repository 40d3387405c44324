"""
All settings of the site, derived from a few environment variables (README.md lists them).

Every variable may also be given as NAME_FILE, the path of a file that holds the value, for secrets.
A wrong value stops the start with one sentence.
"""

import ipaddress
import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ

from .environment import bucket, env, given, read, refuse, yes_or_no

BASE_DIR = Path(__file__).resolve().parent.parent

# Where the data lives: db.sqlite3, media/ and secret_key. One folder to back up.
DATA_DIR = Path(read("DATA_DIR", str, str(BASE_DIR), "must be the path of a folder.")).expanduser().resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    refuse("DATA_DIR", f"the folder {DATA_DIR} cannot be made: {error.strerror}.")

DEBUG = read("DEBUG", yes_or_no, False, "must be true or false.")


# --- Address -----------------------------------------------------------------------------------------------------

PORT = read("PORT", int, 8000, "must be a number such as 8000.")
if not 0 < PORT < 65536:
    refuse("PORT", "must be a number from 1 to 65535, such as 8000.")
SITE_URL = read("SITE_URL", str, f"http://127.0.0.1:{PORT}", "must be the site's address.").rstrip("/")


def check_site_url(url):
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what raises for a port that is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        refuse("SITE_URL", f"{url!r} must be scheme and host alone, such as https://jane-doe.org")
    if not parts.hostname.isascii():
        as_sent = parts.hostname.encode("idna").decode()
        refuse("SITE_URL", f"write the name as browsers send it: {as_sent} in place of {parts.hostname}.")
    return parts


site = check_site_url(SITE_URL)
IS_HTTPS = site.scheme == "https"
IS_LOCAL = site.hostname in ("127.0.0.1", "localhost", "::1")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if IS_LOCAL else [site.hostname]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# The front server's addresses, whose X-Forwarded-* headers are believed; everybody else's are removed (proxies.py).
# `unix` is whoever may write to the server's Unix socket, which the permissions of its folder decide.
TRUSTED_PROXIES = []
for _network in read("TRUSTED_PROXIES", list, ["127.0.0.1", "::1"], "must be addresses, separated by commas."):
    try:
        TRUSTED_PROXIES.append(
            "unix" if _network.strip() == "unix" else ipaddress.ip_network(_network.strip(), strict=False)
        )
    except ValueError:
        refuse("TRUSTED_PROXIES", f"{_network!r} is not an IP address or network, such as 10.0.0.0/8.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
# HSTS for subdomains and preloading bind hosts that this site knows nothing of: the owner's call, at the front server.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "research.views.refusals.csrf_failure"
if IS_HTTPS:
    # A browser takes such a cookie from this host over https alone, so that no other host of the domain can set it.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"


# --- Secret key --------------------------------------------------------------------------------------------------


def stored_secret_key(path):
    """The key in `path`, generated at the first start, readable by its owner alone."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as error:
        refuse("DATA_DIR", f"the secret key cannot be written to {path}: {error.strerror}.")
    try:
        return path.read_text().strip()
    except OSError as error:
        return refuse("SECRET_KEY", f"{path} cannot be read: {error.strerror}.")


SECRET_KEY = read("SECRET_KEY", str, "", "must be a text.") or stored_secret_key(DATA_DIR / "secret_key")
if len(SECRET_KEY) < 50:
    refuse("SECRET_KEY", "is shorter than 50 characters. Remove it to have one generated, or give a longer one.")
# Earlier keys: what they have signed (sessions, known browsers, links) stays good, and nothing new is signed with them.
SECRET_KEY_FALLBACKS = [
    key.strip() for key in read("SECRET_KEY_FALLBACKS", list, [], "must be keys, separated by commas.") if key.strip()
]
if any(len(key) < 50 for key in SECRET_KEY_FALLBACKS):
    refuse("SECRET_KEY_FALLBACKS", "one of the keys is shorter than 50 characters. Give them as they were.")


# --- The application ---------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",  # these before research, whose admin takes their tables out
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp",
    "axes",
    "portfolio.login.apps.LoginConfig",
    "research",
    "research.apps.DeskConfig",  # django.contrib.admin
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "markdownx",
    "reversion",
]

MIDDLEWARE = [
    "portfolio.request_ids.RequestIds",
    "portfolio.headers.SecurityHeaders",
    "portfolio.proxies.TrustedProxies",
    "portfolio.queries.WithoutNul",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portfolio.revalidation.Revalidation",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "research.views.refusals.BodyIsWhole",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "research.views.errors.UnsavedIsSaid",
    "research.views.refusals.MethodIsSaid",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portfolio.urls"
WSGI_APPLICATION = "portfolio.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "research.context_processors.site",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that templates/ may hold the template of a widget


# --- Login (portfolio/login) -------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["portfolio.login.guesses.Backend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "portfolio.login.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of earlier versions; replaced at the next login
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
MESSAGE_STORAGE = "portfolio.messages.Messages"
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
SESSION_COOKIE_AGE = 30 * 24 * 3600
# For /admin/ alone, so they cannot be "__Host-", which is for every path.
BROWSER_COOKIE_NAME, PASSKEY_COOKIE_NAME = (
    ("__Secure-browser", "__Secure-passkey") if IS_HTTPS else ("browser", "passkey")
)

# The rule and its figures are in portfolio/login/guesses.py; django-axes asks there, and logs nothing by itself.
AXES_HANDLER = "portfolio.login.guesses.Handler"
AXES_LOCKOUT_CALLABLE = "portfolio.login.guesses.refused"
AXES_CLIENT_IP_CALLABLE = "portfolio.proxies.client_network"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a guess that is refused does not prolong the refusal
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# django-otp's own delay doubles with each wrong code, up to a century: codes are counted like passwords instead.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_ISSUER = WEBAUTHN_RP_ID = site.hostname
# Browsers make passkeys for names, not for numbers: on the own machine the site has the name localhost.
PASSKEYS_WORK = site.hostname == "localhost" or (IS_HTTPS and not re.fullmatch(r"[\d.]+|[^:]*:.*", site.hostname))
WEBAUTHN_ORIGIN = SITE_URL if PASSKEYS_WORK else f"http://localhost:{PORT}"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Database ----------------------------------------------------------------------------------------------------


def database(url):
    """Django's connection settings for DATABASE_URL."""
    problem = "must look like postgres://user:password@host/name or sqlite:////srv/site/db.sqlite3"
    try:
        connection = env.db_url_config(url)
    except (ValueError, TypeError, KeyError, environ.ImproperlyConfigured):
        refuse("DATABASE_URL", problem)
    if connection.get("ENGINE") == "django.db.backends.sqlite3":
        # WAL lets visitors read while the owner writes; IMMEDIATE takes the write lock at once, so that two writers
        # wait for each other instead of failing half-way; FULL keeps what was acknowledged through a power cut.
        # A thread keeps its connection: to open the file and read its schema takes a quarter of a page's time, and the
        # site can be read and edited where no further file can be opened.
        connection["CONN_MAX_AGE"] = None
        connection["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        }
    elif connection.get("ENGINE") != "django.db.backends.postgresql":
        refuse("DATABASE_URL", problem)
    else:
        # A connection takes longer to make than a page, and pages kept in memory ask for the generation: so each thread
        # keeps its own, for ten minutes. One that PostgreSQL or the network has ended is made again before a request
        # uses it. A server that does not answer is given up after five seconds, also by one that has connected before.
        connection.setdefault("CONN_MAX_AGE", 600)
        connection["CONN_HEALTH_CHECKS"] = True
        patience = {"connect_timeout": 5, "tcp_user_timeout": 5000, "application_name": "research-portfolio"}
        connection["OPTIONS"] = patience | connection.get("OPTIONS", {})
    return connection


DATABASES = {"default": database(read("DATABASE_URL", str, f"sqlite:///{DATA_DIR / 'db.sqlite3'}", "must be a URL."))}


# --- Page cache --------------------------------------------------------------------------------------------------

PAGE_CACHE_MB = read("PAGE_CACHE_MB", int, 26, "must be a number of megabytes, such as 26; 0 turns the cache off.")
if PAGE_CACHE_MB < 0:
    refuse("PAGE_CACHE_MB", "cannot be less than 0, which turns the cache off.")
PAGE_CACHE_BYTES = 0 if DEBUG else PAGE_CACHE_MB * 1_000_000  # a template that is being written is no content


# --- Static files and media --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / ".static"  # made by collectstatic, with hashed names and compressed twins
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_STORAGE = read("MEDIA_STORAGE", str, "", "must be a text.")
STORAGES = {
    # Names are made from the content, so writing a name again writes the same picture, in one step.
    "default": {"BACKEND": "research.bucket.BucketStorage", "OPTIONS": bucket("MEDIA_STORAGE", MEDIA_STORAGE)}
    if MEDIA_STORAGE
    else {"BACKEND": "research.storage.DurableStorage", "OPTIONS": {"allow_overwrite": True}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "research.uploads.PatientUploadHandler",
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# A publication with a hundred authors is a form of about a thousand fields, and a long list page has more.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# django-markdownx is the editor only: both of its addresses are views of research, for staff (research/urls.py).
MARKDOWNX_URLS_PATH = "/admin/markdown/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/markdown/upload/"
MARKDOWNX_SERVER_CALL_LATENCY = 300


# --- Copies of backups -------------------------------------------------------------------------------------------

BACKUP_COPY = read("BACKUP_COPY", str, "", "must be a text.")
BACKUP_PASSPHRASE = read("BACKUP_PASSPHRASE", str, "", "must be a text.")
if BACKUP_COPY:
    BACKUP_COPY = bucket("BACKUP_COPY", BACKUP_COPY)
    if len(BACKUP_PASSPHRASE) < 16:
        refuse("BACKUP_PASSPHRASE", "BACKUP_COPY needs one of 16 characters or more. Keep it where the server is not.")


# --- Mail --------------------------------------------------------------------------------------------------------

EMAIL_URL = read("EMAIL_URL", str, "consolemail://", "must be a text.")
SENDS_MAIL = EMAIL_URL != "consolemail://"
try:
    vars().update(env.email_url_config(EMAIL_URL))
except (ValueError, TypeError, KeyError, environ.ImproperlyConfigured):
    refuse("EMAIL_URL", "must look like smtp+tls://user:password@mail.example.org:587")
EMAIL_TIMEOUT = 10  # seconds; a login waits for its notice, and without it a thread for good

# Whom to tell about a hole in the site (/.well-known/security.txt); else the address in the profile's links.
SECURITY_CONTACT = read("SECURITY_CONTACT", str, "", "must be an address.")
if "@" in SECURITY_CONTACT and ":" not in SECURITY_CONTACT:
    SECURITY_CONTACT = f"mailto:{SECURITY_CONTACT}"
if SECURITY_CONTACT and not re.fullmatch(r"(mailto|https|tel):[\x21-\x7e]+", SECURITY_CONTACT):
    refuse("SECURITY_CONTACT", "must be a mail address or an address that begins with https://")


# --- Sources of publications ---------------------------------------------------------------------------------------

# Whom the program may ask. An address that the operator has set is asked as it stands, also inside their own network;
# the others are asked with https and at public addresses alone (research/sources/fetch.py).
DEFAULT_SOURCE_URLS = {
    "arxiv": "https://export.arxiv.org/api/query",
    "crossref": "https://api.crossref.org",
    "doi": "https://doi.org",
    "orcid": "https://pub.orcid.org/v3.0",
    "dblp": "https://dblp.org",
}


def source_url(name, default):
    """The address of a source, from ARXIV_URL, CROSSREF_URL, DOI_URL, ORCID_URL or DBLP_URL."""
    variable = f"{name.upper()}_URL"
    url = read(variable, str, default, "must be an address.").rstrip("/")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what raises for a port that is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        refuse(variable, f"{url!r} must be an address without question mark, such as {default}")
    return url


SOURCE_URLS = {name: source_url(name, default) for name, default in DEFAULT_SOURCE_URLS.items()}


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portfolio.logs.formatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "owner": {"class": "research.error_mail.OwnerMail", "level": "ERROR"},
    },
    "root": {"handlers": ["stderr", "owner"], "level": "WARNING"},
    # Django's own default mails errors to ADMINS and is silent when there are none; here they go to the log.
    "loggers": {
        "django": {"handlers": ["stderr", "owner"], "level": "WARNING", "propagate": False},
        # Whoever sends a false Host header would send the owner a mail.
        "django.security": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


# --- What a backup takes of the settings -------------------------------------------------------------------------

# Not what is this machine's alone, and not the keys that sign: those that the site made are in the archive as a file.
GIVEN = given(apart_from={"DATA_DIR", "DEBUG", "PORT", "SECRET_KEY", "SECRET_KEY_FALLBACKS"})
