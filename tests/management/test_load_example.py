"""The example site: what it holds, and what it leaves alone."""

import pytest
from django.core.management import CommandError, call_command

from research.models import Authorship, Person, Profile, ProfileLink, Project, Publication
from tests.admin.page import open_page
from tests.views.test_about import get

pytestmark = pytest.mark.django_db


def rows():
    tables = (Profile, ProfileLink, Person, Project, Publication, Authorship)
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


def test_it_fills_an_empty_site_with_the_page_that_the_product_replaces(client, media_files):
    call_command("load_example")
    page = get(client)
    assert page.headings == [
        ("h1", "Mikita Balesni"),
        ("h2", "Active research"),
        ("h2", "Past Research"),
        ("h3", "A Causal Framework for AI Regulation and Auditing"),
        ("h3", "Large Language Models can Strategically Deceive their Users when Put Under Pressure"),
        ("h3", 'The Reversal Curse: LLMs trained on "A is B" fail to learn "B is A"'),
        ("h3", "Taken out of context: On measuring situational awareness in LLMs"),
    ]
    assert [link for link in page.links if link[1] in ("Code", "CV", "Email", "Twitter", "Facebook", "GitHub")] == [
        ("mailto:mbalesni@gmail.com", "Email"),
        ("https://github.com/mbalesni", "GitHub"),
        ("https://www.facebook.com/mbalesni", "Facebook"),
        ("https://twitter.com/balesni", "Twitter"),
        ("https://github.com/apolloResearch/insider-trading", "Code"),
        ("https://github.com/lukasberglund/reversal_curse", "Code"),
        ("https://github.com/AsaCooperStickland/situational-awareness-evals", "Code"),
    ]
    html = client.get("/").content.decode()
    assert "cv.pdf" not in html
    assert "<b>Mikita Balesni*</b>" in html
    assert page.text.count("* equal contribution") == 1
    assert len(page.images) == 5
    assert {image["alt"] for image in page.images} & {"", None} == set()
    assert len(media_files()) > 5


@pytest.mark.parametrize(
    ("slug", "authors"),
    [
        ("insider-trading", "Jérémy Scheurer*, Mikita Balesni*, Marius Hobbhahn"),
        (
            "reversal-curse",
            "Lukas Berglund, Meg Tong*, Max Kaufmann*, Mikita Balesni*, Asa Cooper Stickland*, Tomasz Korbak, "
            "Owain Evans",
        ),
        (
            "taken-out-of-context",
            "Lukas Berglund*, Asa Cooper Stickland*, Mikita Balesni*, Max Kaufmann*, Meg Tong*, Tomasz Korbak, "
            "Daniel Kokotajlo, Owain Evans",
        ),
        (
            "causal-framework",
            "Lee Sharkey, Clíodhna Ní Ghuidhir, Dan Braun, Jérémy Scheurer, Mikita Balesni, Lucius Bushnaq, "
            "Charlotte Stix, Marius Hobbhahn",
        ),
        (
            "in-context-scheming",
            "Alexander Meinke, Bronson Schoen, Jérémy Scheurer, Mikita Balesni, Rusheb Shah, Marius Hobbhahn",
        ),
        (
            "safety-cases-for-scheming",
            "Mikita Balesni, Marius Hobbhahn, David Lindner, Alexander Meinke, Tomasz Korbak, Joshua Clymer, "
            "Buck Shlegeris, Jérémy Scheurer, Charlotte Stix, Rusheb Shah, Nicholas Goldowsky-Dill, Dan Braun, "
            "Bilal Chughtai, Owain Evans, Daniel Kokotajlo, Lucius Bushnaq",
        ),
        (
            "situational-awareness-dataset",
            "Rudolf Laine, Bilal Chughtai, Jan Betley, Kaivalya Hariharan, Jérémy Scheurer, Mikita Balesni, "
            "Marius Hobbhahn, Alexander Meinke, Owain Evans",
        ),
    ],
)
def test_authors_are_in_the_order_of_the_paper_with_their_stars(slug, authors):
    call_command("load_example")
    publication = Publication.objects.get(slug=slug)
    assert ", ".join(str(authorship) for authorship in publication.authorships.all()) == authors


def test_the_abstract_with_tex_and_a_bare_address_renders_right(client):
    call_command("load_example")
    html = client.get("/publications/situational-awareness-dataset/").content.decode()
    assert "<strong>Situational Awareness Dataset (SAD)</strong>" in html
    assert '<a href="https://situational-awareness-dataset.org"' in html
    abstract = html.partition('<section class="abstract"')[2].partition("</section>")[0]
    assert "13,000 questions" in abstract
    assert "$" not in abstract


def test_a_second_time_changes_nothing(capsys, media_files):
    call_command("load_example")
    before = rows(), media_files()
    call_command("load_example")
    assert (rows(), media_files()) == before
    assert capsys.readouterr().out == ("The example is loaded.\nThe example is here already. Nothing was changed.\n")


def test_what_the_owner_has_edited_in_it_stays(capsys):
    call_command("load_example")
    Publication.objects.filter(slug="insider-trading").update(title="Edited")
    call_command("load_example")
    assert Publication.objects.get(slug="insider-trading").title == "Edited"


def test_a_site_with_content_is_refused_and_left_as_it_is(make_publication):
    make_publication(title="My own")
    before = rows()
    with pytest.raises(CommandError, match=r"This site has content.*--replace") as error:
        call_command("load_example")
    assert error.value.returncode == 1
    assert rows() == before


def test_with_replace_it_takes_the_place_of_all_content(
    make_publication, make_project, profile, stored_picture, media_files, undo_has_ended
):
    mine = stored_picture(colour="red")
    make_publication(title="My own", thumbnail=mine)
    make_project(title="My own")
    call_command("load_example", replace=True)
    assert Publication.objects.filter(title="My own").count() == Project.objects.filter(title="My own").count() == 0
    assert Publication.objects.count() == 7
    assert Profile.objects.get().name == "Mikita Balesni"
    assert mine in media_files()
    undo_has_ended()
    assert mine not in media_files()


def test_removing_the_example_leaves_what_the_owner_has_added(
    make_publication, make_person, profile, media_files, undo_has_ended
):
    from research.example import load

    type(profile).objects.update(name="", biography="")
    call_command("load_example")
    owner = Person.objects.get(family_name="Hobbhahn")
    mine = make_publication(title="My own", authors=[owner])
    load.remove_example()
    assert list(Publication.objects.all()) == [mine]
    assert list(Person.objects.all()) == [owner]
    assert list(Project.objects.all()) == list(ProfileLink.objects.all()) == []
    profile.refresh_from_db()
    assert (profile.name, profile.biography, profile.photo, profile.person) == ("", "", "", None)
    undo_has_ended()
    assert media_files() == set()


def test_a_save_of_a_form_that_changes_nothing_changes_no_text_of_the_example(owner_client):
    call_command("load_example")
    texts = list(Publication.objects.order_by("pk").values_list("abstract", "tldr"))
    for publication in Publication.objects.all():
        assert open_page(owner_client, f"/admin/research/publication/{publication.pk}/change/").post().sentences == []
    assert list(Publication.objects.order_by("pk").values_list("abstract", "tldr")) == texts
