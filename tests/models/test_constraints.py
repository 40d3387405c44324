"""What the database itself refuses, whoever writes to it."""

# ruff: noqa: F811 - fixtures of other folders are imported

import pytest
from django.db import IntegrityError, connection, transaction

from research.models import Authorship, Person, Profile, ProfileLink, ProjectLink, PublicationLink, Topic
from tests.archive.conftest import enter_site, migrated_database  # noqa: F401

pytestmark = pytest.mark.django_db


def refused(constraint, write):
    """`constraint` is what the error names; two, where SQLite names the column and PostgreSQL the constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    if isinstance(constraint, tuple):
        constraint = constraint[connection.vendor == "postgresql"]
    assert constraint in str(error.value)


def test_the_migrations_make_one_profile_with_the_key_1(enter_site):
    with enter_site("new"):  # that of the test's own database is gone after a test without a transaction
        assert list(Profile.objects.values_list("pk", flat=True)) == [1]


def test_there_is_no_second_profile(profile):
    refused("profile_is_one", lambda: Profile.objects.create(pk=2))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("profile_photo_side_is_known", {"photo_side": "top"}),
        ("profile_selected_count_is_sensible", {"selected_count": 0}),
        ("profile_selected_count_is_sensible", {"selected_count": 101}),
    ],
)
def test_the_profile_holds_only_what_the_page_can_show(profile, constraint, fields):
    refused(constraint, lambda: Profile.objects.update(**fields))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("publication_status_is_known", {"status": "hidden"}),
        ("publication_has_title", {"title": ""}),
        ("publication_has_slug", {"slug": ""}),
        ("publication_slug_is_not_reserved", {"slug": "linkset"}),
        ("publication_has_citation_key", {"citation_key": ""}),
        ("publication_year_is_sensible", {"year": 20240}),
        ("publication_month_exists", {"month": 13}),
        ("publication_month_exists", {"month": 0}),
        ("publication_day_is_of_its_month", {"day": 3}),
        ("publication_day_is_of_its_month", {"month": 2, "day": 30}),
        ("publication_day_is_of_its_month", {"month": 4, "day": 31}),
        ("publication_day_is_of_its_month", {"month": 5, "day": 32}),
        ("publication_type_is_known", {"type": "nonsense"}),
        ("publication_url_is_an_address", {"url": "javascript:alert(1)"}),
        ("publication_url_is_an_address", {"url": "//evil.example"}),
        ("publication_citation_key_is_unique", {"citation_key": "KEY1"}),
        (("publication.slug", "publication_slug_key"), {"slug": "paper-1"}),
        (("publication.doi", "publication_doi_is_unique"), {"doi": "10.1000/a"}),
        (("publication.arxiv_id", "publication_arxiv_id_is_unique"), {"arxiv_id": "2412.04984"}),
    ],
)
def test_a_publication_that_contradicts_itself_or_another_is_refused(make_publication, constraint, fields):
    make_publication(doi="10.1000/a", arxiv_id="2412.04984")
    make_publication()
    refused(constraint, lambda: make_publication(**fields))


def test_publications_without_identifiers_do_not_collide(make_publication):
    assert {make_publication().doi, make_publication().arxiv_id} == {""}


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("project_status_is_known", {"status": "hidden"}),
        ("project_phase_is_known", {"phase": "soon"}),
        ("project_has_title", {"title": ""}),
        ("project_has_slug", {"slug": ""}),
        ("project_ends_after_its_start", {"start_year": 2024, "end_year": 2023}),
        ("project_years_are_sensible", {"start_year": 5}),
        ("project_years_are_sensible", {"end_year": 5000}),
    ],
)
def test_a_project_that_contradicts_itself_is_refused(make_project, constraint, fields):
    refused(constraint, lambda: make_project(**fields))


def test_a_person_is_an_author_once_but_places_may_be_shared(make_publication, make_person):
    jane, john = make_person("Jane Doe"), make_person("John Roe")
    publication = make_publication(authors=[jane])
    Authorship.objects.create(publication=publication, person=john, position=0)
    refused("authorship", lambda: Authorship.objects.create(publication=publication, person=jane, position=5))


def test_two_people_do_not_share_an_orcid_id(make_person):
    make_person(orcid="0000-0002-1825-0097")
    make_person()
    refused(("person.orcid", "person_orcid_is_unique"), lambda: make_person(orcid="0000-0002-1825-0097"))


def test_links_lead_somewhere(make_publication, make_project, profile):
    publication, project = make_publication(), make_project()
    both = {"url": "https://a.example", "file": "files/a/b.pdf"}
    refused("publicationlink_has_url_or_file", lambda: PublicationLink.objects.create(publication=publication))
    refused("publicationlink_has_url_or_file", lambda: PublicationLink.objects.create(publication=publication, **both))
    refused("projectlink_has_url", lambda: ProjectLink.objects.create(project=project))
    refused("profilelink_has_address", lambda: ProfileLink.objects.create(profile=profile, address=""))
    refused("person_has_family_name", lambda: Person.objects.create(given_name="Jane"))


def test_a_link_of_an_unknown_kind_or_to_a_script_is_refused(publication_link, profile, make_person):
    script = "javascript:alert(1)"
    refused("publicationlink_kind_is_known", lambda: publication_link(kind="nonsense", url="https://a.example"))
    refused("publicationlink_url_is_an_address", lambda: publication_link(kind="code", url=script))
    refused(
        "profilelink_kind_is_known",
        lambda: ProfileLink.objects.create(profile=profile, kind="nonsense", address="https://a.example"),
    )
    refused(
        "profilelink_address_is_one",
        lambda: ProfileLink.objects.create(profile=profile, kind="github", address=script),
    )
    refused("person_url_is_an_address", lambda: make_person(url=script))
    refused("topic_is_named", lambda: Topic.objects.create(name="", slug=""))


@pytest.fixture
def publication_link(make_publication):
    return lambda **fields: PublicationLink.objects.create(publication=make_publication(), **fields)
