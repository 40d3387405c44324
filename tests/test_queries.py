"""A NUL in an address is no fault of the site, whatever the database makes of it."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/publications/?q=ow%00ls", 200),
        ("/publications/?topic=%00&author=%00&year=%00", 200),
        ("/unapi?id=ow%00ls", 300),
        ("/unapi?id=%00", 404),
        ("/media/files/%00.pdf", 404),
        ("/publications/ow%00ls/", 404),
        ("/doi/10.1000/%00", 404),
    ],
)
def test_visitors_get_a_page_or_are_told_that_there_is_none(path, status, client, make_publication):
    make_publication(slug="owls", citation_key="owls", title="Owls")
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/admin/research/publication/?title__exact=%00",
        "/admin/research/person/?folded__contains=a%00",
        "/admin/auth/user/?username__exact=%00",
        "/admin/autocomplete/?term=%00&app_label=research&model_name=authorship&field_name=person",
    ],
)
def test_the_desk_answers(path, owner_client):
    assert owner_client.get(path).status_code == 200
