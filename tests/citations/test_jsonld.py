import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from research.citations import jsonld
from research.citations.item import TYPES
from research.markup import json_for_script

from .goldenfiles import RECORDS, assert_golden
from .works import MANY, WORKS, works


def empties(value):
    if isinstance(value, dict):
        return any(map(empties, value.values())) or not value
    if isinstance(value, list):
        return any(map(empties, value)) or not value
    return value in ("", None)


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_has_its_node(kind):
    assert_golden(f"{kind}.jsonld", jsonld.render(RECORDS[kind]))


def test_url_id_and_main_entity_are_the_record():
    for item in WORKS.values():
        node = jsonld.to_jsonld(item)
        assert node["url"] == node["@id"] == node["mainEntityOfPage"] == item.record_url


def test_an_article_is_in_an_issue_of_a_volume_of_a_journal():
    issue = jsonld.to_jsonld(WORKS["article"])["isPartOf"]
    assert (issue["@type"], issue["issueNumber"]) == ("PublicationIssue", "3")
    assert (issue["isPartOf"]["@type"], issue["isPartOf"]["volumeNumber"]) == ("PublicationVolume", "12")
    assert issue["isPartOf"]["isPartOf"]["@type"] == "Periodical"
    without = jsonld.to_jsonld(replace(WORKS["article"], issue="", volume=""))["isPartOf"]
    assert without["@type"] == "Periodical"


def test_a_preprint_is_in_no_journal():
    node = jsonld.to_jsonld(WORKS["preprint"])
    assert "isPartOf" not in node
    assert node["creativeWorkStatus"] == "Preprint"


def test_the_date_is_as_precise_as_it_is_known():
    item = WORKS["article"]
    assert jsonld.to_jsonld(item)["datePublished"] == "2024-11-05"
    assert jsonld.to_jsonld(replace(item, day=None))["datePublished"] == "2024-11"
    assert jsonld.to_jsonld(replace(item, day=None, month=None))["datePublished"] == "2024"
    assert "datePublished" not in jsonld.to_jsonld(replace(item, year=None, month=None, day=None))


def test_all_authors_are_there_with_their_names_in_parts():
    assert len(jsonld.to_jsonld(MANY)["author"]) == 300
    berg, _, king, atlas = jsonld.to_jsonld(WORKS["article"])["author"]
    assert (berg["givenName"], berg["familyName"]) == ("Jan Pieter", "van der Berg")
    assert king["honorificSuffix"] == "Jr."
    assert atlas == {"@type": "Organization", "name": "ATLAS Collaboration"}


def test_a_person_is_known_by_the_id_that_the_site_gives_else_by_orcid():
    item = WORKS["article"]
    assert jsonld.to_jsonld(item)["author"][0]["@id"] == "https://orcid.org/0000-0002-1825-0097"
    known = replace(item.authors[0], site_id="https://site.example/#me")
    owner = jsonld.to_jsonld(replace(item, authors=(known, *item.authors[1:])))["author"][0]
    assert owner["@id"] == "https://site.example/#me"
    assert owner["sameAs"] == "https://orcid.org/0000-0002-1825-0097"


def test_nothing_embedded_can_end_its_script_or_line():
    data = {"name": "</script><!-- & \u2028\u2029"}
    text = json_for_script(json.dumps(data, ensure_ascii=False))
    assert not re.search("[<>&\u2028\u2029\n]", text)
    assert json.loads(text) == data


@given(works())
@settings(max_examples=200, deadline=None)
def test_any_work_is_json_without_empty_values(item):
    document = json.loads(jsonld.render(item))
    assert document["@context"] == "https://schema.org"
    assert not empties(document)
    assert json.loads(json_for_script(json.dumps(document, ensure_ascii=False))) == document
