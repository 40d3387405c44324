"""
Every public address of the site, written as files that any file server can serve.

What is written is what the site answers to an anonymous visitor, byte by byte. What cannot be a file is left out, or
something stands in for it: docs/decisions.md has the list.
"""

import gc
import logging
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache, partial
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import get_script_prefix, reverse, set_script_prefix

from . import metadata, previews, stylesheet
from .citations import formats
from .citations.record import item, offered_formats, with_item_parts
from .folders import link, replaced
from .media import TYPES
from .models import FormerProjectSlug, FormerPublicationSlug, Profile, Project, Publication
from .previews import preview_parts
from .publication_filter import PER_PAGE

EVERYBODY = AnonymousUser()
MARKER = ".static-copy"  # what tells an export from a folder that somebody else has filled
NOTE = "Written by manage.py export_site. The next export replaces all of this folder but for .git and CNAME.\n"
KEPT = (".git", "CNAME")  # what a host of static pages keeps in the folder of a site
BATCH = 10  # publications that are read and written together
WORTH_PROCESSES = 16  # jobs; fewer are done sooner than processes start


class ExportRefused(Exception):
    """Nothing was exported, and the folder is as it was. ``str()`` is a sentence: what happened, what to do."""


class Written(NamedTuple):
    """How much an export holds: pages (without those that only lead elsewhere), all files, and their bytes."""

    pages: int
    files: int
    bytes: int


class Copy(NamedTuple):
    """A static copy in the making: its folder, that of the copy before it, and what all paths begin with."""

    root: Path
    before: Path
    prefix: str

    def name(self, address):
        """The path in the folder of what a file server sends for an address; None where no file can be named so."""
        path = unquote(urlsplit(address).path).removeprefix(self.prefix)
        if not path or path.endswith("/"):
            path += "index.html"
        possible = all(part not in ("", ".", "..") and len(part.encode()) <= 255 for part in path.split("/"))
        return path if possible and "\0" not in path else None

    def write(self, name, content):
        """Write a file. One that is as it was before keeps its time, by which browsers and rsync know it again."""
        path, before = self.root / name, self.before / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if before.is_file() and before.read_bytes() == content:
            link(before, path)
        else:
            path.write_bytes(content)

    def place(self, source, name):
        """Give a file that lies elsewhere a place in the folder; what is missing is missing on the live site too."""
        path = self.root / name
        if source.is_file() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            link(source, path)

    def place_upload(self, upload, name):
        """Give an upload a place in the folder: as `place` where it lies on this machine, else by fetching it."""
        try:
            self.place(Path(default_storage.path(upload)), name)
        except NotImplementedError:
            with suppress(FileNotFoundError), default_storage.open(upload) as file:
                self.write(name, file.read())


def export(folder, base_url):
    """
    Write what everybody may see, now, into `folder`, for a server that shows it at `base_url`; returns `Written`.

    The folder is replaced as a whole, in one step, once all is written. Raises ExportRefused, and leaves it as it was,
    when it holds other things than an export, when a page cannot be made, and when the disk cannot be written.
    """
    folder = Path(folder).resolve()
    try:
        check(folder)
        with replaced(folder, KEPT) as new, based_on(base_url) as prefix:
            copy = Copy(new, folder, prefix)
            collect_static()
            pages = write_pages(copy)
            write_moved(copy)
            write_others(copy)
            place_used(copy)
            sizes = [path.stat().st_size for path in new.rglob("*") if path.is_file()]
            return Written(pages, len(sizes), sum(sizes))
    except OSError as error:
        problem = f"{error.filename or folder}: {error.strerror or error}."
        raise ExportRefused(f"The site could not be written. {problem} {folder} is as it was.") from error
    except DatabaseError as error:
        problem = f"The database could not be read: {error}."
        raise ExportRefused(f"{problem} If the site is new, run manage.py migrate first.") from error


def check(folder):
    """Raise ExportRefused for a folder that must not be replaced."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportRefused(f"{folder} is a file. Name a folder: a new or an empty one, or that of an earlier export.")
    if not (folder / MARKER).exists() and {path.name for path in folder.iterdir()} - set(KEPT):
        raise ExportRefused(
            f"{folder} holds files that are not of an export, and they would be lost. Name a new or an empty folder."
        )
    if folder.is_mount():
        raise ExportRefused(f"{folder} is a mount point, which cannot be replaced. Name a folder in it, such as site.")
    if folder == Path.cwd():
        raise ExportRefused(f"{folder} is the folder that you are in. Leave it first, because it is replaced.")


@contextmanager
def based_on(base_url):
    """While the site is written, its addresses begin with `base_url`; gives their path, such as "/" or "/site/"."""
    parts, before = urlsplit(base_url), get_script_prefix()
    prefix = parts.path.rstrip("/") + "/"
    changed = {
        "SITE_URL": f"{parts.scheme}://{parts.netloc}",
        "STATIC_URL": prefix + settings.STATIC_URL.removeprefix(before),
        "MEDIA_URL": prefix + settings.MEDIA_URL.removeprefix(before),
        "DEBUG": False,  # the page for a missing address would show the inside of the site
        "DEBUG_PROPAGATE_EXCEPTIONS": True,
    }
    with override_settings(**changed):  # it tells the storages, too
        set_script_prefix(prefix)
        try:
            yield prefix
        finally:
            set_script_prefix(before)


def collect_static():
    """Collect the static files where that was never done, or not since they changed: pages give the names of that."""
    collected = Path(settings.STATIC_ROOT) / getattr(staticfiles_storage, "manifest_name", "")
    sources = (storage.path(name) for finder in finders.get_finders() for name, storage in finder.list([]))
    if not collected.exists() or collected.stat().st_mtime < max(Path(path).stat().st_mtime for path in sources):
        call_command("collectstatic", interactive=False, verbosity=0)


# --- What there is -----------------------------------------------------------------------------------------------


def site_addresses():
    """The addresses of the site as a whole, and of its projects."""
    count = Publication.objects.visible_to(EVERYBODY).count()
    return [
        *map(reverse, ("about", "publication_list", "project_list")),
        *map(reverse, ("feed", "publication_feed", "sitemap", "robots", "api_catalog")),
        *(reverse("publication_list_page", args=[number]) for number in range(2, -(-count // PER_PAGE) + 1)),
        *(reverse("publication_list_file", args=[module.EXTENSION]) for module in formats.OF_LISTS),
        stylesheet.url(Profile.current().accent_colour),
        *(project.get_absolute_url() for project in Project.objects.visible_to(EVERYBODY)),
    ]


def record_files(publication, profile):
    """
    (address, content) of what lies beside a publication's page, but for its PDF.

    All of them come from one look at the database: asked for one by one, they would take a third of the whole time.
    """
    slug, parts = publication.slug, preview_parts(publication, profile)
    work, offered = item(publication), offered_formats(publication)
    yield reverse("preview", args=[slug, parts.digest]), previews.draw(parts)
    yield reverse("linkset", args=[slug]), metadata.linkset_text(work, offered).encode()
    yield reverse("linkset_json", args=[slug]), metadata.linkset_json(work, offered).encode()
    for module in formats.FORMATS:
        yield file_address(slug, module.EXTENSION), module.render(work).encode()


def file_address(slug, extension):
    return reverse("publication_file", args=[slug, slug, extension])


def moved_addresses():
    """(address, where it leads) of all that redirects: what was renamed, DOIs, arXiv identifiers."""
    publications, projects = (model.objects.visible_to(EVERYBODY) for model in (Publication, Project))
    for former in formerly(FormerPublicationSlug, publication=publications):
        old, new = former.slug, former.publication.slug
        for name in ("publication", "linkset", "linkset_json"):
            yield reverse(name, args=[old]), reverse(name, args=[new])
        for extension in (*formats.BY_EXTENSION, "pdf"):
            yield file_address(old, extension), file_address(new, extension)
    for former in formerly(FormerProjectSlug, project=projects):
        yield reverse("project", args=[former.slug]), former.project.get_absolute_url()
    for publication in publications:
        page = publication.get_absolute_url()
        if publication.doi:
            yield reverse("by_doi", args=[publication.doi]) + "/", page
        if publication.arxiv_id:
            yield reverse("by_arxiv", args=[publication.arxiv_id]) + "/", page
            yield reverse("by_doi", args=[f"10.48550/arXiv.{publication.arxiv_id}"]) + "/", page


def formerly(model, **of):
    """The former slugs of visible records that no visible record has now."""
    [(field, records)] = of.items()
    found = model.objects.filter((f"{field}__in", records)).exclude(slug__in=records.values("slug"))
    return found.select_related(field)


# --- Writing it --------------------------------------------------------------------------------------------------


def write_pages(copy):
    """Write what the site answers at each of its addresses; returns how many of them are pages."""
    publications = Publication.objects.visible_to(EVERYBODY)
    addresses, keys = site_addresses(), list(publications.values_list("pk", flat=True))
    jobs = [partial(write_answer, copy, address) for address in addresses]
    jobs += [partial(write_records, copy, keys[place : place + BATCH]) for place in range(0, len(keys), BATCH)]
    on_every_core(jobs)
    for publication in publications.exclude(pdf=""):
        copy.place_upload(publication.pdf.name, copy.name(publication.pdf_path))
    return len(keys) + sum(address.endswith("/") for address in addresses)


def on_every_core(jobs):
    """Call each of the jobs, in a process for each core where that is worth it."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    # What a transaction has changed is not seen by other processes.
    if cores == 1 or len(jobs) < WORTH_PROCESSES or connection.in_atomic_block:
        list(map(call, jobs))
        return
    connections.close_all()  # a connection belongs to one process
    gc.freeze()  # what is shared with the processes need not be looked through by each of them: a tenth of the time
    with ProcessPoolExecutor(cores, mp_context=get_context("fork")) as pool:
        list(pool.map(call, jobs))


def call(job):
    job()


def write_answer(copy, address):
    copy.write(copy.name(address), answer(address))


def write_records(copy, keys):
    """Write the pages of some publications, and what lies beside them."""
    profile = Profile.current()
    for publication in with_item_parts(Publication.objects.visible_to(EVERYBODY)).filter(pk__in=keys):
        write_answer(copy, publication.get_absolute_url())
        with made_for(publication.get_absolute_url()):
            files = list(record_files(publication, profile))
        for address, content in files:
            copy.write(copy.name(address), content)


def answer(address, status=200):
    """The body, in bytes, that an anonymous visitor gets at an address; raises ExportRefused for another status."""
    script_name = get_script_prefix().rstrip("/")
    environment = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": script_name,
        "PATH_INFO": unquote(address.removeprefix(script_name)).encode().decode("latin-1"),  # as in PEP 3333
        "HTTP_HOST": settings.ALLOWED_HOSTS[0],
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "wsgi.url_scheme": "https",  # else a site with https redirects to it
        "wsgi.input": BytesIO(),
    }
    with made_for(address):
        response = handler().get_response(WSGIRequest(environment))
    if response.status_code != status:
        raise ExportRefused(f"The site answers {address} with status {response.status_code}. Nothing was exported.")
    return b"".join(response)


@cache
def handler():
    return WSGIHandler()


@contextmanager
def made_for(address):
    """What is made in the block is of an address; a fault in it becomes ExportRefused, with a sentence."""
    try:
        yield
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise ExportRefused(f"The site cannot show {address} ({problem}). Nothing was exported.") from error


def write_moved(copy):
    """Write a page that leads on wherever the site redirects; a file that has moved is at its former place as well."""
    for address, current in moved_addresses():
        name = copy.name(address)
        if name is None or (copy.root / name).exists():
            continue
        if not current.endswith("/"):
            copy.place(copy.root / copy.name(current), name)
            continue
        page = render_to_string("research/moved.html", {"path": current, "url": settings.SITE_URL + current})
        with suppress(FileExistsError, NotADirectoryError):  # a DOI that continues another one's page
            copy.write(name, page.encode())


def write_others(copy):
    """Write what stands in for the site's answers to what no file can be asked."""
    logging.disable(logging.WARNING)  # that nothing is found is meant
    try:
        copy.write("404.html", answer(f"{copy.prefix}404.html", status=404))
    finally:
        logging.disable(logging.NOTSET)
    # A server of files does not see which record unAPI is asked for. From a list without formats Zotero turns to the
    # other metadata of the page (unAPI.js); with the live one it would offer records that it cannot get.
    copy.write("unapi", render_to_string("research/unapi.xml", {"formats": []}).encode())
    copy.write(".nojekyll", b"")  # else GitHub Pages leaves out .well-known
    copy.write(MARKER, NOTE.encode())


def place_used(copy):
    """Give the static files and uploads that the pages name, and no others, their places in the folder."""
    own = rf"{re.escape(settings.STATIC_URL)}|{re.escape(settings.MEDIA_URL)}"
    pattern = re.compile(rf"(?:{re.escape(settings.SITE_URL)}|(?<=[\s\"'(=,]))({own})([\w.~%@+/-]+)")
    texts = (path.read_text("utf-8") for kind in ("html", "css") for path in copy.root.rglob(f"*.{kind}"))
    for folder, name in {found for text in texts for found in pattern.findall(text)}:
        if not (place := copy.name(folder + name)):
            continue
        if folder == settings.MEDIA_URL:
            place_media(copy, unquote(name), place)
        else:
            for source, ending in static_files(unquote(name)):
                copy.place(Path(source), place + ending)


def static_files(name):
    """(path, ending) of a static file and of its compressed twins, which front servers know to use."""
    collected = Path(settings.STATIC_ROOT) / name
    if not collected.exists():
        return [(found, "")] if (found := finders.find(name)) else []
    return [(f"{collected}{ending}", ending) for ending in ("", ".gz", ".br")]


def place_media(copy, name, place):
    """Give an upload its place, if it is one that the site serves."""
    if PurePosixPath(name).suffix.lower() in TYPES:
        with suppress(SuspiciousOperation):
            copy.place_upload(name, place)
