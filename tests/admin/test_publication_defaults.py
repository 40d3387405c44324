"""What the desk does by itself, so that the weekly job is short."""

import datetime

import pytest
from django.utils import timezone

from research.models import Publication

from .page import open_page

ADD = "/admin/research/publication/add/"
LIST = "/admin/research/publication/"


def test_a_new_publication_is_of_this_month_so_that_it_stands_above_the_older_ones(owner_client):
    today = timezone.localdate()
    values = open_page(owner_client, ADD).fields
    assert (values["year"], values["month"]) == (str(today.year), str(today.month))


@pytest.mark.parametrize("label", ["Abstract:", "Abstract: ", " ABSTRACT. ", "Abstract:\r\n"])
def test_the_word_before_a_copied_abstract_is_dropped(owner_client, label):
    open_page(owner_client, ADD).post(title="Owls", abstract=f"{label}Owls fly. Abstract: a word.")
    assert Publication.objects.get().abstract == "Owls fly. Abstract: a word."


def test_a_publication_that_is_still_hidden_says_so_in_the_list(owner_client, make_publication):
    make_publication(title="Owls", publish_at=timezone.make_aware(datetime.datetime(2999, 1, 2)))
    [row] = open_page(owner_client, LIST).rows
    assert "Hidden until 2999-01-02" in row
