"""Conditional requests: who has an answer already is told so, and is not sent it again."""

import pytest

from research.citations import formats
from research.models import Publication

pytestmark = pytest.mark.django_db

OWLS = "/publications/owls/"
PATHS = [
    *(f"{OWLS}owls.{extension}" for extension in formats.BY_EXTENSION),
    *(f"/publications.{module.EXTENSION}" for module in formats.OF_LISTS),
    *(f"{OWLS}linkset", f"{OWLS}linkset.json", "/unapi", "/unapi?id=doe2024owls&format=rdf_zotero"),
    *("/feed.xml", "/publications/feed.xml?topic=owls", "/sitemap.xml", "/robots.txt", "/.well-known/api-catalog"),
    *("/", "/publications/", OWLS),
]
WITHOUT_TITLES = {"/unapi", "/robots.txt", "/.well-known/api-catalog", "/sitemap.xml"}
WITHOUT_TITLES |= {f"{OWLS}linkset", f"{OWLS}linkset.json", "/publications/feed.xml?topic=owls"}
EXPORTS = [path for path in PATHS if not path.endswith("/") and "robots" not in path and "sitemap" not in path]


@pytest.fixture(autouse=True)
def record(make_person, make_publication, profile):
    return make_publication([make_person()], slug="owls", title="Owls", citation_key="doe2024owls")


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_is_not_sent_again(client, path):
    first = client.get(path)
    assert first.status_code == 200
    for tags in (first["ETag"], f'"other", W/{first["ETag"]}', "*"):
        for method in (client.get, client.head):
            again = method(path, headers={"If-None-Match": tags})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
            assert again.get("Vary") == first.get("Vary")
    other = client.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)
    assert client.head(path)["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", PATHS)
def test_what_changed_is_sent(client, path, record):
    first = client.get(path)
    record.title = "Bats"
    record.selected = True
    record.save()
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    if b"Bats" in client.get(path).content:
        assert (again.status_code, again["ETag"] != first["ETag"]) == (200, True)
    else:
        assert (again.status_code, path in WITHOUT_TITLES) == (304, True)


def test_a_feed_from_which_an_entry_went_is_sent_though_its_date_is_older(client, record, make_publication):
    newest = make_publication(title="Newest")
    first = client.get("/feed.xml")
    Publication.objects.filter(pk=newest.pk).update(status="draft")
    assert client.get("/feed.xml", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200
    assert client.get("/feed.xml", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_each_format_that_is_negotiated_has_a_tag_of_its_own(client):
    answers = [client.get(OWLS, headers={"Accept": formats.media_type(module)}) for module in formats.FORMATS]
    tags = {answer["ETag"] for answer in answers} | {client.get(OWLS)["ETag"]}
    assert len(tags) == len(formats.FORMATS) + 1


@pytest.mark.parametrize("path", EXPORTS)
def test_scripts_of_other_sites_may_ask_whether_something_changed(client, path):
    tag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")


def test_what_staff_sees_and_what_is_missing_has_no_tag(client, owner_client):
    for path in ("/", OWLS, f"{OWLS}owls.bib", "/admin/"):
        response = owner_client.get(path, headers={"If-None-Match": "*"})
        assert (response.status_code, "ETag" in response) == (200, False)
    for path in ("/none/", "/unapi?id=none", f"{OWLS}none.bib"):
        response = client.get(path, headers={"If-None-Match": "*"})
        assert (response.status_code, "ETag" in response) == (404, False)
