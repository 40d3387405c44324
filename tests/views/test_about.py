"""The about page, as a visitor reads it."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from research.models import ProfileLink, Project, PublicationLink

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """The text of a page, piece by piece, and its links, pictures and headings."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.links, self.images, self.headings = [], [], [], []
        self._link, self._heading = None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a":
            self._link = [attributes.get("href"), ""]
        if tag == "img":
            self.images.append(attributes)
        if re.fullmatch("h[1-6]", tag):
            self._heading = [tag, ""]

    def handle_endtag(self, tag):
        if tag == "a" and self._link:
            self.links.append((self._link[0], " ".join(self._link[1].split())))
            self._link = None
        if self._heading and tag == self._heading[0]:
            self.headings.append((tag, " ".join(self._heading[1].split())))
            self._heading = None

    def handle_data(self, data):
        if text := " ".join(data.split()):
            self.texts.append(text)
        for open_one in (self._link, self._heading):
            if open_one:
                open_one[1] += data

    @property
    def text(self):
        return " ".join(self.texts)


def get(client, url="/"):
    response = client.get(url)
    assert response.status_code == 200
    return Page(response.content.decode())


def test_an_empty_site_says_what_to_do_next(client):
    page = get(client)
    assert page.headings == [("h1", "This site is ready to be written")]
    assert [href for href, _ in page.links if href.startswith("/admin/")] == [
        "/admin/",
        "/admin/research/profile/1/change/",
        "/admin/research/publication/add/",
        "/admin/research/project/add/",
    ]


def test_sections_without_content_vanish(client, profile):
    page = get(client)
    assert page.headings == [("h1", "Jane Doe")]
    assert "equal contribution" not in page.text


def test_the_headings_and_introductions_are_the_owners(client, profile, make_project, make_publication):
    profile.projects_heading, profile.projects_introduction = "What I do", "I am *currently* working on:"
    profile.publications_heading, profile.publications_introduction = "What I did", "In short:"
    profile.save()
    make_project(summary="a model of [owls](https://owls.example)")
    make_publication(selected=True, title="Owls")
    html = client.get("/").content.decode()
    assert Page(html).headings == [("h1", "Jane Doe"), ("h2", "What I do"), ("h2", "What I did"), ("h3", "Owls")]
    assert "<p>I am <em>currently</em> working on:</p>" in html
    assert "<p>In short:</p>" in html
    assert ("https://owls.example", "owls") in Page(html).links


def test_headings_of_the_owner_follow_the_order_of_the_page(client, profile):
    profile.biography = "# Now\n\nOwls.\n\n## Before\n\nCats."
    profile.save()
    assert get(client).headings == [("h1", "Jane Doe"), ("h2", "Now"), ("h3", "Before")]


def test_the_links_row_is_in_order_and_leaves_out_what_is_hidden(client, profile):
    for position, (kind, address, label, visible) in enumerate(
        [
            ("other", "https://forms.example/f", "Feedback form", True),
            ("email", "jane@example.org", "", True),
            ("cv", "https://example.org/secret-cv.pdf", "", False),
            ("orcid", "0000-0002-1825-0097", "", True),
        ]
    ):
        ProfileLink.objects.create(
            profile=profile, kind=kind, address=address, label=label, visible=visible, position=9 - position
        )
    page = get(client)
    assert page.links[-3:] == [
        ("https://orcid.org/0000-0002-1825-0097", "ORCID"),
        ("mailto:jane@example.org", "Email"),
        ("https://forms.example/f", "Feedback form"),
    ]
    assert "secret-cv" not in client.get("/").content.decode()


def test_the_uploaded_cv_joins_the_links_row(client, profile):
    profile.cv = "files/abc/cv.pdf"
    profile.save()
    assert get(client).links[-1] == ("/media/files/abc/cv.pdf", "CV")


@pytest.mark.parametrize(
    ("side", "is_round", "classes"),
    [
        ("right", True, ["profile with-portrait", "portrait round"]),
        ("left", False, ["profile with-portrait left", "portrait"]),
    ],
)
def test_the_portrait_is_where_and_as_the_owner_chose(client, profile, stored_picture, side, is_round, classes):
    profile.photo, profile.photo_side, profile.photo_is_round = stored_picture(size=(500, 500)), side, is_round
    profile.save()
    html = client.get("/").content.decode()
    assert re.findall(r'class="(profile[^"]*|portrait[^"]*)"', html) == classes
    [image] = Page(html).images
    assert (image["alt"], image["width"], image["height"]) == ("Jane Doe", "500", "500")
    assert "loading" not in image


def test_a_publication_shows_authors_in_order_with_self_bold_and_stars(client, profile, make_person, make_publication):
    jane, john = make_person("Jane Doe"), make_person("John Roe", url="https://roe.example")
    namesake = make_person("Jane Doe")
    profile.person = jane
    profile.save()
    make_publication(selected=True, authors=[(john, "*"), (jane, "*"), namesake])
    html = client.get("/").content.decode()
    assert re.search(r'<div class="authors">(.*?)\s*</div>', html)[1] == (
        '<a href="https://roe.example">John Roe</a>*, <b>Jane Doe*</b>, '
        f'<a href="/publications/?author={namesake.pk}">Jane Doe</a>'
    )
    assert html.count("* equal contribution") == 1


def test_without_a_star_there_is_no_footnote(client, profile, make_person, make_publication):
    make_publication(selected=True, authors=[make_person()])
    make_publication(selected=False, authors=[(make_person("John Roe"), "*")])
    assert "equal contribution" not in client.get("/").content.decode()


def test_an_entry_has_thumbnail_title_venue_sentence_and_links(client, profile, make_publication, stored_picture):
    publication = make_publication(
        selected=True,
        title="Owls *fly* at $x^2$",
        arxiv_id="2412.04984",
        doi="10.1000/xyz",
        venue="Journal of Owls",
        venue_short="J. Owls 2024",
        tldr="They **do**.",
        thumbnail=stored_picture(size=(800, 400)),
        thumbnail_alt="An owl",
    )
    PublicationLink.objects.create(publication=publication, kind="code", url="https://code.example", position=1)
    PublicationLink.objects.create(
        publication=publication, kind="other", label="Leaderboard", url="https://board.example", position=0
    )
    page = get(client)
    assert page.links[-7:] == [
        ("https://doi.org/10.1000/xyz", ""),
        ("https://doi.org/10.1000/xyz", "Owls fly at x2"),
        ("https://arxiv.org/abs/2412.04984", "arXiv"),
        ("https://doi.org/10.1000/xyz", "DOI"),
        ("https://board.example", "Leaderboard"),
        ("https://code.example", "Code"),
        ("/publications/paper-1/", "Details"),
    ]
    assert "J. Owls 2024" in page.texts
    assert "Journal of Owls" not in page.text
    [image] = page.images
    assert {name: image[name] for name in ("alt", "width", "height", "loading")} == {
        "alt": "An owl",
        "width": "800",
        "height": "400",
        "loading": "lazy",
    }


def test_a_picture_is_offered_in_the_sizes_that_the_page_uses(client, profile, make_publication, stored_picture):
    name = stored_picture(size=(800, 400))
    make_publication(selected=True, thumbnail=name)
    folder = "/media/" + name.rpartition("/")[0]
    html = client.get("/").content.decode()
    assert re.findall(r'<source type="([^"]+)" srcset="([^"]+)" sizes="([^"]+)"', html) == [
        (
            f"image/{kind}",
            ", ".join(f"{folder}/{width}.{kind} {width}w" for width in (180, 360, 540, 720, 800)),
            "(min-width: 36rem) 11.25rem, min(22rem, 100vw)",
        )
        for kind in ("avif", "webp")
    ]


def test_the_description_of_a_thumbnail_is_its_title_where_none_was_written(
    client, profile, make_publication, stored_picture
):
    make_publication(selected=True, title="*Owls*", thumbnail=stored_picture())
    assert [image["alt"] for image in get(client).images] == ["Owls"]


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"url": "https://paper.example", "doi": "10.1000/a", "arxiv_id": "2412.04984"}, "https://paper.example"),
        ({"doi": "10.1000/a<b>", "arxiv_id": "2412.04984"}, "https://doi.org/10.1000/a%3Cb%3E"),
        ({"arxiv_id": "2412.04984", "pdf": "files/a/p.pdf"}, "https://arxiv.org/abs/2412.04984"),
        ({"pdf": "files/a/p.pdf"}, "/publications/paper-1/paper-1.pdf"),
        ({}, "/publications/paper-1/"),
    ],
)
def test_the_title_leads_to_the_paper_or_else_to_the_record(client, profile, make_publication, fields, url):
    make_publication(selected=True, title="Owls", **fields)
    assert [href for href, text in get(client).links if text == "Owls"] == [url]


def test_the_newest_selected_publications_are_shown_up_to_the_chosen_number(client, profile, make_publication):
    profile.selected_count = 2
    profile.save()
    make_publication(selected=True, title="Old", year=2020)
    make_publication(selected=True, title="Newest", year=2024, month=5)
    make_publication(selected=True, title="First online long before", year=2024, month=6, online_date="2019-01-01")
    make_publication(selected=True, title="New", year=2024, month=4, day=30)
    make_publication(selected=False, title="Not selected", year=2025)
    page = get(client)
    assert [text for tag, text in page.headings if tag == "h3"] == ["Newest", "New"]
    assert page.links[-1] == ("/publications/", "All publications")


def test_all_publications_are_not_linked_where_they_are_shown_already(client, profile, make_publication):
    make_publication(selected=True)
    assert "All publications" not in get(client).text


def test_only_active_projects_are_listed_in_the_owners_order(client, profile, make_project):
    make_project(summary="second", position=2)
    make_project(summary="first", position=1)
    make_project(summary="long over", phase=Project.Phase.PAST)
    page = get(client)
    assert [text for text in page.texts if text in ("first", "second", "long over")] == ["first", "second"]


def test_text_of_the_owner_cannot_break_out_of_the_page(client, profile, make_publication):
    attack = '"><script>alert(1)</script>'
    profile.name = profile.headline = profile.biography = profile.projects_heading = attack
    profile.save()
    make_publication(selected=True, title=attack, tldr=attack, venue_short=attack, award=attack)
    html = client.get("/").content.decode()
    assert re.findall(r"<script[^>]*>", html) == [
        '<script type="application/ld+json">',
        '<script src="/static/js/theme.js" defer>',
    ]


def test_the_page_takes_the_same_few_queries_however_much_it_shows(
    client, profile, make_person, make_publication, make_project, django_assert_max_num_queries
):
    def fill(count):
        people = [make_person(f"Author {number}") for number in range(3)]
        for _ in range(count):
            publication = make_publication(selected=True, authors=people)
            PublicationLink.objects.create(publication=publication, kind="code", url="https://code.example")
            make_project(summary="Owls")

    profile.selected_count = 100
    profile.save()
    fill(3)
    client.get("/")
    with django_assert_max_num_queries(12) as with_three:
        client.get("/")
    fill(297)
    client.get("/")
    with django_assert_max_num_queries(12) as with_three_hundred:
        response = client.get("/")
    assert response.content.count(b'<li class="entry') == 100
    assert len(with_three_hundred) == len(with_three)


def test_visitors_get_no_cookie_and_staff_pages_are_never_cached(client, owner_client, profile):
    response = client.get("/")
    assert response.cookies == {}
    assert "Cache-Control" not in response
    assert owner_client.get("/")["Cache-Control"] == "private, no-store"


def test_only_staff_see_what_is_not_published(client, owner_client, profile, make_publication, make_project):
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    make_publication(selected=True, title="A draft", status="draft")
    make_publication(selected=True, title="An embargo", publish_at=tomorrow)
    make_publication(selected=True, title="Public")
    make_project(summary="A secret project", status="draft")
    secrets = ("A draft", "An embargo", "A secret project")
    public, private = get(client).text, get(owner_client).text
    assert [text for text in secrets if text in public] == []
    assert [text for text in secrets if text in private] == list(secrets)
    assert private.count("Draft") == 2
    assert "Hidden until" in private


def test_the_query_set_agrees_with_the_record_on_what_is_public(make_publication):
    from research.models import Publication

    now = timezone.now()
    for status in ("draft", "published"):
        for publish_at in (None, now - timezone.timedelta(hours=1), now + timezone.timedelta(hours=1)):
            make_publication(status=status, publish_at=publish_at)
    public = set(Publication.objects.visible_to(AnonymousUser()))
    assert public == {publication for publication in Publication.objects.all() if publication.is_public}
    assert len(public) == 2


def test_a_site_without_the_profile_row_still_answers(client, profile):
    type(profile).objects.all().delete()
    assert client.get("/").status_code == 200
