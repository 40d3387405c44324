"""Two versions, field by field, in words."""

import pytest

from research.history import comparison, records, versions
from research.models import Profile, Publication, Topic

pytestmark = pytest.mark.django_db


def shown(differences):
    return {
        difference.label: tuple("".join(text for _, text in side.pieces) for side in (difference.old, difference.new))
        for difference in differences
    }


def test_every_kind_of_field_is_told_in_its_own_words(paper, rewrite):
    rewrite(paper)
    new, old = (versions.state(version) for version in versions.of(paper)[:2])
    differences = comparison.compare(Publication, old, new)
    assert shown(differences) == {
        "Title": ("Owls", "Bats"),
        "DOI": ("10.1000/owls", "–"),
        "Thumbnail": ("full.png", "–"),
        "Slug": ("owls", "bats"),
        "Topics": ("Birds", "–"),
        "Authors": ("Jane Doe*, John Roe", "John Roe (corresponding)"),
        "Links": ("Code: https://example.org/owls", "Data: https://example.org/bats"),
    }
    (thumbnail,) = (difference for difference in differences if difference.name == "thumbnail")
    assert thumbnail.old.picture == f"/media/{old['fields']['thumbnail'].rpartition('/')[0]}/360.webp"
    assert thumbnail.new.picture == ""


def test_who_was_deleted_is_still_called_by_name(paper, rewrite):
    old = records.state(*records.load(Publication, [paper.pk]))
    rewrite(paper)
    Topic.objects.all().delete()
    assert shown(comparison.compare(Publication, old, records.state(*records.load(Publication, [paper.pk]))))[
        "Topics"
    ] == ("Birds", "–")


def test_choices_and_ticks_are_words(profile):
    old = records.state(*records.load(Profile, [1]))
    profile.photo_side, profile.photo_is_round = "left", False
    profile.save()
    assert shown(comparison.compare(Profile, old, records.state(*records.load(Profile, [1])))) == {
        "Side of the photo": ("Right of the biography", "Left of the biography"),
        "Round photo": ("Yes", "No"),
    }


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("Owls", "Bats", ((("del", "Owls"),), (("ins", "Bats"),))),
        (
            "Owls see in the dark.",
            "Owls hear in the dark.",
            (
                (("", "Owls "), ("del", "see"), ("", " in the dark.")),
                (("", "Owls "), ("ins", "hear"), ("", " in the dark.")),
            ),
        ),
    ],
)
def test_only_what_differs_is_marked(old, new, pieces):
    assert comparison.marked(old, new) == pieces


def test_very_long_texts_are_shown_whole():
    old, new = "owl " * 2_000, "bat " * 2_000
    assert comparison.marked(old, new) == ((("del", old),), (("ins", new),))


def test_a_field_that_a_version_does_not_know_is_not_compared(paper):
    new = records.state(*records.load(Publication, [paper.pk]))
    old = new | {"fields": {name: value for name, value in new["fields"].items() if name != "award"}}
    assert comparison.compare(Publication, old, new) == []


def test_how_a_browser_ends_lines_is_no_difference(profile):
    profile.biography = "Owls.\n\nBats."
    old = records.state(profile)
    profile.biography = "Owls.\r\n\r\nBats."
    assert comparison.compare(Profile, old, records.state(profile)) == []
