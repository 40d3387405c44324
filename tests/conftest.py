"""What every test stands on: a fast hasher, media of its own, plain static names, and makers of records."""

import datetime
import fcntl
import hashlib
import io
import os
import pickle
import tempfile
import time
from pathlib import Path

import hypothesis
import pytest
from django import conf
from django.apps import apps
from django.db.models import F, signals
from django.template.base import Template
from django.test.utils import _TestState, instrumented_test_render
from PIL import Image

from portfolio.login.views import CONFIRMED
from research import images, media
from research.history import versions
from research.models import Authorship, Person, Profile, Project, Publication, SupersededFile

from . import postgresql as postgresql_server
from . import s3_store

# The same examples in every run, so that a change is judged by itself; others with --hypothesis-profile=default.
hypothesis.settings.register_profile("repeatable", derandomize=True, database=None)
hypothesis.settings.load_profile("repeatable")


# The folders of the tests that take longest begin, so that no core waits for the other's last one.
LONGEST = ["deploy", "running", "serving", "archive", "hostile"]


def folder_of(item):
    return item.module.__name__.split(".")[1]


def pytest_collection_modifyitems(items):
    """
    Order the tests, and mark those that ask DATABASE_URL's database, which `make test-postgresql` repeats.

    Those that bring a database of their own are none of them.
    """
    items.sort(key=lambda item: [*LONGEST, folder_of(item)].index(folder_of(item)))
    for item in items:
        folder = folder_of(item)
        asks = item.get_closest_marker("django_db") or {"db", "live_server"} & set(item.fixturenames)
        if asks and folder not in ("archive", "running", "serving"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """
    SQLite's file, as the site has one, where it is written without waiting for a disk.

    In memory all threads of a server would have one connection, and be in one another's transactions.
    """
    database = conf.settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        yield
        return
    with tempfile.TemporaryDirectory(prefix="sqlite-", dir=postgresql_server.memory()) as folder:
        database.setdefault("TEST", {})["NAME"] = f"{folder}/db.sqlite3"
        yield


@pytest.fixture(scope="session", autouse=True)
def static_folder(tmp_path_factory):
    """WhiteNoise wants a folder that exists, also for the server of the browser tests, which outlives a test."""
    conf.settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(scope="session", autouse=True)
def profile_outlives_a_flush():
    """The row that a migration makes is there behind tests that empty the database, too."""

    def make_it_again(sender, **kwargs):
        if "plan" not in kwargs:  # a flush says that it has migrated, and of no plan
            Profile.objects.get_or_create(pk=1)
            Profile.objects.update(updated=None)  # nobody has saved it

    signals.post_migrate.connect(make_it_again, sender=apps.get_app_config("research"))
    yield
    signals.post_migrate.disconnect(make_it_again, sender=apps.get_app_config("research"))


@pytest.fixture(scope="session", autouse=True)
def contexts_are_not_copied(django_test_environment):
    """Pages are rendered as on the site: what Django notes of each template takes a fifth of the time of a form."""
    Template._render = _TestState.saved_data.template_render


@pytest.fixture
def contexts_are_kept(monkeypatch):
    """For a test that asks an answer for its templates, or for their context."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(autouse=True)
def site_of_its_own(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(scope="session")
def postgresql():
    """The DATABASE_URL of a PostgreSQL."""
    try:
        with postgresql_server.running() as url:
            yield url
    except postgresql_server.Missing as problem:
        pytest.fail(str(problem), pytrace=False)


@pytest.fixture(scope="session")
def make_bucket():
    """A function that makes a bucket in a store that speaks S3."""
    try:
        with s3_store.running() as make:
            yield make
    except s3_store.Missing as problem:
        pytest.fail(str(problem), pytrace=False)


def picture_file(name="figure.png", size=(400, 300), colour="#336699", format="PNG"):
    """An upload: a picture of one colour; another colour is another picture."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, format)
    return SimpleUploadedFile(name, content.getvalue())


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder that all processes of a run of the tests have."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def made_once(shared_folder):
    """A function that returns a folder, which `fill(folder)` fills once for all tests, those of other processes too."""

    def made(name, fill):
        folder = shared_folder / name
        with (shared_folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
            if not folder.exists():
                fill(under_way := Path(tempfile.mkdtemp(dir=shared_folder)))
                under_way.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def accept_once(shared_folder):
    """
    `images.accept`, which accepts or refuses each content once for all tests, those of other processes too; with the
    folder ACCEPTED_PICTURES (.ci/run) those of other runs, too.
    """
    folder = Path(os.environ.get("ACCEPTED_PICTURES", shared_folder / "accepted-pictures"))
    folder.mkdir(exist_ok=True)
    accept, known = images.accept, {}

    def remembered(file):
        file.seek(0)
        digest = hashlib.sha256(file.read()).hexdigest()
        if digest not in known:
            with (folder / digest).open("a+b") as shared:
                fcntl.flock(shared, fcntl.LOCK_EX)  # until it is closed
                shared.seek(0)
                if not (content := shared.read()):
                    content = pickle.dumps(accepted_or_refused(file))
                    shared.write(content)
            known[digest] = pickle.loads(content)
        if isinstance(known[digest], images.ImageRefused):
            raise images.ImageRefused(*known[digest].args)
        return known[digest]

    def accepted_or_refused(file):
        try:
            return accept(file)
        except images.ImageRefused as refusal:
            return refusal

    return remembered


@pytest.fixture(autouse=True)
def pictures_are_worked_on_once(request, monkeypatch, accept_once):
    if not request.module.__name__.startswith("tests.images."):  # there it is the subject
        monkeypatch.setattr(images, "accept", accept_once)


@pytest.fixture
def picture():
    return picture_file


@pytest.fixture
def stored_picture():
    """The name of a stored picture; `stored_picture(colour="red")` is another one."""
    return lambda **kwargs: media.store_picture(picture_file(**kwargs))


@pytest.fixture
def media_files(settings):
    """Every file in the media folder, as a set of names."""
    return lambda: {
        str(path.relative_to(settings.MEDIA_ROOT)) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()
    }


@pytest.fixture
def a_day_later(monkeypatch):
    """A function after which no upload belongs to a form that is still open."""
    return lambda: monkeypatch.setattr(media, "UNCLAIMED_SECONDS", -1)


@pytest.fixture
def thirty_days_later(db, a_day_later):
    """A function that lets 31 days pass over what was deleted and replaced, and ends what can be undone."""
    from reversion.models import Revision

    def pass_and_tidy():
        days = datetime.timedelta(days=31)
        SupersededFile.objects.update(since=F("since") - days)
        Revision.objects.update(date_created=F("date_created") - days)
        a_day_later()
        versions.prune()
        media.expire()

    return pass_and_tidy


@pytest.fixture
def undo_has_ended(thirty_days_later, django_capture_on_commit_callbacks):
    """`thirty_days_later`, for a test in one transaction."""

    def end():
        with django_capture_on_commit_callbacks(execute=True):
            thirty_days_later()

    return end


@pytest.fixture
def make_person(db):
    def make(name="Jane Doe", **fields):
        given_name, _, family_name = name.rpartition(" ")
        return Person.objects.create(given_name=given_name, family_name=family_name, **fields)

    return make


@pytest.fixture
def make_publication(db):
    """Publications with titles, slugs and keys of their own; an author is a person, or (person, "*")."""
    made = 0

    def make(authors=(), **fields):
        nonlocal made
        made += 1
        defaults = {"title": f"Paper {made}", "slug": f"paper-{made}", "citation_key": f"key{made}", "year": 2024}
        publication = Publication.objects.create(**defaults | fields)
        for position, author in enumerate(authors):
            person, star = author if isinstance(author, tuple) else (author, False)
            Authorship.objects.create(
                publication=publication, person=person, position=position, equal_contribution=bool(star)
            )
        return publication

    return make


@pytest.fixture
def make_project(db):
    made = 0

    def make(**fields):
        nonlocal made
        made += 1
        defaults = {
            "title": f"Project {made}",
            "slug": f"project-{made}",
            "summary": f"Summary {made}",
            "position": made,
        }
        return Project.objects.create(**defaults | fields)

    return make


@pytest.fixture
def profile(db):
    profile = Profile.objects.get_or_create(pk=1)[0]
    profile.name = "Jane Doe"
    profile.biography = "I study **owls**."
    profile.save()
    return profile


@pytest.fixture
def owner_client(admin_client):
    """A browser in which the owner has logged in a moment ago."""
    session = admin_client.session
    session[CONFIRMED] = time.time()
    session.save()
    return admin_client
