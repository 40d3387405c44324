"""Add from…: asking, progress, review, taking."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from research import roles
from research.history import versions
from research.importing import asking
from research.models import Import, Person, Publication
from research.sources import registry
from research.sources.found import Answer
from tests.importing.records import article, found, preprint

from .page import open_page

ADD_FROM = "/admin/research/publication/add-from/"
BIBTEX = "@article{{k{0}, title={{Paper {0} on Owls}}, author={{Doe, Jane}}, year=2024}}"


@pytest.fixture
def ask(owner_client, monkeypatch):
    """The page of the import that asks for these records."""

    def ask(*records):
        monkeypatch.setattr(registry, "ask", lambda requests, mail: Answer(records))
        return show(owner_client, asking_all(asking.begin("2312.00001")))

    return ask


def asking_all(run):
    while run.waiting:
        asking.step(run)
        run.refresh_from_db()
    return run


def show(client, run):
    return open_page(client, f"{ADD_FROM}{run.pk}/")


def press(page, action, **changes):
    """The page that answers to a button of the review."""
    shown = [str(key) for key in Import.objects.latest("pk").proposals.values_list("pk", flat=True)]
    data = {name: value for name, value in (page.fields | changes).items() if value is not None}
    response = page.client.post(page.url, data | {"action": action, "shown": shown}, follow=True)
    assert response.status_code == 200
    return type(page)(page.client, response)


def prefix(title):
    return f"p{next(one.pk for one in Import.objects.latest('pk').proposals.all() if one.title == title)}"


def test_the_weekly_job_is_an_identifier_and_a_button(owner_client, monkeypatch):
    monkeypatch.setattr(registry, "ask", lambda requests, mail: Answer((preprint(abstract="We *listen*."),)))
    page = open_page(owner_client, "/admin/")
    assert page.links[ADD_FROM] == "Paste BibTeX, or choose a file"
    response = owner_client.post(ADD_FROM, page.fields | {"text": "https://arxiv.org/abs/2312.00001"}, follow=True)
    run = Import.objects.get()
    assert response.redirect_chain == [(f"{ADD_FROM}{run.pk}/", 302)]
    page = press(show(owner_client, run), "published")
    publication = Publication.objects.get()
    assert (publication.status, publication.selected, publication.title) == ("published", True, "Owls Hunt by Ear")
    assert page.messages == ["1 new publication: Owls Hunt by Ear"]
    assert page.links[f"/admin/research/publication/{publication.pk}/change/"] == "Owls Hunt by Ear"
    assert LogEntry.objects.get().object_id == str(publication.pk)


def test_a_draft_may_be_edited_at_once(ask):
    page = press(ask(preprint()), "edit")
    publication = Publication.objects.get()
    assert (publication.status, page.url) == ("draft", f"/admin/research/publication/{publication.pk}/change/")
    assert "From arXiv: title, list of authors, type, date, first online, arXiv, arXiv class." in page.response.text


def test_the_form_of_what_was_typed_says_nothing_of_sources(owner_client, make_publication):
    publication = make_publication()
    page = open_page(owner_client, f"/admin/research/publication/{publication.pk}/change/")
    assert "written-by" not in page.response.text


def test_saving_the_form_unchanged_keeps_what_the_source_wrote(ask):
    page = press(ask(preprint(abstract="One.\n\nTwo.")), "edit")
    before = Publication.objects.get().sources
    page.fields["abstract"] = page.fields["abstract"].replace("\n", "\r\n")
    page.post("_continue", tldr="Owls hear.")
    assert Publication.objects.get().sources == before
    again = ask(preprint(abstract="One.\n\nTwo."))
    assert "All of it is on your site already." in again.response.text


def test_what_was_typed_stays_when_it_is_nothing(owner_client):
    page = open_page(owner_client, ADD_FROM)
    response = owner_client.post(ADD_FROM, page.fields | {"text": "foo <bar>"})
    text = response.content.decode()
    assert "“foo &lt;bar&gt;” is none of what can be looked up. Give an arXiv identifier" in text
    assert 'aria-describedby="id_text_help">foo &lt;bar&gt;</textarea>' in text
    assert not Import.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"hello", b""])
def test_a_file_that_cannot_be_read_gets_a_sentence(owner_client, content):
    response = owner_client.post(ADD_FROM, {"text": "", "file": SimpleUploadedFile("owls.bib", content)})
    assert response.status_code == 200
    assert '<p class="errornote">' in response.content.decode()


def test_a_file_is_imported_by_its_name(owner_client):
    file = SimpleUploadedFile("owls.bib", BIBTEX.format(1).encode())
    response = owner_client.post(ADD_FROM, {"text": "", "file": file}, follow=True)
    assert "<h1>owls.bib</h1>" in response.content.decode()
    assert Import.objects.get().origin == "file"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(owner_client, monkeypatch):
    monkeypatch.setattr("research.admin.importing.MOST_BYTES", 10)
    response = owner_client.post(ADD_FROM, {"file": SimpleUploadedFile("owls.bib", b"@" * 11)})
    assert "“owls.bib” has 0 MB: too much to be read." in response.content.decode()


def test_progress_is_shown_and_goes_on_by_a_button(owner_client, monkeypatch):
    monkeypatch.setattr(registry, "ask", lambda requests, mail: Answer((article(),)))
    monkeypatch.setattr(asking, "SECONDS", 0)  # one step a page
    run = asking.begin("10.1000/owls 2312.00001 0000-0002-1825-0097")
    page = show(owner_client, run)
    assert "0 of 3 asked." in page.response.text
    assert page.fields["action"] == "step"
    owner_client.post(page.url, page.fields)
    assert "1 of 3 asked." in show(owner_client, run).response.text
    assert open_page(owner_client, "/admin/").links[page.url] == "An import waits for you to go on"


def test_looking_at_an_import_changes_nothing(owner_client, monkeypatch):
    monkeypatch.setattr(registry, "ask", lambda requests, mail: pytest.fail("asked"))
    run = asking.begin("2312.00001")
    before = list(Import.objects.values())
    show(owner_client, run)
    assert list(Import.objects.values()) == before


def test_an_import_is_found_again_on_the_first_page(owner_client, ask):
    page = ask(preprint(), found("Of Mice", authors=["Anna New"]))
    first = open_page(owner_client, "/admin/")
    assert first.links[page.url] == "An import waits for your review"
    assert "2312.00001, 2 records" in first.response.text
    press(page, "draft", **{f"{prefix('Of Mice')}-take": None})
    assert page.url not in open_page(owner_client, "/admin/").links


def test_what_is_not_ticked_is_left_out_and_can_be_taken_back(ask):
    page = ask(preprint(), found("Of Mice", authors=["Anna New"]))
    page = press(page, "draft", **{f"{prefix('Of Mice')}-take": None})
    assert [one.title for one in Publication.objects.all()] == ["Owls Hunt by Ear"]
    assert "1 left out" in page.response.text
    page = press(press(page, "back"), "draft", **{f"{prefix('Of Mice')}-take": "on"})
    assert Publication.objects.filter(title="Of Mice").exists()


def test_a_change_is_shown_field_by_field_with_who_wrote_it(ask):
    press(ask(article(abstract="One.")), "draft")
    Publication.objects.update(title="My Own Title")
    page = ask(article(abstract="Two.", pages="1–9"))
    text = " ".join(page.response.text.split())
    assert '<td data-label="On your site">My Own Title <span class="quiet">(written by you)</span></td>' in text
    assert '<td data-label="Found">Two. <span class="quiet">(Crossref)</span></td>' in text
    name = prefix("Owls Hunt by Ear")
    ticks = {field: f"{name}-tick-{field}" in page.fields for field in ("title", "abstract", "pages")}
    assert ticks == {"title": False, "abstract": True, "pages": True}
    page = press(page, "draft", **{f"{name}-tick-title": "on", f"{name}-tick-pages": None})
    publication = Publication.objects.get()
    assert (publication.title, publication.abstract, publication.pages) == ("Owls Hunt by Ear", "Two.", "")
    assert page.messages == ["1 changed: Owls Hunt by Ear"]


def test_a_weak_match_is_asked_and_waits_for_the_answer(ask, make_publication):
    publication = make_publication(title="Owls Hunt by Ear", year=2001)
    page = ask(article())
    assert "Is it the same as this one?" in page.response.text
    page = press(page, "draft")
    assert page.messages == ["1 wait for your answer below."]
    assert Publication.objects.count() == 1
    page = press(page, "draft", **{f"{prefix('Owls Hunt by Ear')}-same": str(publication.pk)})
    publication.refresh_from_db()
    assert (Publication.objects.count(), publication.doi, publication.year) == (1, "10.1000/owls", 2001)


@pytest.mark.parametrize(("answer", "count"), [("new", 2), ("leave", 1), ("99", 1)])
def test_a_weak_match_may_be_another_work(ask, make_publication, answer, count):
    make_publication(title="Owls Hunt by Ear", year=2001)
    page = ask(article())
    press(page, "draft", **{f"{prefix('Owls Hunt by Ear')}-same": answer})
    assert Publication.objects.count() == count


def test_an_ambiguous_author_is_asked_and_nothing_is_lost(ask, make_person):
    make_person("Jane Doe")
    john = make_person("John Doe")
    page = ask(found(authors=["J. Doe"]), found("Of Mice", authors=["Anna New"]))
    select = f"{prefix('Owls Hunt by Ear')}-author-0"
    assert page.fields[select] == ""
    page = press(page, "draft")
    assert page.messages == [
        "1 new draft: Of Mice",
        "Owls Hunt by Ear: Say who J. Doe is: several people could be meant.",
    ]
    press(page, "draft", **{select: str(john.pk)})
    row = Publication.objects.get(title="Owls Hunt by Ear").authorships.get()
    assert row.person == john
    assert Person.objects.count() == 3


def test_the_year_that_a_source_does_not_know_is_asked(ask):
    page = ask(found(year=None))
    page = press(page, "draft", **{f"{prefix('Owls Hunt by Ear')}-year": ""})
    assert page.messages == ["Owls Hunt by Ear: It has no year of publication, and every publication needs one."]
    press(page, "draft", **{f"{prefix('Owls Hunt by Ear')}-year": "2020"})
    assert Publication.objects.get().year == 2020


def test_a_long_review_has_pages_that_keep_what_was_ticked(owner_client):
    run = asking.begin("\n".join(BIBTEX.format(number) for number in range(60)))
    page = show(owner_client, run)
    assert len(page.fields) < 200
    page = press(page, "page-2", **{f"{prefix('Paper 3 on Owls')}-take": None})
    assert page.url.endswith("?page=2")
    page = open_page(owner_client, f"{ADD_FROM}{run.pk}/")
    assert f"{prefix('Paper 3 on Owls')}-take" not in page.fields
    assert f"{prefix('Paper 4 on Owls')}-take" in page.fields


def test_all_new_ones_can_be_taken_in_steps(owner_client):
    run = asking.begin("\n".join(BIBTEX.format(number) for number in range(60)))
    page = press(show(owner_client, run), "all-published")
    assert "0 saved, 60 to go." in page.response.text
    while "to go." in page.response.text:
        page = press(page, "step")
    assert Publication.objects.filter(status="published").count() == 60


@pytest.mark.parametrize("presser", ["admin", "jo"])
def test_whoever_takes_all_has_written_it_whoever_began_and_whoever_lets_it_go_on(
    admin_user, django_user_model, presser
):
    editor = django_user_model.objects.create_user("jo")
    roles.give(editor, roles.EDITOR)
    browsers = {"admin": Client(), "jo": Client()}
    for user in (admin_user, editor):
        browsers[user.username].force_login(user)
    other = "jo" if presser == "admin" else "admin"
    run = asking.begin(BIBTEX.format(1), user=django_user_model.objects.get(username=other))
    press(show(browsers[presser], run), "all-published")
    press(show(browsers[other], run), "step")
    (version,) = versions.of(Publication.objects.get(status="published"))
    assert version.revision.user.username == presser


def test_an_import_can_be_deleted_and_what_it_brought_stays(ask):
    page = press(ask(preprint()), "draft")
    page = press(page, "delete")
    assert page.messages == ["The import is deleted. What it brought to the site stays."]
    assert (Import.objects.count(), Publication.objects.count()) == (0, 1)


def test_only_who_may_add_and_change_publications_comes_in(client, staff_client, owner_client):
    run = asking.begin(BIBTEX.format(1))
    addresses = [ADD_FROM, f"{ADD_FROM}{run.pk}/"]
    helper = staff_client("add_publication", "view_publication")
    for address in addresses:
        for method in ("get", "post"):
            assert getattr(helper, method)(address).status_code == 403
            assert getattr(client, method)(address)["Location"].startswith("/admin/login/")
        assert owner_client.get(address).status_code == 200
        assert owner_client.put(address).status_code == 405
    assert "add-from-box" not in helper.get("/admin/").content.decode()
    assert "Add from…" not in helper.get("/admin/research/publication/").content.decode()
    assert "Add from…" in owner_client.get("/admin/research/publication/").content.decode()


def test_a_form_from_elsewhere_is_refused(admin_user):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(admin_user)
    assert careful.post(ADD_FROM, {"text": "2312.00001"}).status_code == 403
    assert not Import.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_review_costs_the_same_queries_however_long(owner_client, queries_of, count, make_publication):
    for number in range(count):
        make_publication(title=f"Paper {number} on Owls", citation_key=f"k{number}")
    run = asking.begin("\n".join(BIBTEX.format(number) for number in range(count)))
    assert run.proposals.filter(kind="changed").count() == count
    assert queries_of(lambda: owner_client.get(f"{ADD_FROM}{run.pk}/")) == 17
