from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from research.citations import zoterordf
from research.citations.item import TYPES

from .goldenfiles import RECORDS, assert_golden
from .works import ATLAS, EDITORS, KING, WORKS, works

NAMES = zoterordf.NAMESPACES
EVIL = '"><script>alert(1)</script><x a="&lt;]]>\x00\x0b￾'


def parse(text):
    return ElementTree.fromstring(text.encode())


def texts(text, path):
    return [element.text for element in parse(text).iterfind(path, NAMES)]


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_written_as_zotero_writes_it(kind):
    assert_golden(f"{kind}.rdf", zoterordf.render(RECORDS[kind]))


def test_the_address_is_the_record_and_so_is_the_name_of_the_node():
    for item in WORKS.values():
        node = parse(zoterordf.render(item))[0]
        assert node.get(zoterordf.qname("rdf:about")) == item.record_url
        assert node.findtext("dc:identifier/dcterms:URI/rdf:value", namespaces=NAMES) == item.record_url


def test_a_group_is_one_name_and_a_suffix_follows_the_given_name():
    text = zoterordf.render(replace(WORKS["article"], authors=(ATLAS, KING)))
    assert texts(text, ".//foaf:surname") == ["ATLAS Collaboration", "King"]
    assert texts(text, ".//foaf:givenName") == ["Martin Luther, Jr."]


def test_programmers_and_presenters_are_not_called_authors():
    assert "<z:programmers>" in zoterordf.render(WORKS["software"])
    assert "<z:presenters>" in zoterordf.render(WORKS["talk"])


def test_editors_of_a_type_without_editors_become_contributors():
    assert "<bib:contributors>" in zoterordf.render(replace(WORKS["thesis"], editors=EDITORS))


def test_a_preprint_names_its_server_and_has_no_journal():
    text = zoterordf.render(WORKS["preprint"])
    assert texts(text, ".//foaf:Organization/foaf:name") == ["arXiv"]
    assert texts(text, ".//prism:number") == ["arXiv:2412.04984"]
    assert "isPartOf" not in text


def test_the_number_of_an_article_stands_where_its_pages_would():
    item = replace(WORKS["article"], pages="", number="e1234")
    assert texts(zoterordf.render(item), ".//bib:pages") == ["e1234"]


def test_files_are_attached_and_pages_elsewhere_are_not():
    found = texts(zoterordf.render(WORKS["article"]), "z:Attachment/dc:title")
    assert found == ["Full Text PDF", "Slides"]


def test_a_notice_and_the_arxiv_class_are_kept():
    assert texts(zoterordf.render(WORKS["software"]), ".//dc:description") == [
        "Retracted: an error in the proof\nTo appear"
    ]
    assert texts(zoterordf.render(WORKS["preprint"]), ".//dc:description") == ["arXiv:2412.04984 [cs.CL]"]


def test_two_works_of_one_address_stay_two():
    item = WORKS["article"]
    nodes = parse(zoterordf.render_all([item, replace(item, title="Another")])).findall("bib:Article", NAMES)
    assert len({node.get(zoterordf.qname("rdf:about")) for node in nodes}) == 2


def test_no_text_leaves_its_element():
    fields = ("container", "publisher", "place", "series", "event", "note", "volume", "doi", "url", "record_url")
    item = replace(WORKS["conference-paper"], title=EVIL, keywords=(EVIL,), **dict.fromkeys(fields, EVIL))
    root = parse(zoterordf.render(item))
    assert not [element for element in root.iter() if element.tag in ("script", "x")]


@given(works())
@settings(max_examples=200, deadline=None)
def test_any_work_is_well_formed(item):
    assert len(parse(zoterordf.render_all([item, item]))) >= 2
