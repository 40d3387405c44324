import pytest

from research.models import Profile, ProfileLink

from .page import open_page

FORM = "/admin/research/profile/1/change/"
ADDRESS = "This is not a web address. It begins with https://, such as https://example.org/paper."


def test_the_list_leads_to_the_form(owner_client, profile):
    page = open_page(owner_client, "/admin/research/profile/")
    assert page.url == FORM
    assert (page.fields["name"], page.fields["biography"]) == ("Jane Doe", "I study **owls**.")


def test_a_profile_that_was_lost_is_made_anew(owner_client, profile):
    Profile.objects.all().delete()
    assert open_page(owner_client, "/admin/research/profile/").url == FORM
    assert Profile.objects.get().pk == 1


@pytest.mark.parametrize("url", ["/admin/research/profile/add/", "/admin/research/profile/1/delete/"])
def test_there_is_one_profile_always(url, owner_client, profile):
    assert owner_client.get(url).status_code == 403
    assert owner_client.post(url, {"post": "yes"}).status_code == 403
    assert Profile.objects.get() == profile
    assert url not in open_page(owner_client, FORM).links
    assert url not in open_page(owner_client, "/admin/").links


def test_every_field_is_saved_and_shown_again(owner_client, profile, make_person):
    values = {
        "name": "Jane & Doe",
        "headline": "Owl <researcher>",
        "biography": "I **am**\r\n\r\nmyself",
        "photo_alt": "Me",
        "photo_side": "left",
        "accent_colour": "#AA0000",
        "projects_heading": "What I do",
        "projects_introduction": "I do:",
        "publications_heading": "Past Research",
        "publications_introduction": "I did:",
        "selected_count": "3",
        "person": str(make_person("Jane Doe").pk),
    }
    page = open_page(owner_client, FORM).post("_continue", **values, photo_is_round=None)
    assert page.sentences == []
    assert {name: page.fields[name] for name in values} == values | {"biography": "I **am**\r\n\r\nmyself"}
    assert "photo_is_round" not in page.fields
    saved = Profile.objects.values(*values).get()
    assert saved == values | {"selected_count": 3, "person": int(values["person"])}


def test_photo_and_cv_are_stored(owner_client, profile, picture, pdf, media_files):
    page = open_page(owner_client, FORM).post(photo=picture(size=(60, 60)), cv=pdf("cv.pdf"))
    assert page.sentences == []
    profile.refresh_from_db()
    assert {profile.photo.name, profile.cv.name} <= media_files()


def test_an_empty_form_says_what_is_missing(owner_client, profile):
    page = open_page(owner_client, FORM)
    page = page.post(**{name: "" for name in page.fields if not name.startswith(("links-", "csrf"))})
    required = "This field is required."
    assert page.sentences == [
        ("photo_side", required),
        ("accent_colour", required),
        ("projects_heading", required),
        ("publications_heading", required),
        ("selected_count", required),
        ("publications_grouped_by", required),
    ]
    assert Profile.objects.get().name == "Jane Doe"


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"accent_colour": "red"}, [("accent_colour", "A colour looks like #0b6a80.")]),
        ({"accent_colour": "#0b6a8g"}, [("accent_colour", "A colour looks like #0b6a80.")]),
        ({"selected_count": "0"}, [("selected_count", "Ensure this value is greater than or equal to 1.")]),
        ({"selected_count": "101"}, [("selected_count", "Ensure this value is less than or equal to 100.")]),
        ({"selected_count": "-5"}, [("selected_count", "Ensure this value is greater than or equal to 0.")]),
        ({"selected_count": "many"}, [("selected_count", "Enter a whole number.")]),
        ({"photo_side": "top"}, [("photo_side", "Select a valid choice. top is not one of the available choices.")]),
        ({"person": "99"}, [("person", "Select a valid choice. That choice is not one of the available choices.")]),
        ({"name": "\0"}, [("name", "Null characters are not allowed.")]),
        ({"headline": "x" * 301}, [("headline", "Ensure this value has at most 300 characters (it has 301).")]),
    ],
)
def test_wrong_input_gets_a_sentence_and_nothing_is_lost(values, sentences, owner_client, profile):
    page = open_page(owner_client, FORM).post(**{"biography": "Typed"} | values)
    assert page.sentences == sentences
    assert page.fields["biography"] == "Typed"
    assert Profile.objects.get().biography == "I study **owls**."


# --- Links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "href"),
    [
        ("email", "mailto:jane@example.org", "jane@example.org", "mailto:jane@example.org"),
        (
            "orcid",
            "https://orcid.org/0000-0002-1825-0097",
            "0000-0002-1825-0097",
            "https://orcid.org/0000-0002-1825-0097",
        ),
        ("orcid", "0000000218250097", "0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("github", " https://github.com/jane ", "https://github.com/jane", "https://github.com/jane"),
        ("cv", "/media/files/cv.pdf", "/media/files/cv.pdf", "/media/files/cv.pdf"),
    ],
)
def test_a_link_is_stored_in_its_one_form(kind, typed, stored, href, owner_client, profile):
    page = open_page(owner_client, FORM)
    page.add_row("links", kind=kind, address=typed)
    assert page.post().sentences == []
    link = ProfileLink.objects.get()
    assert (link.kind, link.address, link.href, link.visible) == (kind, stored, href, True)


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"kind": "", "address": "https://a.org"}, [("kind", "This field is required.")]),
        (
            {"kind": "other", "address": "https://a.org"},
            [("label", "Say what visitors shall read, such as “Newsletter”.")],
        ),
        ({"kind": "github", "address": "javascript:alert(1)"}, [("address", ADDRESS)]),
        ({"kind": "github", "address": "data:text/html,x"}, [("address", ADDRESS)]),
        ({"kind": "github", "address": "jane"}, [("address", ADDRESS)]),
        (
            {"kind": "email", "address": "jane"},
            [("address", "This is not a mail address. It looks like jane@example.org.")],
        ),
        (
            {"kind": "orcid", "address": "0000-0002-1825-0098"},
            [("address", "This ORCID iD has a typing mistake: its last digit does not fit the others.")],
        ),
        (
            {"kind": "orcid", "address": "jane"},
            [("address", "This is not an ORCID iD. It has 16 digits, such as 0000-0002-1825-0097.")],
        ),
        (
            {"kind": "github", "address": "https://a.org", "position": "-1"},
            [("position", "Ensure this value is greater than or equal to 0.")],
        ),
    ],
)
def test_a_wrong_link_gets_a_sentence(values, sentences, owner_client, profile):
    page = open_page(owner_client, FORM)
    page.add_row("links", **values)
    page = page.post(name="Typed")
    assert page.sentences == [(f"links-0-{name}", sentence) for name, sentence in sentences]
    assert (page.fields["name"], page.fields["links-0-address"]) == ("Typed", values["address"])
    assert not ProfileLink.objects.exists()


def test_links_are_put_in_order_hidden_and_removed(owner_client, profile):
    for position, kind in enumerate(["github", "dblp", "arxiv"]):
        profile.links.create(kind=kind, address="https://a.org", position=position)
    page = open_page(owner_client, FORM)
    page.add_row("links", kind="email", address="jane@example.org")
    changes = {"links-0-position": "2", "links-0-visible": None, "links-1-DELETE": "on", "links-2-position": "0"}
    assert page.post(**changes).sentences == []
    assert [(link.kind, link.visible) for link in profile.links.all()] == [
        ("arxiv", True),
        ("github", False),
        ("email", True),
    ]


def test_the_form_asks_the_database_as_often_for_ten_links_as_for_one(owner_client, profile, queries_of):
    profile.links.create(kind="github", address="https://a.org")
    few = queries_of(lambda: open_page(owner_client, FORM))
    for position in range(9):
        profile.links.create(kind="github", address="https://a.org", position=position)
    assert queries_of(lambda: open_page(owner_client, FORM)) == few


def test_the_form_leads_to_the_page(owner_client, profile):
    page = open_page(owner_client, FORM)
    address = next(address for address, text in page.links.items() if text == "View on site")
    assert owner_client.get(address)["Location"].endswith("testserver/")


def test_an_edit_of_the_profile_or_its_links_is_dated(owner_client, profile):
    def dated(page):
        Profile.objects.update(updated=None)
        assert page.post().sentences == []
        return Profile.objects.get().updated is not None

    page = open_page(owner_client, FORM)
    page.add_row("links", kind="github", address="https://github.com/jane")
    assert dated(page)
    page = open_page(owner_client, FORM)
    page.fields["links-0-address"] = "https://github.com/jane-doe"
    assert dated(page)


def test_a_profile_that_nobody_wrote_is_not_written_though_it_was_saved(db):
    profile = Profile.objects.get()
    assert (profile.updated, profile.is_written) == (None, False)
    profile.save()
    profile.refresh_from_db()
    assert (profile.updated is not None, profile.is_written) == (True, False)
    profile.selected_count = 3
    assert profile.is_written
