"""The picture of a publication that is shown where a link to it is shared."""

import io
import random
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops

from research import media, previews

PARTS = previews.Parts("On owls", "Jane Doe, John Roe", "J. Owls", "Jane Doe", "", "#336699")
HEAVIEST = 300_000  # bytes; messengers leave out pictures that are larger


def picture(**changes):
    content = previews.draw(PARTS._replace(**changes))
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(content) < HEAVIEST
    return image.convert("RGB")


def ink(image, box):
    """The bounds of what is drawn in a box of a picture; None where it is empty."""
    part = image.crop(box)
    return ImageChops.difference(part, Image.new("RGB", part.size, "white")).getbbox()


TITLE, AUTHORS, LAST = (20, 0, 1200, 415), (20, 420, 1200, 530), (20, 535, 1200, 630)


def test_a_preview_shows_title_authors_owner_and_venue():
    image = picture()
    assert all(ink(image, box) for box in (TITLE, AUTHORS, LAST))
    assert ink(picture(title=""), TITLE) is None
    assert ink(picture(authors=""), AUTHORS) is None
    assert ink(picture(owner="", venue=""), LAST) is None
    assert ink(picture(venue=""), LAST)[2] < ink(image, LAST)[2]


def test_the_edge_has_the_owners_colour():
    assert picture(accent="#336699").getpixel((5, 300)) != picture(accent="#993333").getpixel((5, 300))


@pytest.mark.parametrize("title", ["Owls " * 100, "W" * 500, "Ż" * 500, "a " * 250, "Short " + "W" * 200 + " words"])
def test_a_long_title_is_cut_before_the_margin_and_the_authors(title):
    image = picture(title=title, authors="")
    assert ink(image, (1200 - previews.MARGIN + 2, 0, 1200, 630)) is None
    assert ink(image, AUTHORS) is None


@pytest.mark.parametrize(
    ("title", "endings"),
    [
        ("Owls", ["s"]),
        ("Owls " * 18, ["s", "s", "s"]),
        ("Owls " * 100, ["s", "s", "s", "s", "…"]),
        ("W" * 500, ["…"]),
        ("Short " + "W" * 200 + " words", ["t", "…", "s"]),
    ],
)
def test_only_what_is_cut_ends_with_dots(monkeypatch, title, endings):
    lines = []
    monkeypatch.setattr(previews.Face, "draw", lambda face, pen, place, text: lines.append(text))
    previews.draw.__wrapped__(PARTS._replace(title=title, authors="", owner="", venue=""))
    assert [line[-1] for line in lines if line] == endings


def test_many_authors_are_cut_before_the_last_line():
    image = picture(authors=", ".join(f"Author Number{n}" for n in range(3_000)), owner="", venue="")
    assert ink(image, AUTHORS)
    assert ink(image, LAST) is None


@pytest.fixture
def noise():
    """The name of a stored picture that is as hard to compress as can be."""
    random.seed(1)
    content = io.BytesIO()
    Image.frombytes("RGB", (1200, 900), random.randbytes(1200 * 900 * 3)).save(content, "PNG")
    return media.store_picture(SimpleUploadedFile("noise.png", content.getvalue()))


def test_a_thumbnail_is_shown_beside_the_title(stored_picture):
    image = picture(thumbnail=stored_picture(colour="#ff0000"), title="Owls " * 100)
    red, green, blue = image.getpixel((1200 - previews.MARGIN - 100, previews.MARGIN + 100))
    assert (red > 240, green < 20, blue < 20) == (True, True, True)
    left = 1200 - previews.MARGIN - previews.THUMBNAIL[0]
    assert ink(image, (left - 38, 0, left - 2, 415)) is None


def test_the_heaviest_preview_is_light_enough_for_messengers(noise):
    picture(title="Owls & bats: " * 50, authors="Jane Doe, " * 50, thumbnail=noise)


def test_a_see_through_thumbnail_stands_on_white():
    content = io.BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(content, "PNG")
    name = media.store_picture(SimpleUploadedFile("clear.png", content.getvalue()))
    image = picture(title="", thumbnail=name)
    assert image.getpixel((1200 - previews.MARGIN - 100, previews.MARGIN + 100)) == (255, 255, 255)


@pytest.mark.parametrize("problem", ["missing", "no picture", "broken"])
def test_without_its_thumbnail_a_preview_is_drawn_all_the_same(stored_picture, problem):
    name = stored_picture(colour="#00ff00")
    if problem == "no picture":
        name = "pictures/no-picture.png"
    else:
        path = Path(default_storage.path(previews.images.Picture.parse(name).fallback))
        path.write_bytes(b"not a picture")
        if problem == "missing":
            path.unlink()
    assert ImageChops.difference(picture(thumbnail=name), picture()).getbbox() is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Żółć, façade & “quotes” – naïve…", "Żółć, façade & “quotes” – naïve…"),
        ("On ℝ and 𝐀", "On R and A"),
        ("so\u00adft\u200b \x02hyphen", "soft hyphen"),
        ("深層学習", ""),
        ("β-decay", ""),
        ("😀", ""),
        ("नमस्ते", ""),
        ("", ""),
    ],
)
def test_a_text_is_shown_if_the_typeface_has_its_letters(text, shown):
    assert previews.settable(text) == shown


def test_letters_that_the_typeface_has_not_leave_the_rest_as_it_is():
    image = picture(title="深層学習", authors="王伟, Jane Doe, 李娜, John Roe", venue="日本", owner="Jane Doe")
    other = picture(title="", authors="Jane Doe, John Roe", venue="", owner="Jane Doe")
    assert ImageChops.difference(image, other).getbbox() is None


def test_other_content_has_another_digest():
    changes = {"title": "A", "authors": "A", "venue": "A", "owner": "A", "thumbnail": "A", "accent": "#000000"}
    digests = {PARTS.digest, *(PARTS._replace(**{name: value}).digest for name, value in changes.items())}
    assert len(digests) == 7
    assert PARTS._replace(title="a", authors="b").digest != PARTS._replace(title="ab", authors="").digest
    assert PARTS.digest == previews.Parts(*PARTS).digest


@pytest.mark.django_db
def test_the_preview_may_be_kept_for_good_under_its_own_digest_only(client, make_publication, make_person, profile):
    make_publication([make_person()], slug="owls", title="On owls")
    current = client.get("/publications/owls/").content.decode().split('property="og:image" content="')[1].split('"')[0]
    path = current.removeprefix("http://127.0.0.1:8000")
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert moved(client.get("/publications/owls/preview-0123456789abcdef.png")) == (301, path, "no-cache")
    profile.accent_colour = "#aa0000"
    profile.save()
    status, current, cache = moved(client.get(path))
    assert (status, current != path, cache) == (301, True, "no-cache")
    assert client.get(current).status_code == 200


def moved(response):
    return response.status_code, response["Location"], response["Cache-Control"]


@pytest.mark.django_db
def test_only_the_picture_as_it_is_now_is_drawn(client, make_publication, profile, monkeypatch):
    make_publication(slug="owls")
    drawn = []
    monkeypatch.setattr(previews, "draw", lambda parts: drawn.append(parts) or b"a picture")
    found = [client.get(f"/publications/owls/preview-{number}.png") for number in range(3)]
    assert ({response.status_code for response in found}, drawn) == ({301}, [])
    assert client.get(found[0]["Location"]).content == b"a picture"


@pytest.mark.django_db
def test_pages_of_other_sites_may_show_the_preview(client, make_publication, profile):
    make_publication(slug="owls")
    response = client.get("/publications/owls/preview-0123456789abcdef.png", follow=True)
    assert response["Content-Type"] == "image/png"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.django_db
def test_the_preview_of_a_renamed_publication_is_found_at_its_old_address(client, make_publication, profile):
    publication = make_publication(slug="owls")
    publication.slug = "bats"
    publication.save()
    response = client.get("/publications/owls/preview-0.png", follow=True)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert [address.partition("-")[0] for address, _ in response.redirect_chain] == ["/publications/bats/preview"] * 2


@pytest.mark.django_db
def test_the_preview_of_a_draft_is_for_staff(client, owner_client, make_publication):
    make_publication(slug="secret", status="draft")
    url = "/publications/secret/preview-0123456789abcdef.png"
    assert (client.get(url).status_code, owner_client.get(url).status_code) == (404, 301)
    current = owner_client.get(url)["Location"]
    assert (client.get(current).status_code, owner_client.get(current).status_code) == (404, 200)
