"""What is searched for in the lists of the desk."""

import pytest
from django.contrib import admin

from research.search import MOST_WORDS

SEARCHED = {model._meta.label_lower: model for model, one in admin.site._registry.items() if one.search_fields}
MANY = " ".join(map(str, range(2_000)))


@pytest.mark.parametrize("name", SEARCHED)
def test_two_thousand_words_are_no_fault(name, owner_client):
    app, model = name.split(".")
    assert owner_client.get(f"/admin/{app}/{model}/", {"q": MANY}).status_code == 200


def test_two_thousand_words_are_no_fault_among_the_choices_of_a_form(owner_client):
    field = {"app_label": "research", "model_name": "authorship", "field_name": "person"}
    assert owner_client.get("/admin/autocomplete/", field | {"term": MANY}).json()["results"] == []


@pytest.mark.usefixtures("contexts_are_kept")
@pytest.mark.parametrize("question", [f"{'owls in ' * (MOST_WORDS // 2)} mice", '"in the dark"'])
def test_the_first_words_are_searched_for_and_a_phrase_is(question, owner_client, make_publication):
    make_publication(title="Owls in the dark")
    make_publication(title="The dark owls")
    listed = owner_client.get("/admin/research/publication/", {"q": question}).context["cl"].result_list
    assert [record.title for record in listed] == ["Owls in the dark"]
