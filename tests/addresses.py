"""Every address of the site, from its URL patterns, and a site with something at each: no test forgets a new page."""

import datetime
import io
import itertools
import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image

from portfolio.login import browsers, factors
from research import colours, draft_links, stylesheet
from research.citations.formats import FORMATS, OF_LISTS
from research.history import versions
from research.history.recording import change
from research.models import Import, Topic
from research.previews import preview_parts

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
EXTENSIONS = [*(each.EXTENSION for each in FORMATS), "pdf"]


def patterns(resolver=None, before=""):
    """The pattern of every address, such as "projects/<slug:slug>/"."""
    for one in (resolver or get_resolver()).url_patterns:
        text = before + (str(one.pattern) if hasattr(one.pattern, "_route") else regex_as_path(one.pattern))
        if isinstance(one, URLResolver):
            yield from patterns(one, text)
        elif isinstance(one, URLPattern):
            yield text


def regex_as_path(pattern):
    text = re.sub(r"\(\?P<(\w+)>.*?\)(?=\$|$|/)", r"<str:\1>", pattern.regex.pattern)
    return text.strip("^$").replace("\\.", ".").replace("\\Z", "")


def parameters():
    """The names of all parameters, as a set."""
    return {name for pattern in patterns() for name in PARAMETER.findall(pattern)}


def paths(parts):
    """
    Every address of the site, public and admin, those of logging out last.

    `parts` are what parameters are replaced by: {beginning of a pattern: {name: text, or a list of texts}}, of which a
    later one goes before an earlier.
    """
    found = set()
    for pattern in patterns():
        values = {}
        for beginning, more in parts.items():
            values |= more if pattern.startswith(beginning) else {}
        names = PARAMETER.findall(pattern)
        choices = [[values[name]] if isinstance(values[name], str) else values[name] for name in names]
        for chosen in itertools.product(*choices):
            found.add("/" + PARAMETER.sub(r"{\1}", pattern).format(**dict(zip(names, chosen, strict=True))))
    return sorted(found, key=lambda path: ("logout" in path, path))


@pytest.fixture
def records(profile, make_publication, make_person, make_project):
    """One of each model, all with the key 1, and a version of each."""
    with change("Written"):
        paper = io.BytesIO()
        Image.new("RGB", (60, 40)).save(paper, "PDF")
        name = default_storage.save(f"files/{'a' * 32}/owls.pdf", ContentFile(paper.getvalue()))
        person = make_person("Jane Doe", pk=1)
        publication = make_publication(
            [person], pk=1, slug="owls", citation_key="owls", doi="10.1000/owls", arxiv_id="2412.04984", pdf=name
        )
        project, topic = make_project(pk=1, slug="owls"), Topic.objects.create(pk=1, name="Owls", slug="owls")
        project.publications.add(publication)
        profile.save()
    return [publication, person, project, topic, profile]


@pytest.fixture
def whole_site(records, make_publication, make_person, make_project, admin_user, settings):
    """
    A site with something at every address.

    Returns what the parameters of its addresses are there, for `paths`.
    """
    settings.SECURITY_CONTACT = "mailto:jane@jane-doe.test"
    publication, *_, profile = records
    draft = make_publication(pk=2, status="draft", pdf=publication.pdf.name)
    # Keys of their own, because PostgreSQL gives out those that were taken without asking it.
    topic = Topic.objects.create(pk=2, name="Mice", slug="mice")
    gone = [make_publication(pk=3), make_person(pk=2), make_project(pk=2), topic]
    with change("Deleted"):
        for record in gone:
            record.delete()
    Import.objects.create(pk=1, user=admin_user)
    factors.offer_app(admin_user)
    type(admin_user).objects.get_or_create(pk=1, defaults={"username": "editor"})
    everywhere = dict.fromkeys(("pk", "id", "key", "object_id", "number"), "1")
    everywhere |= {"slug": "owls", "name": "owls", "doi": "10.1000/owls", "identifier": "2412.04984", "index": "0"}
    everywhere |= {"token": draft_links.path(draft, timezone.now() + datetime.timedelta(1)).split("/")[2]}
    everywhere |= {"content_type_id": str(ContentType.objects.get_for_model(publication).pk)}
    everywhere |= {"app_label": "research", "url": "x", "digest": preview_parts(publication, profile).digest}
    everywhere |= {"invitation": browsers.invitation(admin_user.get_username()), "extension": EXTENSIONS}
    found = {"": everywhere, "publications.": {"extension": [each.EXTENSION for each in OF_LISTS]}}
    found |= {"media/": {"name": publication.pdf.name}, "style/": {"digest": stylesheet.digest(colours.DEFAULT_ACCENT)}}
    for record in records:
        beginning = f"admin/research/{record._meta.model_name}/"
        found[beginning] = {"version": str(versions.of(record).first().pk)}
        deleted = versions.deleted(type(record))
        found[f"{beginning}deleted/"] = {"version": str(deleted[0].pk if deleted else 1)}
    return found
