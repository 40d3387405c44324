"""
What is not published is nowhere: not on a page, in a file, in a count, in a header, nor at an address of its own.

A hidden publication of which every field has a secret word shares its author, topic, project, year and type with a
public one. Every address of the site is asked: while it is public, when visitors must find the word, so that there is
something to leak; while it is hidden; and when it was never there, which must be the same to a visitor, to the byte.
"""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from research.citations import formats
from research.models import Authorship, Person, Profile, Project, Publication, PublicationLink, Topic
from research.urls import urlpatterns
from research.views.records import preview_parts

from .machine import body

pytestmark = pytest.mark.django_db

WORD = "zyzzogeton"
DOI, ARXIV = f"10.5555/{WORD}", "2401.13579"
RECORD = f"/publications/{WORD}/"
HIDDEN = {
    "a draft": lambda: {"status": "draft", "publish_at": None},
    "a publication of tomorrow": lambda: {"status": "published", "publish_at": timezone.now() + timedelta(days=1)},
}
ACCEPTS = ["*/*", *map(formats.media_type, formats.FORMATS)]
# Addresses that hold nothing of publications and projects, or that only who knows a file's content or has a link knows.
OF_NO_RECORD = {"api_catalog", "security_txt", "publication_list_page", "robots", "health", "stylesheet", "media"}
OF_NO_RECORD |= {"draft", "draft_pdf"}
# Kept and passed on by others, so that nobody finds in them what is hidden, not even staff.
FOR_EVERYBODY = {"feed", "publication_feed", "sitemap"}


@pytest.fixture
def shared(profile, make_publication, make_project):
    """A public publication, with the author, topic and project that the hidden one has too, and another one apart."""
    roe = Person.objects.create(given_name="John", family_name="Roe")
    apart = make_publication([roe], slug="apart", title="Apart", selected=True, type="book", year=2020)
    apart.topics.add(Topic.objects.create(name="Larks", slug="larks"))
    author = Person.objects.create(given_name="Jane", family_name="Doe")
    topic = Topic.objects.create(name="Owls", slug="owls")
    public = make_publication(
        [author], slug="public", citation_key="public", title="Public", selected=True, type="article", year=2024
    )
    public.topics.add(topic)
    project = make_project(slug="shared")
    project.publications.add(public)
    return {"author": author, "topic": topic, "project": project}


def texts(model):
    """The fields of a model that hold free text, each with the secret word as its value."""
    written = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and field.editable and not field.choices
    ]
    return {field.name: WORD for field in written}


def make_hidden(shared, picture_name):
    """The publication, with a co-author, a topic and a project that nobody else has; all of it public at first."""
    paper = default_storage.save(f"files/{WORD}/{WORD}.pdf", ContentFile(b"%PDF-1.7 " + WORD.encode()))
    values = {"doi": DOI, "arxiv_id": ARXIV, "url": f"https://{WORD}.example", "editors": f"Ann {WORD}"}
    values |= {"type": "article", "year": 2024, "month": 2, "selected": True, "pdf": paper, "thumbnail": picture_name}
    hidden = Publication.objects.create(**texts(Publication) | values | {"slug": "former-address"})
    hidden.slug = WORD
    hidden.save()
    PublicationLink.objects.create(publication=hidden, label=WORD, url=f"https://code.example/{WORD}")
    alone = Person.objects.create(given_name="Ann", family_name=WORD.title())
    for person in (shared["author"], alone):
        Authorship.objects.create(publication=hidden, person=person)
    hidden.topics.add(shared["topic"], Topic.objects.create(name=WORD, slug=WORD))
    shared["project"].publications.add(hidden)
    # It relates publications that nothing else does.
    project = Project.objects.create(**texts(Project) | {"slug": WORD, "thumbnail": ""})
    project.publications.add(hidden, *Publication.objects.exclude(pk=hidden.pk))
    return hidden


def set_visibility(**fields):
    Publication.objects.filter(slug=WORD).update(**fields)
    Project.objects.filter(slug=WORD).update(**fields)


def forget():
    """Take away the hidden publication, as if it had never been there."""
    Project.objects.filter(slug=WORD).delete()
    Publication.objects.filter(slug=WORD).delete()
    Person.objects.filter(family_name=WORD.title()).delete()
    Topic.objects.filter(slug=WORD).delete()


def addresses(shared, hidden):
    """
    {name of a pattern in research/urls.py: addresses}, in two dicts: pages that are there without the hidden one and
    show it where it is public, and addresses of its own.
    """
    alone = Person.objects.get(family_name=WORD.title())
    queries = ["?year=2024", "?type=article", "?topic=owls", f"?author={shared['author'].pk}", f"?q={WORD}"]
    queries += [f"?topic={WORD}", f"?author={alone.pk}", "?q=doe+owls"]
    lists = ["", *queries]
    digest = preview_parts(hidden, Profile.current()).digest
    common = {
        "about": ["/"],
        "publication_list": [f"/publications/{query}" for query in lists],
        "publication_list_file": [
            f"/publications.{module.EXTENSION}{query}" for module in formats.OF_LISTS for query in lists
        ],
        "publication_feed": [f"/publications/feed.xml{query}" for query in lists],
        "publication": ["/publications/public/"],  # among the related ones
        "project_list": ["/projects/"],
        "project": ["/projects/shared/"],
        "feed": ["/feed.xml"],
        "sitemap": ["/sitemap.xml"],
    }
    own = {
        "publication": [RECORD, "/publications/former-address/"],
        "publication_file": [f"{RECORD}{WORD}.{extension}" for extension in [*formats.BY_EXTENSION, "pdf"]]
        + [f"/publications/former-address/former-address.{extension}" for extension in [*formats.BY_EXTENSION, "pdf"]],
        "linkset": [f"{RECORD}linkset", "/publications/former-address/linkset"],
        "linkset_json": [f"{RECORD}linkset.json", "/publications/former-address/linkset.json"],
        "preview": [f"{RECORD}preview-{digest}.png", f"{RECORD}preview-0.png"],
        "by_doi": [f"/doi/{DOI}", f"/doi/{DOI.upper()}", f"/doi/10.48550/arXiv.{ARXIV}"],
        "by_arxiv": [f"/arxiv/{ARXIV}", f"/arxiv/{ARXIV}v1"],
        "unapi": [f"/unapi?id={WORD}{rest}" for rest in ("", "&format=rdf_zotero", "&format=ris", "&format=bibtex")],
        "project": [f"/projects/{WORD}/"],
    }
    return common, own


def walk(client, *sets, without=()):
    """{(address, Accept): (status, headers, body)} of every address; `without` names patterns that are left out."""
    asked = [
        (path, accept)
        for found in sets
        for name, paths in found.items()
        if name not in without
        for path in paths
        for accept in (ACCEPTS if name == "publication" and path != "/publications/public/" else ACCEPTS[:1])
    ]
    answers = {}
    for path, accept in asked:
        response = client.get(path, headers={"Accept": accept})
        headers, content = dict(response.headers), body(response)
        if path.partition("?")[0].endswith("feed.xml") and b"<entry>" not in content:
            # An empty feed was updated just now, says Django.
            headers["Last-Modified"], content = "", re.sub(b"<updated>.*?</updated>", b"", content)
        answers[path, accept] = (response.status_code, headers, content)
    return answers


def without_word(answers):
    """Those answers that hold the secret word neither in their body nor in their headers, but for pictures."""
    return [
        asked
        for asked, (_, headers, content) in answers.items()
        if headers.get("Content-Type") != "image/png" and WORD.encode() not in str(headers).encode() + content
    ]


@pytest.fixture
def hidden(shared, stored_picture):
    return make_hidden(shared, stored_picture())


def test_the_walk_goes_to_every_address_of_the_site(shared, hidden):
    common, own = addresses(shared, hidden)
    assert {pattern.name for pattern in urlpatterns} == {*common, *own} | OF_NO_RECORD


def test_visitors_find_it_everywhere_while_it_is_public(client, shared, hidden):
    common, own = addresses(shared, hidden)
    assert without_word(walk(client, common, own)) == []


@pytest.mark.parametrize("kind", HIDDEN)
def test_to_visitors_it_is_as_if_it_were_not_there(client, shared, hidden, kind):
    common, own = addresses(shared, hidden)
    set_visibility(**HIDDEN[kind]())
    while_hidden, own_while_hidden = walk(client, common), walk(client, own)
    forget()
    assert while_hidden == walk(client, common)
    assert own_while_hidden == walk(client, own)
    assert {status for status, _, _ in while_hidden.values()} == {200}
    assert {status for status, _, _ in own_while_hidden.values()} == {404}


@pytest.mark.parametrize("kind", HIDDEN)
def test_staff_find_it_everywhere_and_nothing_keeps_what_they_see(owner_client, shared, hidden, kind):
    common, own = addresses(shared, hidden)
    set_visibility(**HIDDEN[kind]())
    answers = walk(owner_client, common, own, without=FOR_EVERYBODY)
    assert without_word(answers) == []
    assert {status for status, _, _ in answers.values()} == {200, 300, 301, 303}
    assert {headers["Cache-Control"] for _, headers, _ in answers.values()} == {"private, no-store"}


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_others_keep_is_the_same_for_staff(client, owner_client, shared, hidden, kind):
    common, _ = addresses(shared, hidden)
    kept = {name: common[name] for name in FOR_EVERYBODY}
    set_visibility(**HIDDEN[kind]())
    for_staff = walk(owner_client, kept)
    assert bodies(for_staff) == bodies(walk(client, kept))


def bodies(answers):
    return {asked: content for asked, (_, _, content) in answers.items()}


@pytest.mark.usefixtures("contexts_are_kept")
@pytest.mark.parametrize("kind", HIDDEN)
def test_counts_are_of_what_the_reader_may_see(client, owner_client, hidden, kind):
    set_visibility(**HIDDEN[kind]())
    others = {("2020", 1), ("Book", 1), ("Larks", 1), ("John Roe", 1)}
    assert facets(client) == {("2024", 1), ("Journal article", 1), ("Owls", 1), ("Jane Doe", 1)} | others
    assert facets(owner_client) == {
        *{("2024", 2), ("Journal article", 2), ("Owls", 2), ("Jane Doe", 2)},
        *{(WORD, 1), (f"Ann {WORD.title()}", 1)},
        *others,
    }


def facets(client):
    shown = client.get("/publications/").context["facets"]
    return {(choice.label, choice.count) for *_, choices in shown for choice in choices}


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_site_of_nothing_else_is_an_empty_site_to_visitors(client, owner_client, hidden, kind):
    set_visibility(**HIDDEN[kind]())
    Publication.objects.exclude(slug=WORD).delete()
    Project.objects.exclude(slug=WORD).delete()
    Profile.objects.all().delete()
    assert "This site is ready to be written" in client.get("/").content.decode()
    assert "This site is ready to be written" not in owner_client.get("/").content.decode()
    assert b'href="/publications/"' not in client.get("/").content + client.get("/nowhere/").content
