"""The weekly job, and everything that can go wrong in it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from research.models import Authorship, Person, Publication, PublicationLink, Topic

from .page import open_page

ADD = "/admin/research/publication/add/"
LIST = "/admin/research/publication/"


def change(publication):
    return f"/admin/research/publication/{publication.pk}/change/"


def authors(publication):
    return [
        f"{row.person}{'*' * row.equal_contribution}{'✉' * row.corresponding}" for row in publication.authorships.all()
    ]


def test_the_weekly_job_is_one_post(owner_client, picture, media_files):
    page = open_page(owner_client, ADD)
    page.add_row("links", kind="code", url="https://github.com/jane-doe/owls")
    page.add_row("links", kind="other", label="Leaderboard", url="https://example.org/board")
    page = page.post(
        title="Owls in *the* dark",
        new_authors="Jane Doe*, John Roe*, and Jo Poe✉",
        arxiv_id="https://arxiv.org/abs/2412.04984v2",
        year="2024",
        month="12",
        day="6",
        type="preprint",
        venue_short="arXiv",
        tldr="Owls $x^2$ see.",
        thumbnail=picture(size=(80, 60)),
        thumbnail_alt="An owl",
        abstract="About **owls**.",
    )
    assert page.sentences == []
    assert page.messages == [
        "New among the people: Jane Doe, John Roe, Jo Poe.",
        "The publication “Owls in the dark” was added successfully.",
    ]
    publication = Publication.objects.get()
    assert publication.thumbnail.name in media_files()
    assert (publication.title, publication.slug) == ("Owls in *the* dark", "owls-in-the-dark")
    assert publication.citation_key == "doe2024owls"
    assert (publication.arxiv_id, publication.date) == ("2412.04984", (2024, 12, 6))
    assert (publication.tldr, publication.abstract) == ("Owls $x^2$ see.", "About **owls**.")
    assert (publication.type, publication.venue_short, publication.thumbnail_alt) == ("preprint", "arXiv", "An owl")
    assert (publication.selected, publication.status, publication.publish_at) == (True, "published", None)
    assert authors(publication) == ["Jane Doe*", "John Roe*", "Jo Poe✉"]
    assert [(link.position, str(link), link.href) for link in publication.links.all()] == [
        (0, "Code", "https://github.com/jane-doe/owls"),
        (1, "Leaderboard", "https://example.org/board"),
    ]


def test_the_form_of_a_new_publication_is_prefilled(owner_client):
    fields = open_page(owner_client, ADD).fields
    assert (fields["year"], fields["selected"], fields["status"], fields["type"]) == (
        str(timezone.localdate().year),
        "on",
        "published",
        "preprint",
    )
    assert (fields["title"], fields["slug"], fields["citation_key"]) == ("", "", "")
    assert (fields["authorships-TOTAL_FORMS"], fields["links-TOTAL_FORMS"]) == ("0", "0")


def test_a_title_and_a_year_are_enough(owner_client):
    page = open_page(owner_client, ADD).post(title="Owls")
    assert page.sentences == []
    assert Publication.objects.get().slug == "owls"


def test_an_empty_form_says_what_is_missing(owner_client):
    page = open_page(owner_client, ADD).post(year="", type="", status="")
    assert page.sentences == [
        ("title", "This field is required."),
        ("year", "This field is required."),
        ("type", "This field is required."),
        ("status", "This field is required."),
    ]
    assert not Publication.objects.exists()


def test_every_field_is_saved_and_shown_again(owner_client, make_publication, make_person):
    topic = Topic.objects.create(name="Owls", slug="owls")
    publication = make_publication([(make_person("Jane Doe"), "*")])
    values = {
        "title": "A & B <i>",
        "type": "article",
        "year": "2023",
        "month": "5",
        "day": "7",
        "online_date": "2023-01-02",
        "venue": "Proceedings",
        "venue_short": "PNAS",
        "volume": "12",
        "issue": "3",
        "pages": "101–117",
        "publisher": "Springer",
        "doi": "10.1145/3531146.3533088",
        "arxiv_id": "2412.04984",
        "url": "https://example.org/p",
        "abstract": "\n  indented & <b>",
        "tldr": "Short",
        "thumbnail_alt": "Alt",
        "topics": [str(topic.pk)],
        "award": "Best",
        "note": "To appear",
        "selected": "on",
        "status": "draft",
        "publish_at_0": "2030-01-02",
        "publish_at_1": "03:04:05",
        "slug": "a-b",
        "citation_key": "a:b/c",
    }
    page = open_page(owner_client, change(publication)).post("_continue", **values)
    assert page.sentences == []
    assert {name: page.fields[name] for name in values} == values | {"abstract": "indented & <b>"}
    publication.refresh_from_db()
    assert publication.publish_at == datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    assert publication.online_date == datetime.date(2023, 1, 2)
    assert authors(publication) == ["Jane Doe*"]


def test_saving_without_a_change_changes_nothing(owner_client, make_publication, make_person, stored_picture):
    people = [make_person("Jane Doe"), make_person("John Roe")]
    publication = make_publication(people, thumbnail=stored_picture(), doi="10.1000/a", abstract="Two\r\nlines")
    PublicationLink.objects.create(publication=publication, url="https://example.org")
    tables = (Publication, Authorship, PublicationLink, Person)

    def rows():
        return [
            {name: value for name, value in row.items() if name != "updated"}
            for table in tables
            for row in table.objects.values()
        ]

    before = rows()
    page = open_page(owner_client, change(publication)).post()
    assert page.messages == ["The publication “Paper 1” was changed successfully."]
    assert rows() == before


# --- Wrong input ----------------------------------------------------------------------------------------------------

DOI = "This is not a DOI. A DOI begins with 10. and has a slash, such as 10.1145/3531146.3533088."
ARXIV = "This is not an arXiv identifier. It looks like 2412.04984 or hep-th/9901001."
ADDRESS = "This is not a web address. It begins with https://, such as https://example.org/paper."
NULL = "Null characters are not allowed."


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"doi": "https://example.org/x"}, [("doi", DOI)]),
        ({"arxiv_id": "12345"}, [("arxiv_id", ARXIV)]),
        ({"url": "javascript:alert(1)"}, [("url", ADDRESS)]),
        ({"url": "example.org"}, [("url", ADDRESS)]),
        ({"url": "#top"}, [("url", ADDRESS)]),
        ({"year": "1399"}, [("year", "This year is too early. Write all four digits, such as 2024.")]),
        ({"year": "2201"}, [("year", "This year is too late. Write four digits, such as 2024.")]),
        ({"year": "9" * 30}, [("year", "This year is too late. Write four digits, such as 2024.")]),
        ({"year": "9" * 5000}, [("year", "Enter a whole number.")]),
        ({"year": "soon"}, [("year", "Enter a whole number.")]),
        ({"year": "2024.5"}, [("year", "Enter a whole number.")]),
        ({"month": "13"}, [("month", "There are twelve months: give a number from 1 to 12.")]),
        ({"month": "-1"}, [("month", "Ensure this value is greater than or equal to 0.")]),
        ({"month": "0"}, [("month", "Count from 1, or leave it empty.")]),
        ({"month": "2", "day": "0"}, [("day", "Count from 1, or leave it empty.")]),
        ({"month": "", "day": "7"}, [("month", "Give the month too, or leave the day empty.")]),
        ({"year": "2023", "month": "2", "day": "30"}, [("day", "There is no day 30 in this month.")]),
        ({"year": "2023", "month": "2", "day": "29"}, [("day", "There is no day 29 in this month.")]),
        ({"online_date": "yesterday"}, [("online_date", "Enter a valid date.")]),
        ({"publish_at_0": "2030-01-01"}, [("publish_at", "Enter a valid time.")]),
        ({"title": "a\0b"}, [("title", NULL)]),
        ({"abstract": "a\0b"}, [("abstract", NULL)]),
        ({"new_authors": "Jane\0 Doe"}, [("new_authors", NULL)]),
        ({"title": "x" * 501}, [("title", "Ensure this value has at most 500 characters (it has 501).")]),
        ({"tldr": "x" * 1001}, [("tldr", "Ensure this value has at most 1000 characters (it has 1001).")]),
        ({"type": "novel"}, [("type", "Select a valid choice. novel is not one of the available choices.")]),
        ({"topics": ["99"]}, [("topics", "Select a valid choice. 99 is not one of the available choices.")]),
        (
            {"slug": "two words"},
            [("slug", "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.")],
        ),
        (
            {"citation_key": "two words"},
            [("citation_key", "A citation key is made of letters, digits and : . _ / + - only.")],
        ),
        ({"new_authors": "1; 2"}, [("new_authors", "“1” is not a name.")]),
        (
            {"new_authors": "Wei Wang"},
            [
                (
                    "new_authors",
                    "There are 2 people called Wei Wang. Leave the name out here, and choose the right one in the "
                    "list of authors.",
                )
            ],
        ),
    ],
)
def test_wrong_input_gets_a_sentence_and_nothing_is_lost(values, sentences, owner_client, make_person):
    make_person("Wei Wang")
    make_person("Wei Wang")
    typed = {"title": "Owls", "tldr": "Kept", "new_authors": "Jo Poe"} | values
    page = open_page(owner_client, ADD).post(**typed)
    assert page.sentences == sentences
    assert {name: page.fields[name] for name in typed if name != "type" and name != "topics"} == {
        name: value for name, value in typed.items() if name != "type" and name != "topics"
    }
    assert not Publication.objects.exists()
    assert Person.objects.count() == 2


def test_the_29th_of_february_of_a_leap_year_exists(owner_client):
    page = open_page(owner_client, ADD).post(title="Owls", year="2024", month="2", day="29")
    assert page.sentences == []
    assert Publication.objects.get().date == (2024, 2, 29)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"slug": "owls"}, ("slug", "Another publication has this address. Change it a little, or leave it empty.")),
        (
            {"doi": "https://doi.org/10.1000/ABC"},
            ("", "Another publication has this DOI. Edit that one, or correct the DOI."),
        ),
        (
            {"arxiv_id": "arXiv:2412.04984v3"},
            ("", "Another publication has this arXiv identifier. Edit that one, or correct it."),
        ),
        ({"citation_key": "doe2024OWLS"}, ("", "Another publication has this citation key. Change one of them.")),
        ({"slug": "linkset"}, ("", "The address “linkset” is used by the site. Change it a little.")),
    ],
)
def test_what_identifies_a_publication_is_its_own(values, sentence, owner_client, make_publication):
    make_publication(slug="owls", doi="10.1000/abc", arxiv_id="2412.04984", citation_key="Doe2024owls")
    page = open_page(owner_client, ADD).post(title="Another", **values)
    assert page.sentences == [sentence]
    assert Publication.objects.count() == 1


def test_several_publications_may_lack_what_identifies_them(owner_client):
    for title in ("Owls", "Bats"):
        assert open_page(owner_client, ADD).post(title=title).sentences == []
    assert Publication.objects.filter(doi="", arxiv_id="").count() == 2


# --- Slug and citation key ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "slug", "key"),
    [
        ("Owls in $x^2$ *dark*", "owls-in-x2-dark", "doe2024owls"),
        ("猫头鹰", "publication", "doe2024"),
        ("***", "publication", "doe2024"),
        ("Linkset", "linkset-2", "doe2024linkset"),
        ("x" * 300, "x" * 90, "doe2024" + "x" * 73),
    ],
)
def test_slug_and_key_are_made_where_they_are_left_empty(title, slug, key, owner_client):
    page = open_page(owner_client, ADD).post(title=title, year="2024", new_authors="Jane Doe")
    assert page.sentences == []
    publication = Publication.objects.get()
    assert (publication.slug, publication.citation_key) == (slug, key)


def test_made_slugs_and_keys_are_unique(owner_client):
    for _ in range(3):
        page = open_page(owner_client, ADD).post(title="Owls", year="2024", new_authors="Jane Doe")
        assert page.sentences == []
    assert list(Publication.objects.order_by("pk").values_list("slug", "citation_key")) == [
        ("owls", "doe2024owls"),
        ("owls-2", "doe2024owlsb"),
        ("owls-3", "doe2024owlsc"),
    ]


def test_the_key_names_the_chosen_first_author_before_the_typed_one(owner_client, make_person):
    page = open_page(owner_client, ADD)
    page.add_row("authorships", person=str(make_person("John Roe").pk))
    page.post(title="Owls", year="2024", new_authors="Jane Doe")
    publication = Publication.objects.get()
    assert authors(publication) == ["John Roe", "Jane Doe"]
    assert publication.citation_key == "roe2024owls"


def test_an_emptied_key_is_made_anew_and_a_given_one_stays(owner_client, make_publication, make_person):
    publication = make_publication([make_person("Jane Doe")], title="Owls", year=2024)
    open_page(owner_client, change(publication)).post(year="2023")
    publication.refresh_from_db()
    assert publication.citation_key == "key1"
    open_page(owner_client, change(publication)).post(citation_key="", slug="")
    publication.refresh_from_db()
    assert (publication.citation_key, publication.slug) == ("doe2023owls", "owls")


def test_a_renamed_slug_keeps_the_old_address(owner_client, client, make_publication):
    publication = make_publication(slug="owls")
    open_page(owner_client, change(publication)).post(slug="night-owls")
    response = client.get("/publications/owls/")
    assert (response.status_code, response["Location"]) == (301, "/publications/night-owls/")
    open_page(owner_client, change(publication)).post(slug="owls")
    assert client.get("/publications/owls/").status_code == 200
    assert client.get("/publications/night-owls/")["Location"] == "/publications/owls/"


def test_a_made_slug_never_takes_the_old_address_of_another_publication(owner_client, client, make_publication):
    publication = make_publication(slug="owls")
    open_page(owner_client, change(publication)).post(slug="night-owls")
    open_page(owner_client, ADD).post(title="Owls")
    assert Publication.objects.latest("pk").slug == "owls-2"
    assert client.get("/publications/owls/")["Location"] == "/publications/night-owls/"


# --- Links ----------------------------------------------------------------------------------------------------------

EITHER = "A link has either an address or a file."


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"kind": "data"}, [("", EITHER)]),
        (
            {"kind": "other", "url": "https://example.org"},
            [("label", "Say what visitors shall read, such as “Newsletter”.")],
        ),
        ({"url": "javascript:alert(1)"}, [("url", ADDRESS)]),
        (
            {"url": "https://example.org", "kind": "nonsense"},
            [("kind", "Select a valid choice. nonsense is not one of the available choices.")],
        ),
        (
            {"url": "https://example.org", "label": "x" * 61},
            [("label", "Ensure this value has at most 60 characters (it has 61).")],
        ),
    ],
)
def test_a_wrong_link_gets_a_sentence(values, sentences, owner_client):
    page = open_page(owner_client, ADD)
    page.add_row("links", **values)
    page = page.post(title="Owls")
    assert page.sentences == [(f"links-0-{name}" if name else "", sentence) for name, sentence in sentences]
    assert not Publication.objects.exists()


def test_a_link_has_not_both_an_address_and_a_file(owner_client, pdf):
    page = open_page(owner_client, ADD)
    page.add_row("links", kind="slides", url="https://example.org", file=pdf())
    page = page.post(title="Owls")
    assert page.sentences == [("", EITHER)]
    page = page.post(**{"links-0-url": ""})  # the file came with the first try
    assert page.sentences == []
    link = PublicationLink.objects.get()
    assert (link.url, link.file.name.rpartition("/")[2]) == ("", "slides.pdf")


def test_links_are_put_in_order_and_removed(owner_client, make_publication):
    publication = make_publication()
    for position, kind in enumerate(["code", "data", "video"]):
        PublicationLink.objects.create(publication=publication, kind=kind, url="https://a.org", position=position)
    page = open_page(owner_client, change(publication))
    page.post(**{"links-0-position": "2", "links-1-DELETE": "on", "links-2-position": "0"})
    assert [link.kind for link in publication.links.all()] == ["video", "code"]


# --- The rest -------------------------------------------------------------------------------------------------------


def test_the_form_leads_to_the_page(owner_client, make_publication):
    publication = make_publication(slug="owls", status="draft")
    page = open_page(owner_client, change(publication))
    address = next(address for address, text in page.links.items() if text == "View on site")
    assert owner_client.get(address)["Location"].endswith("/publications/owls/")


def test_a_publication_is_deleted_and_its_people_stay(owner_client, make_publication, make_person):
    publication = make_publication([make_person("Jane Doe")])
    url = reverse("admin:research_publication_delete", args=[publication.pk])
    response = owner_client.post(url, {"post": "yes"}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert (Publication.objects.count(), Authorship.objects.count(), Person.objects.count()) == (0, 0, 1)
