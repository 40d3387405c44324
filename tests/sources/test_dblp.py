"""DBLP's page of a person as XML."""

import pytest

from research.sources import dblp, registry
from research.sources.fetch import SourceUnavailable
from research.sources.registry import Request

PERSON = """<?xml version="1.0" encoding="US-ASCII"?>
<dblpperson name="Jane Doe" pid="12/345" n="4">
<person key="homepages/12/345"><author pid="12/345">Jane Doe</author></person>
<r><inproceedings key="conf/owl/DoeW20" mdate="2021-01-01">
<author orcid="0000-0002-1825-0097" pid="12/345">Jane Doe 0002</author><author pid="1/2">Jos&#233; van der Berg</author>
<title>Owls of H<sub>2</sub>O &amp; <i>more</i>.</title><pages>12:1-12:8</pages><year>2020</year>
<booktitle>ICML (2)</booktitle><ee type="oa">https://doi.org/10.1234/ABC</ee><crossref>conf/owl/2020</crossref>
<url>db/conf/owl/owl2020.html#DoeW20</url></inproceedings></r>
<r><article publtype="informal" key="journals/corr/abs-2001-00001"><author>Jane Doe 0002</author><title>Owls?</title>
<year>2020</year><volume>abs/2001.00001</volume><journal>CoRR</journal><ee>https://arxiv.org/abs/2001.00001</ee></article></r>
<r><phdthesis key="phd/Doe19"><author>Jane Doe 0002</author><title>On Owls.</title><school>University of Owls</school>
<year>2019</year><month>May</month></phdthesis></r>
<r><proceedings key="conf/owl/2018"><editor>Jane Doe 0002</editor><title>Proceedings of Owls.</title>
<publisher>Owl Press</publisher><year>2018</year><isbn>978-3-16-148410-0</isbn></proceedings></r>
<r><www key="homepages/x"><title>Home Page</title></www></r>
</dblpperson>"""


def test_all_records_of_a_person_are_whole():
    paper, preprint, thesis, book = (found.item for found in dblp.parse(PERSON.encode()).found)
    assert (paper.type, paper.title, paper.container, paper.container_short) == (
        "conference-paper",
        "Owls of H₂O & *more*",
        "ICML",
        "ICML 2020",
    )
    assert [author.name.full for author in paper.authors] == ["Jane Doe", "José van der Berg"]
    assert paper.authors[0].orcid == "0000-0002-1825-0097"
    assert (paper.year, paper.pages, paper.doi) == (2020, "12:1–12:8", "10.1234/abc")
    assert (preprint.type, preprint.title, preprint.arxiv_id, preprint.container, preprint.volume) == (
        "preprint",
        "Owls?",
        "2001.00001",
        "",
        "",
    )
    assert (thesis.type, thesis.title, thesis.container, thesis.genre, thesis.month) == (
        "thesis",
        "On Owls",
        "University of Owls",
        "PhD thesis",
        5,
    )
    assert (book.type, [author.name.full for author in book.authors], book.isbn) == (
        "book",
        ["Jane Doe"],
        "978-3-16-148410-0",
    )


@pytest.mark.parametrize(
    "content", [b"", b"<html/>", b"<dblpperson><r>", PERSON[:600].encode(), b"<dblpperson name='X'/>"]
)
def test_what_is_no_list_of_records_is_a_sentence(content):
    answer = dblp.parse(content)
    assert (answer.found, len(answer.problems)) == ((), 1)


def test_entities_are_not_followed():
    bomb = '<!DOCTYPE x [<!ENTITY a "owl"><!ENTITY b "&a;&a;&a;">]>'
    page = "<dblpperson><r><article><title>{}</title></article></r></dblpperson>"
    assert dblp.parse((bomb + page.format("&b;")).encode()).found == ()
    assert len(dblp.parse(page.format("b").encode()).found) == 1


def test_a_person_is_asked_for_by_their_page(server):
    server.puts("/dblp/pid/12/345.xml", PERSON)
    assert len(registry.ask([Request("DBLP", "12/345")]).found) == 4
    assert [str(one) for one in registry.ask([Request("DBLP", "9/9")]).problems] == [
        "9/9: DBLP knows nobody by this identifier."
    ]
    server.puts("/dblp/pid/1/1.xml", "", 500)
    with pytest.raises(SourceUnavailable):
        registry.ask([Request("DBLP", "1/1")])
