"""Slugs: made of titles, and the next free one."""

import pytest

from research import slugs
from research.models import Publication


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Attention in *C. elegans*", "attention-in-c-elegans"), ("注意", "publication"), ("x" * 500, "x" * 90)],
)
def test_a_slug_is_made_of_the_titles_latin_letters(title, slug):
    assert slugs.make(title, "publication") == slug


def test_a_slug_that_another_has_or_had_or_that_is_reserved_gets_a_number(db, make_publication):
    owls, another = make_publication(slug="owls"), make_publication(slug="owls-3")
    another.former_slugs.create(slug="owls-2")
    make_publication(slug="owlsx")
    assert slugs.unused("owls", owls) == "owls"  # its own
    assert slugs.unused("owls", Publication()) == "owls-4"
    assert slugs.unused("owls-2", another) == "owls-2"
    assert slugs.unused("linkset", owls) == "linkset-2"


def test_however_many_have_a_slug_one_question_finds_the_next(db, make_publication, django_assert_num_queries):
    make_publication(slug="owls"), make_publication(slug="owls-2")
    with django_assert_num_queries(1):
        assert slugs.unused("owls", Publication()) == "owls-3"
    assert slugs.first_free("owls", {"owls", *(f"owls-{number}" for number in range(2, 2_001))}) == "owls-2001"
