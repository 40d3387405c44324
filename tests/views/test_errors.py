"""What a visitor reads when something is missing or broken."""

from unittest import mock

import pytest
from django.db import DatabaseError


@pytest.mark.django_db
def test_a_missing_page_answers_in_the_look_of_the_site(client, profile):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    html = response.content.decode()
    assert "<h1>There is no page here</h1>" in html
    assert "Jane Doe" in html


@pytest.mark.django_db
def test_the_page_is_never_kept_where_staff_sees_it(owner_client):
    assert owner_client.get("/nowhere/")["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_the_error_page_comes_even_without_its_stylesheet(client):
    client.raise_request_exception = False
    with mock.patch("research.stylesheet.url", side_effect=ValueError("Missing staticfiles manifest entry")):
        response = client.get("/")
    assert response.status_code == 500
    assert "<h1>Something went wrong</h1>" in response.content.decode()


@pytest.mark.django_db
def test_a_broken_database_gets_a_page_that_asks_nothing_of_it(client, settings):
    client.raise_request_exception = False
    with mock.patch("research.models.Profile.current", side_effect=DatabaseError("disk I/O error")):
        broken, missing = client.get("/"), client.get("/nowhere/")
    for response in (broken, missing):
        assert response.status_code == 500
        assert "<h1>Something went wrong</h1>" in response.content.decode()
        assert "disk I/O error" not in response.content.decode()


@pytest.mark.django_db
def test_the_stylesheet_of_the_error_page_needs_no_database_either(client):
    from research import colours, stylesheet

    url = stylesheet.url(colours.DEFAULT_ACCENT)
    with mock.patch("research.models.Profile.current", side_effect=DatabaseError("disk I/O error")):
        response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "text/css; charset=utf-8")
