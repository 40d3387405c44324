"""Links to pages and files of the site itself that lead nowhere, or to what visitors cannot see."""

import pytest

from research.health import internal_links, links
from research.models import FormerPerson, Person, Profile, ProfileLink, ProjectLink, PublicationLink, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(profile, make_publication, make_project, make_person, stored_picture):
    """What is wrong with an address in the biography; "" where nothing is."""
    renamed = make_publication(slug="old", doi="10.5555/owls", arxiv_id="2401.00001", pdf=stored_picture())
    renamed.slug = "owls"
    renamed.save()
    topic = Topic.objects.create(name="Birds", slug="fowl")
    topic.publications.add(renamed)
    topic.slug = "birds"
    topic.save()
    make_publication([make_person(pk=7001)], slug="bare", year=2024)
    FormerPerson.objects.create(key=7002, person_id=7001)
    secret = make_publication([make_person(pk=7003)], slug="secret", doi="10.5555/secret", status="draft", year=1999)
    secret.topics.create(name="Bats", slug="bats")
    make_project(slug="nests")

    def problem(address):
        Profile.objects.update(biography=f"Some [words]({address}).")
        sentences = [found.sentence for found in internal_links.find()]
        start = f"The biography in your profile links to {address}, "
        assert all(sentence.startswith(start) for sentence in sentences)
        return "".join(sentences).removeprefix(start)

    return problem


@pytest.mark.parametrize(
    "address",
    ["/", "/publications/", "/publications", "/publications/?topic=birds#x", "/publications/?topic=fowl",
     "/publications/?author=7001", "/publications.bib?author=7002", "/publications/?year=2024&utm_source=x",
     "/publications/?q=nothing+has+this", "/?topic=gone", "/publications/owls/", "/publications/old/",
     "/publications/owls/owls.bib", "/publications/owls/owls.pdf", "/publications/owls/linkset.json",
     "/projects/nests/", "/projects/nests", "/doi/10.5555/OWLS", "/arxiv/2401.00001v2", "/feed.xml",
     "/static/favicon.svg",
     "#here", "https://jane-doe.org/publications/owls/", "https://jane-doe.org", "https://elsewhere.example/nowhere",
     "mailto:jane@jane-doe.org"],
)  # fmt: skip
def test_what_leads_somewhere_is_well(problem, address):
    assert problem(address) == ""


@pytest.mark.parametrize(
    "address",
    ["/publication/owls/", "/publications/gone/", "/publications/gone/gone.bib", "/publications/owls/owls.xyz",
     "/publications/bare/bare.pdf", "/projects/gone/", "/doi/10.5555/gone", "/doi/10.5", "/arxiv/2401.99999",
     "/publications/?topic=gone", "/publications/?topic=birds&author=7009", "/publications.bib?topic=gone",
     "/publications/?author=jane", "/publications/?year=1234", "/publications/?type=nonsense",
     "/publications/feed.xml?topic=gone", "/publications/page/2/?topic=gone",
     f"/media/images/{'a' * 32}-1x1/master.jpg", "/media/../secret_key", "https://jane-doe.org/nowhere/",
     "http://jane-doe.org/nowhere/"],
)  # fmt: skip
def test_what_leads_nowhere_is_said(problem, address):
    assert problem(address) == "which is not there."


@pytest.mark.parametrize(
    "address",
    ["/publications/secret/", "/publications/secret/secret.bib", "/doi/10.5555/secret", "/publications/?topic=bats",
     "/publications/?author=7003", "/publications/?year=1999&topic=birds"],
)  # fmt: skip
def test_what_visitors_cannot_see_is_said(problem, address):
    assert problem(address) == "which visitors cannot see."


def test_a_draft_may_link_another(make_publication):
    make_publication(slug="secret", status="draft")
    make_publication(abstract="[See](/publications/secret/)", status="draft")
    assert internal_links.find() == []


def test_a_picture_that_a_text_shows_must_be_there(problem, stored_picture, profile):
    picture = f"/media/{stored_picture(colour='red')}"
    Profile.objects.update(biography=f"![An owl]({picture})")
    assert internal_links.find() == []
    Profile.objects.update(biography=f"![An owl]({picture.replace('images/', 'images/f')})")
    assert len(internal_links.find()) == 1


def test_every_text_and_address_is_looked_at(profile, make_publication, make_project):
    paper, project = make_publication(title="Owls"), make_project(title="Mice")
    owners = {Profile: profile, type(paper): paper, type(project): project}
    expected = []
    for model, fields in links.TEXTS.items():
        for field in fields:
            setattr(owners[model], field, f"{getattr(owners[model], field)} [x](/nowhere/{field})")
            expected.append(f"/nowhere/{field}")
    for owner in owners.values():
        owner.save()
    rows = [
        ProfileLink(kind="website", address="/nowhere/profile"),
        ProfileLink(kind="website", address="/nowhere/hidden", visible=False),
        PublicationLink(publication=paper, url="/nowhere/paper"),
        ProjectLink(project=project, url="/nowhere/project"),
        Person(family_name="Roe", url="/nowhere/person"),
    ]
    for row in rows:
        row.save()
    paper.url = "/nowhere/address"
    paper.save()
    expected += [f"/nowhere/{name}" for name in ("profile", "paper", "project", "person", "address")]
    assert sorted(link.address for link in links.all_links()) == sorted(expected)
    assert len(internal_links.find()) == len(expected)
    sentences = {found.sentence.partition(" links to ")[0] for found in internal_links.find()}
    places = {"The biography in your profile", "The abstract of “Owls x”", "A link of “Owls x”", "The home page of Roe"}
    assert places <= sentences


@pytest.mark.parametrize("address", ["http://[x", "http://a:99999/", "https://", "//elsewhere.example/"])
def test_what_is_no_address_breaks_nothing(address):
    assert links.own_path(address) == ""
