import json
import re
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings

from research import metadata
from research.citations.item import TYPES
from research.citations.jsonld import to_jsonld

from .citations.works import ATLAS, BERG, KING, MANY, WORKS, works

ORDER = re.findall(
    r"\w+",
    "title author editor publication_date online_date inbook_title journal_title conference_title "
    "dissertation_institution technical_report_institution technical_report_number journal_abbrev volume issue "
    "firstpage lastpage issn isbn publisher doi arxiv_id language keywords pdf_url abstract_html_url abstract",
)


def formats(item):
    types = {
        "bib": "application/x-bibtex; charset=utf-8",
        "ris": "application/x-research-info-systems",
        "json": "application/vnd.citationstyles.csl+json",
        "rdf": "application/rdf+xml",
        "jsonld": "application/ld+json",
        "txt": "text/x-bibliography; charset=utf-8",
    }
    slug = item.record_url.split("/")[-2]
    return [(f"{item.record_url}{slug}.{ending}", media_type) for ending, media_type in types.items()]


def contents(pairs, name):
    return [content for tag, content in pairs if tag == name]


def targets(links, relation):
    return [target for target, attributes in links if attributes["rel"] == relation]


@pytest.mark.parametrize(
    ("kind", "tags"),
    [
        ("article", {"journal_title": "Proceedings of the National Academy of Sciences", "journal_abbrev": "PNAS"}),
        (
            "conference-paper",
            {
                "inbook_title": "Advances in Neural Information Processing Systems",
                "conference_title": "Conference on Neural Information Processing Systems",
            },
        ),
        ("workshop-paper", {"inbook_title": "Workshop on Owls", "conference_title": "Workshop on Owls"}),
        ("preprint", {}),
        ("chapter", {"inbook_title": "Handbook of Owls"}),
        ("thesis", {"dissertation_institution": "University of Tübingen"}),
        (
            "report",
            {"technical_report_institution": "RAND Corporation", "technical_report_number": "RR-1234"},
        ),
        ("book", {}),
        ("dataset", {}),
        ("software", {}),
        ("poster", {}),
        ("talk", {}),
        ("other", {}),
    ],
)
def test_each_type_names_what_holds_it(kind, tags):
    pairs = metadata.highwire(WORKS[kind])
    held = re.compile(r"citation_(.*(?:_title|_institution|_number|_abbrev))")
    assert {held.fullmatch(name)[1]: content for name, content in pairs if held.fullmatch(name)} == tags


@pytest.mark.parametrize("kind", TYPES)
def test_highwire_tags_stand_in_their_order(kind):
    places = [ORDER.index(name.removeprefix("citation_")) for name, _ in metadata.highwire(WORKS[kind])]
    assert places == sorted(places)


@pytest.mark.parametrize(("month", "day", "expected"), [(11, 5, "2024/11/5"), (11, None, "2024"), (None, None, "2024")])
def test_a_date_for_scholar_is_whole_or_the_year(month, day, expected):
    pairs = metadata.highwire(replace(WORKS["article"], month=month, day=day))
    assert contents(pairs, "citation_publication_date") == [expected]
    assert contents(pairs, "citation_online_date") == ["2024/10/1"]


def test_a_preprint_is_never_in_a_journal_whatever_its_server_is_called():
    pairs = metadata.highwire(replace(WORKS["preprint"], container="bioRxiv"))
    assert not [name for name, _ in pairs if "journal" in name or "conference" in name or "inbook" in name]
    assert contents(pairs, "citation_publisher") == ["bioRxiv"]


def test_the_pdf_is_beside_the_page_or_not_named():
    item = WORKS["article"]
    assert contents(metadata.highwire(item), "citation_pdf_url") == [f"{item.record_url}article.pdf"]
    assert not contents(metadata.highwire(replace(item, pdf_url="")), "citation_pdf_url")


def test_an_article_number_is_its_first_page():
    pairs = metadata.highwire(replace(WORKS["article"], pages="", number="e1234"))
    assert contents(pairs, "citation_firstpage") == ["e1234"]
    assert not contents(pairs, "citation_lastpage")


def test_names_are_inverted_but_for_groups():
    pairs = metadata.highwire(replace(WORKS["article"], authors=(BERG, KING, ATLAS)))
    assert contents(pairs, "citation_author") == [
        "van der Berg, Jan Pieter",
        "King, Martin Luther Jr.",
        "ATLAS Collaboration",
    ]


def test_dublin_core_says_the_type_in_zoteros_words():
    types = {kind: contents(metadata.dublin_core(item), "DC.type")[0] for kind, item in WORKS.items()}
    assert types["preprint"] == "preprint"
    assert types["dataset"] == "dataset"
    assert types["software"] == "computerProgram"
    assert types["thesis"] == "PhD thesis"
    assert contents(metadata.dublin_core(replace(WORKS["thesis"], container="")), "DC.type") == ["thesis"]


def test_every_vocabulary_calls_the_record_by_the_same_address():
    for item in WORKS.values():
        assert dict(metadata.open_graph(item))["og:url"] == item.record_url
        assert dict(metadata.highwire(item))["citation_abstract_html_url"] == item.record_url
        assert contents(metadata.dublin_core(item), "DC.identifier")[-1] == item.record_url
        assert ("rft_id", item.record_url) in parse_qsl(metadata.coins(item))
        assert targets(metadata.signposting(item, formats(item)), "cite-as") == [item.record_url]
        assert to_jsonld(item)["url"] == item.record_url


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("article", {"rft_val_fmt": "info:ofi/fmt:kev:mtx:journal", "rft.genre": "article"}),
        ("conference-paper", {"rft_val_fmt": "info:ofi/fmt:kev:mtx:book", "rft.genre": "proceeding"}),
        ("chapter", {"rft_val_fmt": "info:ofi/fmt:kev:mtx:book", "rft.genre": "bookitem"}),
        ("thesis", {"rft_val_fmt": "info:ofi/fmt:kev:mtx:dissertation", "rft.degree": "PhD thesis"}),
        ("preprint", {"rft_val_fmt": "info:ofi/fmt:kev:mtx:dc", "rft.type": "preprint"}),
    ],
)
def test_coins_are_of_the_format_for_the_type(kind, expected):
    assert expected.items() <= dict(parse_qsl(metadata.coins(WORKS[kind]))).items()


def test_coins_name_people_and_groups_once_each():
    pairs = parse_qsl(metadata.coins(WORKS["article"]))
    assert contents(pairs, "rft.au") == [
        "van der Berg, Jan Pieter",
        "de la Cruz Martínez, María José",
        "King, Martin Luther Jr.",
    ]
    assert contents(pairs, "rft.aucorp") == ["ATLAS Collaboration"]


def test_open_graph_has_a_picture_only_where_there_is_one():
    item = WORKS["article"]
    assert not [name for name, _ in metadata.open_graph(item) if name.startswith("og:image")]
    pairs = dict(metadata.open_graph(item, "https://site.example/p.png", "Jane Doe"))
    assert (pairs["og:image"], pairs["og:image:width"]) == ("https://site.example/p.png", "1200")
    assert pairs["og:site_name"] == "Jane Doe"


def test_a_time_of_publication_needs_its_day():
    assert "article:published_time" not in dict(metadata.open_graph(WORKS["preprint"]))


def test_the_landing_page_points_the_way():
    item = WORKS["conference-paper"]
    links = metadata.signposting(item, formats(item))
    assert targets(links, "type") == ["https://schema.org/ScholarlyArticle", "https://schema.org/AboutPage"]
    assert targets(links, "author") == ["https://orcid.org/0000-0002-1825-0097"]
    assert targets(links, "license") == ["https://spdx.org/licenses/CC-BY-4.0"]
    assert len(targets(links, "describedby")) == 6
    assert targets(links, "item") == [item.pdf_url, *(address for _, address, _ in item.attachments)]
    assert targets(links, "related") == [
        "https://doi.org/10.1234/ab.conference-paper",
        "https://arxiv.org/abs/2412.04984",
    ]
    assert targets(links, "linkset") == [f"{item.record_url}linkset.json", f"{item.record_url}linkset"]


def test_three_hundred_authors_fit_into_the_header_and_all_are_in_the_link_set():
    links = metadata.signposting(MANY, formats(MANY))
    assert len(metadata.link_header(links)) < 8_000
    assert len(targets(links, "author")) > 50
    assert len(targets(links, "linkset")) == 2
    authors = json.loads(metadata.linkset_json(MANY, formats(MANY)))["linkset"][0]["author"]
    assert len(authors) == 300


def test_the_link_set_is_the_same_in_both_forms():
    item = WORKS["conference-paper"]
    written = set()
    for context in json.loads(metadata.linkset_json(item, formats(item)))["linkset"]:
        for relation, links in context.items():
            if relation != "anchor":
                written |= {(context["anchor"], relation, link["href"], link.get("type", "")) for link in links}
    pattern = re.compile(r'<(.*?)>; rel="(.*?)"(?:; type="(.*?)")?(?:; profile="[^"]*")?; anchor="(.*?)"')
    lines = metadata.linkset_text(item, formats(item)).removesuffix("\n").split(",\n")
    parsed = [pattern.fullmatch(line).groups() for line in lines]
    assert {(anchor, relation, target, kind or "") for target, relation, kind, anchor in parsed} == written


def test_every_part_points_back_to_the_page():
    item = WORKS["article"]
    sets = json.loads(metadata.linkset_json(item, formats(item)))["linkset"]
    back = {context["anchor"]: context for context in sets[1:]}
    assert back[item.pdf_url]["collection"] == [{"href": item.record_url, "type": "text/html"}]
    for address, _ in formats(item):
        assert back[address]["describes"] == [{"href": item.record_url, "type": "text/html"}]
    assert targets(metadata.content_links(item.record_url), "collection") == [item.record_url]
    assert targets(metadata.metadata_links(item.record_url), "describes") == [item.record_url]
    assert len(targets(metadata.metadata_links(item.record_url), "linkset")) == 2


def test_nothing_breaks_out_of_a_link():
    evil = 'https://x.example/a>; rel="x", <b"\r\nSet-Cookie: a=b é\\'
    text = metadata.link_header([(evil, {"rel": "item", "type": 'a"b\\c\r\nd'})])
    assert text.isascii()
    assert text.isprintable()
    assert text.count("<") == text.count(">") == 1
    assert text.endswith(r'; rel="item"; type="a\"b\\cd"')


@given(works())
@settings(max_examples=200, deadline=None)
def test_any_work_has_sound_metadata(item):
    for pairs in (metadata.highwire(item), metadata.dublin_core(item), metadata.open_graph(item)):
        assert all(name and content and content == " ".join(content.split()) for name, content in pairs)
    links = metadata.signposting(item, formats(item))
    header = metadata.link_header(links)
    assert len(header) < 8_000
    assert header.isascii()
    assert header.isprintable()
    assert targets(links, "cite-as") == [item.record_url]
    assert metadata.linkset_text(item, formats(item)).isascii()
    assert json.loads(metadata.linkset_json(item, formats(item)))
    assert ("rft_id", item.record_url) in parse_qsl(metadata.coins(item))
