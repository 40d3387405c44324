"""The page of all publications: search, filters, groups, pages of fifty."""

import functools
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from research.models import Profile, Publication, PublicationLink, Topic

from .test_about import Page, get

pytestmark = pytest.mark.django_db

URL = "/publications/"


def titles(page):
    return [title for level, title in page.headings if level == "h3"]


def groups(page):
    return [title for level, title in page.headings if level == "h2"]


def choices(client, url):
    """The filters' choices on a page: a list of (address, label, count, whether it is chosen)."""
    source = client.get(url).content.decode().partition('<details class="facets">')[2].partition("</details>")[0]
    found = re.findall(r'<li><a href="(.*?)"( aria-current="true")? rel="nofollow">(.*?)</a> <span .*?>(\d+)<', source)
    return [
        (html.unescape(href), html.unescape(label), int(count), bool(chosen)) for href, chosen, label, count in found
    ]


@pytest.fixture
def site(make_person, make_publication):
    jane, john = make_person("Jane Doe"), make_person("John Roe")
    owls = Topic.objects.create(name="Owls & co", slug="owls")
    bats = Topic.objects.create(name="Bats", slug="bats")
    make_publication([jane, john], title="One", year=2024, type="article").topics.add(owls)
    make_publication([jane], title="Two", year=2023, type="preprint").topics.add(owls, bats)
    make_publication([john], title="Three", year=2023, type="article").topics.add(bats)
    make_publication([john], title="Hidden", year=2021, status="draft").topics.add(bats)
    return {"jane": jane.pk, "john": john.pk}


def test_a_search_shows_what_it_finds_and_how_much(client, site):
    page = get(client, f"{URL}?q=JANÉ")
    assert titles(page) == ["One", "Two"]
    assert "2 publications match." in page.text
    page = get(client, f"{URL}?q=jane&year=2023")
    assert titles(page) == ["Two"]
    assert "1 publication matches." in page.text


def test_when_nothing_matches_there_is_a_sentence_and_a_way_back(client, site):
    page = get(client, f"{URL}?q=unicorns&year=2024")
    assert titles(page) == []
    assert "Nothing matches this." in page.text
    assert [link for link in page.links if link[1].startswith(("Remove", "Show"))] == [
        (f"{URL}?year=2024", "Remove “unicorns”"),
        (f"{URL}?q=unicorns", "Remove Year: 2024"),
        (URL, "Show all"),
    ]
    assert "Download" not in page.text


def test_every_number_beside_a_choice_is_what_a_click_on_it_shows(client, site):
    """Every page that a reader can reach by clicks is visited."""
    waiting, seen, checked = [URL], set(), 0
    titles_of = functools.cache(lambda url: titles(get(client, url)))
    while waiting:
        url = waiting.pop()
        seen.add(url)
        for href, label, count, is_chosen in choices(client, url):
            shown = titles_of(url if is_chosen else href)
            assert (len(shown), "Hidden" in shown) == (count, False), (url, label)
            checked += 1
            if href not in seen and href not in waiting:
                waiting.append(href)
    assert (len(seen), checked) == (46, 204)


def test_the_choices_of_the_whole_list(client, site):
    assert choices(client, URL) == [
        (f"{URL}?year=2024", "2024", 1, False),
        (f"{URL}?year=2023", "2023", 2, False),
        (f"{URL}?type=article", "Journal article", 2, False),
        (f"{URL}?type=preprint", "Preprint", 1, False),
        (f"{URL}?topic=bats", "Bats", 2, False),
        (f"{URL}?topic=owls", "Owls & co", 2, False),
        (f"{URL}?author={site['jane']}", "Jane Doe", 2, False),
        (f"{URL}?author={site['john']}", "John Roe", 2, False),
    ]


def test_a_facet_without_a_choice_is_not_offered(client, make_publication):
    make_publication(year=2024, type="article")
    make_publication(year=2024, type="preprint")
    assert [label for _, label, _, _ in choices(client, URL)] == ["Journal article", "Preprint"]


def test_the_form_keeps_the_filters_that_are_set(client, site):
    source = client.get(f"{URL}?q=one&year=2024&author={site['jane']}").content.decode()
    form = source.partition("<form")[2].partition("</form>")[0]
    assert re.findall(r'<input type="(\w+)" name="(\w+)".*? value="(.*?)"', form) == [
        ("search", "q", "one"),
        ("hidden", "year", "2024"),
        ("hidden", "author", str(site["jane"])),
    ]
    assert ('action="/publications/"' in form, "method" in form) == (True, False)


def test_what_was_chosen_has_its_name_where_nothing_matches(client, site):
    content = client.get(f"{URL}?topic=owls&type=article&author={site['jane']}&year=1900").content.decode()
    chosen = re.findall(r"<b>(.*?)</b>|<strong>(.*?)</strong>", content)
    assert ["".join(one) for one in chosen] == ["1900", "Journal article", "Owls &amp; co", "Jane Doe"]


def test_the_files_and_the_feed_are_of_what_is_shown(client, site):
    assert [link for link in get(client, f"{URL}?q=j&type=article").links if "." in link[0]] == [
        ("/publications.bib?q=j&type=article", "BibTeX"),
        ("/publications.ris?q=j&type=article", "RIS"),
        ("/publications.json?q=j&type=article", "CSL-JSON"),
        ("/publications.rdf?q=j&type=article", "Zotero RDF"),
        ("/publications.jsonld?q=j&type=article", "JSON-LD"),
        ("/publications/feed.xml?q=j&type=article", "Atom feed"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "year=abc",
        "year=999999999",
        "year=-2024",
        "type=x",
        "author=99999999999999",
        "author=²",
        "topic='",
        "topic=%22%20OR%201=1%20--",
        "q=%00",
        "topic=%00&year=%00&type=%00&author=%00",
        "q=%ff%fe",
        "q=%ed%a0%80",
        "q=" + "a" * 10_000,
        "q=" + "a+" * 3_000,
        "q=" + "(" * 100,
        "q=a&q=b&q=c&year=1&year=2",
        "year[]=2024&q[$ne]=1",
        "&&&=&=",
    ],
)
def test_a_senseless_query_is_no_error(client, site, query):
    assert client.get(f"{URL}?{query}").status_code == 200


@pytest.mark.parametrize("name", ["q", "year", "type", "topic", "author"])
def test_what_is_asked_for_cannot_break_out_of_the_page(client, site, name):
    attack = """"'><script>alert(1)</script>&amp;"""
    source = client.get(URL, {name: attack}).content.decode()
    assert attack not in source
    assert "<script>alert" not in source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in source


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        ("year", [("2024", ["One"]), ("2023", ["Two", "Three"])]),
        ("type", [("Journal articles", ["One", "Three"]), ("Preprints", ["Two"])]),
    ],
)
def test_the_owner_says_how_the_list_is_divided(client, site, profile, grouping, expected):
    Publication.objects.filter(title="Two").update(appeared=20231201)
    Profile.objects.update(publications_grouped_by=grouping)
    page, found = get(client, URL), []
    for level, title in page.headings[1:]:
        if level == "h2":
            found.append((title, []))
        else:
            found[-1][1].append(title)
    assert found == expected


def test_types_stand_in_the_order_that_researchers_rank_them(client, make_publication, profile):
    for kind in sorted(Publication.Type.values):
        make_publication(type=kind)
    Profile.objects.update(publications_grouped_by="type")
    assert groups(get(client, URL)) == [
        "Conference papers",
        "Journal articles",
        "Preprints",
        "Workshop papers",
        "Books",
        "Book chapters",
        "Theses",
        "Technical reports",
        "Datasets",
        "Software",
        "Posters",
        "Talks",
        "Other",
    ]


@pytest.fixture
def many(make_publication):
    for number in range(101):
        make_publication(title=f"Owl {number:03}", year=2024 - number // 30, type="article" if number else "preprint")


def test_a_long_list_has_pages_of_fifty(client, many):
    shown = [titles(get(client, url)) for url in (URL, f"{URL}page/2/", f"{URL}page/3/")]
    assert [len(page) for page in shown] == [50, 50, 1]
    assert [title for page in shown for title in page] == [f"Owl {number:03}" for number in range(101)]


@pytest.mark.parametrize("number", ["0", "4", "99", "99999999999999999999"])
def test_a_page_that_is_not_there_is_not_found(client, many, number):
    assert client.get(f"{URL}page/{number}/").status_code == 404


def test_a_filtered_list_has_only_the_pages_that_it_fills(client, many):
    assert client.get(f"{URL}page/2/?year=2024").status_code == 404


@pytest.mark.parametrize(
    ("url", "links", "place"),
    [
        (f"{URL}?q=owl&type=article", [("/publications/page/2/?q=owl&type=article", "Older")], "Page 1 of 2"),
        (f"{URL}page/2/?q=owl&type=article", [("/publications/?q=owl&type=article", "Newer")], "Page 2 of 2"),
        (
            f"{URL}page/2/",
            [("/publications/", "Newer"), ("/publications/page/3/", "Older")],
            "Page 2 of 3",
        ),
        (f"{URL}page/3/", [("/publications/page/2/", "Newer")], "Page 3 of 3"),
        (f"{URL}?q=nothing", [], None),
        (f"{URL}?q=owl+001", [], None),
    ],
)
def test_the_links_between_pages_keep_the_filters(client, many, url, links, place):
    page = get(client, url)
    assert [link for link in page.links if link[1] in ("Newer", "Older")] == links
    assert re.findall(r"Page \d of \d", page.text) == ([place] if place else [])


def test_a_page_and_its_title_say_which_one_it_is(client, many, profile):
    source = client.get(f"{URL}page/2/").content.decode()
    assert "<title>Publications, page 2 · Jane Doe</title>" in source
    assert '<link rel="canonical" href="http://127.0.0.1:8000/publications/page/2/">' in source


@pytest.mark.parametrize(
    ("count", "place", "text", "hidden"),
    [
        (12, 11, ", ".join(f"A{n}" for n in range(12)), 0),
        (13, 2, ", ".join(f"A{n}" for n in range(8)), 5),
        (13, 12, ", ".join(f"A{n}" for n in range(8)) + ", … A12", 4),
        (300, 150, ", ".join(f"A{n}" for n in range(8)) + ", … A150", 291),
    ],
)
def test_a_long_list_of_authors_collapses_but_for_the_owner(
    client, make_person, make_publication, profile, count, place, text, hidden
):
    people = [make_person(f"A{n}") for n in range(count)]
    make_publication(people)
    profile.person = people[place]
    profile.save()
    authors = client.get(URL).content.decode().partition('<div class="authors">')[2].partition("</div>")[0]
    shown, _, rest = authors.partition("<details>")
    assert Page(shown).text.replace(" ,", ",").removesuffix(",") == text
    assert f"<b>A{place}</b>" in shown
    assert len(re.findall(r"A\d+</a>", rest)) == hidden
    assert (f"<summary>and {hidden} more</summary>" in rest) is bool(hidden)


def test_the_name_of_an_author_leads_to_their_publications_or_where_the_owner_says(
    client, make_person, make_publication, profile
):
    jane, john = make_person("Jane Doe"), make_person("John Roe", url="https://john.example")
    make_publication([jane, john])
    links = get(client, URL).links
    assert (f"{URL}?author={jane.pk}", "Jane Doe") in links
    assert ("https://john.example", "John Roe") in links


def test_the_list_takes_the_same_queries_however_long_it_is(client, make_person, make_publication, profile):
    topic = Topic.objects.create(name="Owls", slug="owls")

    def fill(count):
        for _ in range(count):
            publication = make_publication([make_person(), make_person("John Roe")])
            publication.topics.add(topic)
            PublicationLink.objects.create(publication=publication, kind="code", url="https://code.example")

    counts = []
    for more in (1, 2, 57):
        fill(more)
        counts.append([queries_of(client, url) for url in (URL, f"{URL}?q=doe+owls&type=preprint&topic=owls")])
    assert counts == [[13, 15]] * 3


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
        return len(queries)


def test_drafts_are_in_the_list_search_and_choices_of_staff_alone(client, owner_client, site):
    for url in (URL, f"{URL}?q=hidden", f"{URL}?topic=bats"):
        assert "Hidden" not in titles(get(client, url))
        assert "Hidden Draft" in titles(get(owner_client, url))
    assert [label for _, label, _, _ in choices(owner_client, URL)][:3] == ["2024", "2023", "2021"]
