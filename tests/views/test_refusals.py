"""Whatever refuses a request, a person is told what happened, and what to do."""

import io
from types import SimpleNamespace

import pytest
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from portfolio.bodies import Body
from research.views.refusals import bad_request

ADD = "/admin/research/topic/add/"
GO_BACK = "Go back with your browser&#x27;s button: what you typed should still be there."

pytestmark = pytest.mark.django_db


def said(response):
    """(status, heading, sentence) of a page that refuses; it stands in no cache, and needs nothing inline."""
    html = response.content.decode()
    assert (response["Cache-Control"], "<style" in html) == ("no-store", False)
    heading = html.partition("<h1>")[2].partition("</h1>")[0]
    return response.status_code, heading, html.partition("<p>")[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        (
            {"name": "x" * 2_700_000},
            413,
            f"The texts of a form may have 2.6 MB together. {GO_BACK} Shorten it, and save again.",
        ),
        (
            {f"field{number}": "" for number in range(5_001)},
            400,
            f"A form may have 5,000 fields. {GO_BACK} Save it in two parts.",
        ),
    ],
)
def test_too_much_at_once_is_said_with_what_may_be(owner_client, sent, status, sentence):
    assert said(owner_client.post(ADD, sent)) == (status, "This cannot be taken", sentence)


def test_a_form_with_files_that_is_too_much_is_taken_to_its_end(rf):
    asked = rf.post(ADD, {"name": "x" * 2_700_000})
    asked.read(1_000)
    assert said(bad_request(asked, RequestDataTooBig()))[0] == 413
    assert asked.read() == b""


def test_one_whose_sender_has_gone_is_refused_all_the_same(rf):
    def gone(size):
        raise OSError("connection reset")

    asked = rf.post(ADD, {"name": "Owls"})
    asked.read(1)
    asked._stream = SimpleNamespace(read=gone)
    assert said(bad_request(asked, RequestDataTooBig()))[0] == 413


def test_one_that_nobody_has_begun_to_read_is_not_asked_for(rf):
    asked = rf.post(ADD, {"name": "Owls"})
    assert said(bad_request(asked, DisallowedHost()))[0] == 400
    assert b"Owls" in asked.read()


def broken_off(client, path, kind):
    """The answer to a request of which not all has come."""
    body = {"wsgi.input": Body(io.BytesIO(b"name=Owls"))}
    return client.request(REQUEST_METHOD="POST", PATH_INFO=path, CONTENT_TYPE=kind, CONTENT_LENGTH="500", **body)


NOT_ALL = f"Not all that you sent has come, so nothing of it was taken. {GO_BACK} Send it again."


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", MULTIPART_CONTENT])
def test_a_form_of_which_not_all_has_come_reaches_no_view(owner_client, kind):
    assert said(broken_off(owner_client, ADD, kind)) == (400, "This cannot be taken", NOT_ALL)


def test_what_a_script_sends_and_breaks_off_is_no_fault_that_is_mailed(client, caplog):
    assert client.post("/admin/login/passkey/begin/").status_code == 200
    response = broken_off(client, "/admin/login/passkey/", "application/json")
    assert said(response) == (400, "This cannot be taken", NOT_ALL)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_query_of_too_many_parameters_is_too_many_fields(client):
    response = client.get("/publications/?" + "&".join(f"a{number}=" for number in range(8_000)))
    assert said(response)[:2] == (400, "This cannot be taken")


def test_another_host_is_told_that_it_is_none_of_ours(client):
    assert said(client.get("/", headers={"host": "evil.example"})) == (
        400,
        "This cannot be taken",
        "The site is not to be had under this address. Take the one by which you know it.",
    )


def test_what_cannot_be_read_is_said_to_be_so(owner_client):
    response = owner_client.post(ADD, b"no boundary", content_type="multipart/form-data")
    assert said(response) == (
        400,
        "This cannot be taken",
        f"What your browser sent cannot be read. {GO_BACK} Load the page anew, and try again.",
    )


def test_a_form_without_its_token_is_explained(admin_user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin_user)
    status, heading, sentence = said(browser.post(ADD, {"name": "Owls"}))
    assert (status, heading) == (403, "Nothing was saved")
    assert sentence.endswith("copy what you typed, load the page anew and send it again.")


def test_who_may_not_is_told_whom_to_ask(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader", is_staff=True))
    assert said(client.get("/admin/auth/user/")) == (
        403,
        "This is not for you to do",
        "Your account may not do this. Log in as somebody who may, or ask the owner of the site.",
    )


def test_a_method_that_an_address_does_not_know_is_answered_with_those_that_it_knows(client, profile):
    response = client.options("/publications/")
    assert (response.status_code, response.content.decode()) == (405, "This address answers GET, HEAD alone.\n")
