"""The first start makes a new site usable; every other one changes nothing."""

import re

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command

from research.example import load
from research.models import Profile, Publication

pytestmark = pytest.mark.django_db


def test_it_makes_an_owner_prints_the_password_once_and_loads_the_example(capsys):
    call_command("first_start")
    printed = capsys.readouterr().out
    [password] = re.findall(r"Log in at /admin/ as owner with the password (\S+)\n", printed)
    user = authenticate(username="owner", password=password)
    assert user.is_superuser
    assert len(password.replace("-", "")) == 24
    assert load.example_is_loaded()
    call_command("first_start")
    assert capsys.readouterr().out == ""
    assert list(get_user_model().objects.all()) == [user]


def test_a_site_with_content_is_left_alone(make_publication, capsys, admin_user):
    make_publication()
    call_command("first_start")
    assert capsys.readouterr().out == ""
    assert Publication.objects.count() == 1


def test_a_site_that_was_emptied_on_purpose_stays_empty(admin_user, capsys):
    LogEntry.objects.log_actions(admin_user.pk, [Profile.current()], CHANGE, "Removed.", single_object=True)
    call_command("first_start")
    assert capsys.readouterr().out == ""
    assert Publication.objects.count() == 0
