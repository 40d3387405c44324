"""A site with something of every kind to export, and with a draft that has something to leak."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from research import staticsite
from research.models import FormerProjectSlug, FormerPublicationSlug, ProfileLink, PublicationLink
from tests.views.conftest import make_record  # noqa: F401 - a fixture

SITE = "http://127.0.0.1:8000"
WORD = "zyzzogeton"
DOI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


@pytest.fixture
def site(profile, make_record, make_publication, make_project, stored_picture):  # noqa: F811 - the fixture
    """`site["public"]` and `site["draft"]` are alike, but that the second is a draft and says WORD everywhere."""
    profile.photo = stored_picture(colour="red", size=(900, 700))
    profile.cv = default_storage.save("files/cv/cv.pdf", ContentFile(b"%PDF-1.7 cv"))
    profile.biography = "I study [owls](/publications/owls/), as in [these slides](/media/files/talks/talk.pdf)."
    profile.save()
    default_storage.save("files/talks/talk.pdf", ContentFile(b"%PDF-1.7 talk"))
    ProfileLink.objects.create(kind="website", address="/projects/", label="Projects")
    public = make_record(doi=DOI, thumbnail=stored_picture(colour="green"))
    FormerPublicationSlug.objects.create(publication=public, slug="larks")
    figure = stored_picture(colour="blue")
    project = make_project(slug="flight", description=f"![A wing](/media/{figure})")
    project.publications.add(public)
    FormerProjectSlug.objects.create(project=project, slug="wings")
    draft = make_publication(
        [public.authorships.first().person],
        slug=WORD,
        title=WORD,
        abstract=f"{WORD} ![{WORD}](/media/{stored_picture(colour='black')})",
        thumbnail=stored_picture(colour="white"),
        pdf=default_storage.save(f"files/{WORD}/{WORD}.pdf", ContentFile(WORD.encode())),
        doi=f"10.5555/{WORD}",
        arxiv_id="2401.13579",
        status="draft",
    )
    FormerPublicationSlug.objects.create(publication=draft, slug=f"old-{WORD}")
    slides = default_storage.save(f"files/{WORD}/slides.pdf", ContentFile(WORD.encode()))
    PublicationLink.objects.create(publication=draft, kind="slides", file=slides)
    make_project(slug=f"project-{WORD}", title=WORD, thumbnail=stored_picture(colour="yellow"), status="draft")
    return {"public": public, "draft": draft, "project": project}


@pytest.fixture
def export(tmp_path):
    """Export the site, at SITE_URL unless told else, into one and the same folder, which is returned."""

    def export(base_url=SITE):
        staticsite.export(tmp_path / "site", base_url)
        return tmp_path / "site"

    return export


def names(folder):
    """Every file in a folder, as a set of paths."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
