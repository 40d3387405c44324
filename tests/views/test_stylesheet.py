"""The one stylesheet."""

import re

import pytest

from research import colours, stylesheet

pytestmark = pytest.mark.django_db


def test_the_page_links_one_stylesheet_that_may_be_kept_for_good(client, profile):
    html = client.get("/").content.decode()
    [url] = re.findall(r'<link rel="stylesheet" href="([^"]+)">', html)
    response = client.get(url)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--accent-light:#0b6a80;" in response.content.decode()


def test_another_accent_is_another_address(client, profile):
    before = stylesheet.url(profile.accent_colour)
    profile.accent_colour = "#ff0000"
    profile.save()
    assert f'href="{before}"' not in client.get("/").content.decode()
    old = client.get(before)
    assert old["Cache-Control"] == "no-cache"
    light, dark = colours.accents("#ff0000")
    assert old.content.decode().endswith(f":root{{--accent-light:{light};--accent-dark:{dark}}}\n")


def test_fonts_are_taken_from_the_static_files(client):
    text = stylesheet.text("#0b6a80")
    assert re.findall(r'url\("([^"]+)"\)', text) == [
        "/static/fonts/source-sans-3-latin-wght-normal.woff2",
        "/static/fonts/source-sans-3-latin-wght-italic.woff2",
        "/static/fonts/source-sans-3-latin-ext-wght-normal.woff2",
    ]


def test_nothing_in_it_comes_from_elsewhere():
    assert re.findall(r"https?:|@import", stylesheet.text("#0b6a80")) == []


def test_what_is_for_those_who_write_it_is_not_sent_and_the_rest_is_small():
    text = stylesheet.text("#0b6a80")
    assert re.findall(r"/\*|^ ", text, re.MULTILINE) == []
    assert len(text.encode()) < 15_000
