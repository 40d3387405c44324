"""What public records lack: a DOI, a venue, an abstract, a thumbnail, the description of a picture."""

import pytest

from research.health import abstracts, alt_texts, dois, thumbnails, venues

pytestmark = pytest.mark.django_db
WHOLE = {"type": "article", "doi": "10.5555/whole", "venue": "Nature", "abstract": "Owls.", "selected": True}
CASES = [
    (dois, {"doi": ""}, "no DOI", {"type": "preprint"}),
    (venues, {"venue": ""}, "no venue", {"venue_short": "Nature"}),
    (venues, {"venue": ""}, "no venue", {"event": "12th Conference on Owls"}),
    (venues, {"venue": ""}, "no venue", {"type": "preprint"}),
    (abstracts, {"abstract": ""}, "no abstract", {"type": "talk"}),
    (thumbnails, {"thumbnail": ""}, "no thumbnail, and is on the about page", {"selected": False}),
]


@pytest.mark.parametrize(("check", "lacking", "what", "excuse"), CASES)
def test_what_a_publication_lacks_is_said_with_the_link_to_its_form(
    make_publication, stored_picture, said, check, lacking, what, excuse
):
    whole = WHOLE | {"thumbnail": stored_picture()}
    make_publication(**whole)
    bare = whole | {"doi": "10.5555/bare"} | lacking
    publication = make_publication(title="On *owls*", **bare)
    for _, hidden in enumerate([{"status": "draft"}, excuse]):
        make_publication(
            **bare | {"doi": ""} | ({"doi": "10.5555/other"} if hidden == excuse and bare["doi"] else {}) | hidden
        )
    expected = (f"“On owls” has {what}.", f"/admin/research/publication/{publication.pk}/change/")
    assert said(check) == [expected]


def test_pictures_without_a_description_are_said(make_publication, make_project, profile, stored_picture, said):
    picture = stored_picture()
    publication = make_publication(title="Owls", thumbnail=picture)
    project = make_project(title="Mice", thumbnail=picture)
    profile.photo = picture
    profile.save()
    for make in (make_publication, make_project):
        make(thumbnail=picture, thumbnail_alt="An owl")
        make()
        make(thumbnail=picture, status="draft")
    assert said(alt_texts) == [
        ("Your photo has no description.", "/admin/research/profile/1/change/"),
        ("The thumbnail of “Owls” has no description.", f"/admin/research/publication/{publication.pk}/change/"),
        ("The thumbnail of “Mice” has no description.", f"/admin/research/project/{project.pk}/change/"),
    ]
    profile.photo_alt = "Jane"
    profile.save()
    assert len(said(alt_texts)) == 2
