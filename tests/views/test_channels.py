"""A title and an abstract with all that one may type: each channel says the same of them."""

import html
import json
import re
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

from research.citations import bibtex, csl, ris

from .machine import Page

pytestmark = pytest.mark.django_db

TITLE = "H<sub>2</sub>O, <i>E. coli</i> &amp; __R_1__: <script>alert(1)</script> [at](https://x.example) $x^2$ -- 5 < 6"
WORDS = "H2O, E. coli & R_1: <script>alert(1)</script> at x² – 5 < 6"
MARKED = "H2O, *E. coli* & **R_1**: <script>alert(1)</script> at $x^2$ – 5 < 6"
ABSTRACT = TITLE + "\n\nSecond <b>paragraph</b>."
ABSTRACT_WORDS = WORDS + " Second paragraph."
OWLS = "/publications/owls/"


@pytest.fixture(autouse=True)
def owls(make_record):
    return make_record(title=TITLE, abstract=ABSTRACT, tldr="")


def get(client, path):
    return client.get(path).content.decode()


def seen(source, element):
    """What a reader sees in the first element of this name, whose only formula is x²."""
    inner = re.search(rf"<{element}[^>]*>(.*?)</{element}>", source, re.DOTALL)[1]
    without_maths = re.sub("<math.*?</math>", "x²", inner, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^<>]*>", "", without_maths)).split())


def test_pages_show_it(client):
    assert seen(get(client, OWLS), "h1") == WORDS
    assert seen(get(client, "/publications/"), "h3") == WORDS
    assert seen(get(client, OWLS), "title").partition(" · ")[0] == WORDS


@pytest.mark.parametrize("name", ["citation_title", "DC.title", "og:title"])
def test_tags_say_it(client, name):
    assert Page(client.get(OWLS)).meta(name) == [WORDS]


def test_the_abstract_is_in_the_tags_too(client):
    assert Page(client.get(OWLS)).meta("citation_abstract") == [ABSTRACT_WORDS]


def test_json_ld_says_it(client):
    for node in (Page(client.get(OWLS)).json_ld, json.loads(get(client, f"{OWLS}owls.jsonld"))):
        assert (node["name"], node["headline"], node["abstract"]) == (WORDS, WORDS, ABSTRACT_WORDS)


def test_coins_say_it(client):
    assert parse_qs(Page(client.get(OWLS)).coins[0])["rft.atitle"] == [WORDS]


def test_zotero_rdf_says_it(client):
    for path in (f"{OWLS}owls.rdf", "/unapi?id=doe2024owls&format=rdf_zotero"):
        root = ElementTree.fromstring(get(client, path))
        assert WORDS in [node.text for node in root.iter("{http://purl.org/dc/elements/1.1/}title")]
        [abstract] = root.iter("{http://purl.org/dc/terms/}abstract")
        assert abstract.text == ABSTRACT_WORDS


def test_files_say_it(client):
    [of_ris] = ris.parse(get(client, f"{OWLS}owls.ris"))
    assert (of_ris.title, of_ris.abstract) == (WORDS, ABSTRACT_WORDS)
    [of_bibtex] = bibtex.parse(get(client, f"{OWLS}owls.bib"))
    assert of_bibtex.title == MARKED
    assert of_bibtex.abstract == f"{MARKED} Second **paragraph**."
    [of_csl] = csl.parse(get(client, f"{OWLS}owls.json"))
    assert of_csl.title == MARKED.replace("$x^2$", "x²")
    assert json.loads(get(client, f"{OWLS}owls.json"))["abstract"] == ABSTRACT_WORDS


def test_a_formatted_citation_says_it(client):
    assert WORDS in get(client, f"{OWLS}owls.txt?style=ieee").replace("’", "'")


def test_feeds_say_it(client):
    root = ElementTree.fromstring(get(client, "/publications/feed.xml"))
    [title] = [node.text for node in root.findall("{*}entry/{*}title")]
    assert title == WORDS
