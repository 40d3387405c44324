"""Links to a draft: whom they let see what, until when, and what they leave in no cache."""

import io
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from research import draft_links
from research.models import Topic
from research.page_address import address
from research.pagecache import PageCache

pytestmark = pytest.mark.django_db
HIDDEN = {
    "a draft": {"status": "draft"},
    "a publication of tomorrow": {"publish_at": timezone.now() + timedelta(days=1)},
}
SECRET_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def link_to(record, **ahead):
    return draft_links.path(record, timezone.now() + timedelta(**ahead or {"days": 1}))


def sentence(response):
    return re.search(r"<h1>This link shows nothing</h1>\n<p>(.*?)</p>", response.content.decode())[1]


@pytest.fixture
def paper(make_publication, make_person):
    name = default_storage.save(f"files/{'a' * 32}/owls.pdf", ContentFile(b"%PDF-1.7 owls"))
    draft = make_publication(
        [make_person("Ann Owl")],
        title="Secret owls",
        slug="secret",
        citation_key="owl2024secret",
        status="draft",
        abstract="They *hoot*.",
        doi="10.5555/owls",
        pdf=name,
    )
    draft.topics.add(Topic.objects.create(name="Owls", slug="owls"))
    return draft


@pytest.mark.parametrize("kind", HIDDEN)
def test_whoever_has_the_link_sees_the_draft_and_no_address_of_its_own_is_there(client, paper, kind):
    for name, value in HIDDEN[kind].items():
        setattr(paper, name, value)
    paper.save()
    response = client.get(link_to(paper))
    html = response.content.decode()
    assert response.status_code == 200
    assert [word in html for word in ("Secret owls", "Ann Owl", "<em>hoot</em>", "This is a draft")] == [True] * 4
    assert "secret" not in set(re.findall(r'(?:href|content|src)="[^"]*/publications/([-\w]*)', html))
    for path in ("", "secret.bib", "secret.pdf", "linkset"):
        assert client.get(f"/publications/secret/{path}").status_code == 404


def test_formats_and_metadata_are_not_in_the_page(client, paper):
    html = client.get(link_to(paper)).content.decode()
    for leak in ("owl2024secret", "unapi-server", "ld+json", "citation_title", "og:title", "Z3988", 'rel="canonical"'):
        assert leak not in html
    paper.status = "published"
    paper.save()
    page = client.get("/publications/secret/").content.decode()  # there is something to leak
    assert all(leak in page for leak in ("owl2024secret", "unapi-server", "ld+json", "citation_title", "Z3988"))


def test_a_project_is_shown_with_what_everybody_may_see_of_its_publications(client, paper, make_project, owner_client):
    project = make_project(title="Secret mice", slug="secret", status="draft")
    project.publications.add(paper)
    for browser in (client, owner_client):
        html = browser.get(link_to(project)).content.decode()
        assert ("Secret mice" in html, "Secret owls" in html) == (True, False)


def test_its_pdf_comes_by_the_link_too(client, paper):
    link = link_to(paper)
    assert f'href="{link}paper.pdf"' in client.get(link).content.decode()
    response = client.get(f"{link}paper.pdf")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 owls"
    assert {name: response[name] for name in SECRET_HEADERS} == SECRET_HEADERS
    assert "Link" not in response


def test_a_draft_without_a_pdf_has_none(client, make_publication, make_project):
    for draft in (make_publication(status="draft"), make_project(status="draft")):
        assert client.get(f"{link_to(draft)}paper.pdf").status_code == 404


def test_no_cache_keeps_any_answer_and_no_search_engine_lists_it(client, paper):
    answers = [client.get(link_to(paper)), client.get(link_to(paper, seconds=-1)), client.get("/drafts/forged/")]
    assert [response.status_code for response in answers] == [200, 410, 404]
    for response in answers:
        assert {name: response[name] for name in SECRET_HEADERS} == SECRET_HEADERS
        assert "ETag" not in response


def test_the_memory_of_pages_does_not_take_part(paper, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    path = link_to(paper)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost"}
    assert address(environ | {"PATH_INFO": "/publications/"}) is not None
    assert address(environ) is None
    cache = PageCache(WSGIHandler(), 1_000_000)
    environ |= {"wsgi.input": io.BytesIO(), "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    for _ in range(2):
        b"".join(cache(dict(environ), lambda *_: None))
    assert cache.pages is None


def test_a_link_that_is_over_is_gone_and_says_since_when(client, paper):
    until = timezone.now() - timedelta(seconds=1)
    response = client.get(draft_links.path(paper, until))
    assert response.status_code == 410
    assert sentence(response) == f"This link was valid until {until:%-d %B %Y, %H:%M} UTC. Ask for a new one."


def test_a_withdrawn_link_is_gone_and_a_new_one_works(client, paper, make_publication):
    link, other = link_to(paper), link_to(make_publication(status="draft"))
    draft_links.withdraw(paper)
    response = client.get(link)
    assert (response.status_code, sentence(response)) == (410, "This link was withdrawn. Ask for a new one.")
    assert [client.get(path).status_code for path in (link_to(paper), other)] == [200, 200]
    newer = link_to(paper)
    draft_links.withdraw(paper)
    assert client.get(newer).status_code == 410


def test_the_link_to_a_deleted_draft_says_so(client, paper):
    link = link_to(paper)
    paper.delete()
    response = client.get(link)
    assert (response.status_code, sentence(response)) == (410, "What this link showed is no longer there.")


def test_a_forged_link_shows_nothing(client, paper):
    token = link_to(paper).split("/")[2]
    body, _, signature = token.rpartition(":")
    other = signing.Signer(salt="research.uploads").sign_object([paper.uuid.hex, "", 9_999_999_999])
    for forged in (body, token[:-1], token[1:], f"{token}x", f"x{body}:{signature}", other, "x:y"):
        response = client.get(f"/drafts/{forged}/")
        assert response.status_code == 404
        assert sentence(response) == "This link is not whole. Copy all of it, or ask for it again."


def test_when_the_draft_is_published_the_link_leads_to_its_page(client, paper):
    link = link_to(paper)
    paper.status = "published"
    paper.save()
    response = client.get(link)
    assert (response.status_code, response["Location"]) == (302, "/publications/secret/")
    assert response["Cache-Control"] == "private, no-store"


def test_a_link_writes_nothing(client, paper):
    before = paper.updated
    client.post(link_to(paper))
    client.get(link_to(paper))
    paper.refresh_from_db()
    assert paper.updated == before
    assert client.post(link_to(paper)).status_code == 405
