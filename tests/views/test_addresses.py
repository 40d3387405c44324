"""Former slugs, wrong names, DOIs and arXiv identifiers: addresses that lead elsewhere, or nowhere."""

from urllib.parse import quote

import pytest

from research.citations import formats

from .machine import body

pytestmark = pytest.mark.django_db

HTML = "text/html; charset=utf-8"
BIB, RIS, CSL, RDF, JSON_LD, TEXT = (module.MEDIA_TYPE for module in formats.FORMATS)
OWLS = "/publications/owls/"
SITE = "http://127.0.0.1:8000"
every_format = pytest.mark.parametrize("module", formats.FORMATS, ids=lambda module: module.EXTENSION)
every_extension = pytest.mark.parametrize("extension", [*formats.BY_EXTENSION, "pdf"])


def ask(client, accept, path=OWLS):
    return client.get(path, headers={} if accept is None else {"Accept": accept})


@pytest.mark.parametrize(
    "path",
    [
        f"{OWLS}none.bib",
        f"{OWLS}OWLS.bib",
        f"{OWLS}owls.doc",
        f"{OWLS}owls.BIB",
        f"{OWLS}owls.",
        f"{OWLS}owls.bib/",
        "/publications/none/none.bib",
        "/publications/former/owls.bib",
        "/publications/former/none.bib",
        "/publications/former/former.doc",
        "/publications/none/",
        "/publications/none/linkset",
        "/publications/none/linkset.json",
        "/publications.txt",
        "/publications.txt",
        "/publications.pdf",
        "/publications.none",
    ],
)
def test_a_wrong_address_is_no_file(client, make_record, path):
    rename(make_record(slug="former"), "owls")
    assert client.get(path).status_code == 404


def rename(publication, slug):
    publication.slug = slug
    publication.save()


@every_extension
def test_a_former_slug_leads_to_the_same_file_under_the_new_one(client, make_record, extension):
    rename(make_record(slug="former"), "owls")
    response = client.get(f"/publications/former/former.{extension}")
    assert (response.status_code, response["Location"]) == (301, f"{OWLS}owls.{extension}")
    assert response["Access-Control-Allow-Origin"] == "*"
    file = client.get(response["Location"])
    assert (bool(body(file)), file["Content-Disposition"]) == (True, f'inline; filename="owls.{extension}"')


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/publications/former/", OWLS),
        ("/publications/former/linkset", f"{OWLS}linkset"),
        ("/publications/former/linkset.json", f"{OWLS}linkset.json"),
        ("/publications/former/former.bib?flavour=latex", f"{OWLS}owls.bib?flavour=latex"),
    ],
)
def test_a_former_slug_leads_to_the_new_one(client, make_record, former, now):
    publication = make_record(slug="former")
    rename(publication, "between")
    rename(publication, "owls")
    response = client.get(former)
    assert (response.status_code, response["Location"]) == (301, now)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(now).status_code == 200


def test_negotiation_survives_a_former_slug(client, make_record):
    rename(make_record(slug="former"), "owls")
    response = client.get("/publications/former/", headers={"Accept": "application/x-bibtex"}, follow=True)
    assert (response.redirect_chain, response["Content-Type"]) == ([(OWLS, 301)], BIB)
    assert "Accept" in ask(client, "application/x-bibtex", "/publications/former/")["Vary"]


# --- By identifier ---

SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


@pytest.mark.parametrize(
    ("doi", "path"),
    [
        ("10.1000/owls", "/doi/10.1000/owls"),
        ("10.1000/owls", "/doi/10.1000%2Fowls"),
        ("10.1000/owls", "/doi/10.1000/OWLS"),
        (SICI, f"/doi/{quote(SICI, safe='')}"),
        (SICI, f"/doi/{quote(SICI.upper(), safe='/')}"),
        (SICI, f"/doi/{SICI.replace('<', '%3C').replace('>', '%3E')}"),
        ("10.1000/a#b", "/doi/10.1000/a%23b"),
        ("10.1000/a?b", "/doi/10.1000/a%3Fb"),
        ("10.1000/ü", "/doi/10.1000/%C3%BC"),
        ("", "/doi/10.48550/arXiv.2412.04984"),
    ],
)
def test_a_doi_leads_to_its_record(client, make_record, doi, path):
    make_record(doi=doi)
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (303, OWLS)


@pytest.mark.parametrize(
    ("arxiv_id", "path"),
    [
        ("2412.04984", "/arxiv/2412.04984"),
        ("2412.04984", "/arxiv/2412.04984v2"),
        ("2412.04984", "/arxiv/arXiv:2412.04984"),
        ("hep-th/9901001", "/arxiv/hep-th/9901001"),
        ("hep-th/9901001", "/arxiv/hep-th/9901001v3"),
        ("hep-th/9901001", "/arxiv/hep-th%2F9901001"),
        ("math.GT/0309136", "/arxiv/math.GT/0309136"),
    ],
)
def test_an_arxiv_identifier_leads_to_its_record(client, make_record, arxiv_id, path):
    make_record(arxiv_id=arxiv_id)
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (303, OWLS)


@pytest.mark.parametrize(
    "path",
    [
        "/doi/10.1000/none",
        "/doi/10.1000/owls2",
        "/doi/10.1000/",
        "/doi/10.1/owls",
        "/doi/owls",
        "/doi/",
        "/doi/10.1000/ow%20ls",
        "/doi/10.1000/" + "a" * 300,
        "/doi/10.48550/arXiv.2412.99999",
        "/arxiv/2412.99999",
        "/arxiv/nonsense",
        "/arxiv/",
        "/arxiv/2412.04984vx",
    ],
)
def test_an_unknown_identifier_leads_nowhere(client, make_record, path):
    make_record()
    make_record(slug="without", citation_key="without", doi="", arxiv_id="", authors=[])
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/doi/10.1000/owls", "/arxiv/2412.04984"])
@every_format
def test_a_doi_client_gets_the_format_that_it_asks_for(client, make_record, path, module):
    make_record()
    response = client.get(path, headers={"Accept": formats.media_type(module)}, follow=True)
    assert (response.status_code, response["Content-Type"]) == (200, module.MEDIA_TYPE)
