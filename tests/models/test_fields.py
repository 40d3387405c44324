import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from research.models import Publication
from research.models.fields import AddressField, ArxivField, DOIField, OrcidField


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (DOIField(), " https://doi.org/10.1145/ABC ", "10.1145/abc"),
        (ArxivField(), "https://arxiv.org/pdf/2412.04984v2.pdf", "2412.04984"),
        (OrcidField(), "000000021694233x", "0000-0002-1694-233X"),
        (DOIField(), "   ", ""),
    ],
)
def test_identifiers_are_brought_into_their_one_form(field, typed, stored):
    assert field.clean(typed, None) == stored


@pytest.mark.parametrize("field", [DOIField(), ArxivField(), OrcidField()])
def test_what_is_no_identifier_is_refused_with_an_example(field):
    with pytest.raises(ValidationError) as error:
        field.clean("nonsense", None)
    [sentence] = error.value.messages
    assert sentence.startswith("This is not a")
    assert "such as" in sentence or "looks like" in sentence


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//evil.example",
        "data:text/html,x",
        "www.example.org",
        "#top",
        "java\nscript:x",
        "ftp://x",
    ],
)
def test_an_address_that_is_no_web_address_is_refused(address):
    with pytest.raises(ValidationError) as error:
        AddressField().clean(address, None)
    assert error.value.messages == [
        "This is not a web address. It begins with https://, such as https://example.org/paper."
    ]


@pytest.mark.parametrize("address", ["https://example.org/a?b=c#d", "http://127.0.0.1:8000/", "/media/files/a/b.pdf"])
def test_web_addresses_and_paths_of_this_site_are_accepted(address):
    assert AddressField().clean(address, None) == address


@pytest.mark.django_db
def test_saving_a_model_with_an_unchecked_upload_is_refused_and_writes_no_file(make_publication, media_files):
    publication = make_publication()
    publication.thumbnail = ContentFile(b"<script>", name="evil.html")
    with pytest.raises(ValueError, match=r"research\.media stores uploads"), transaction.atomic():
        publication.save()
    assert media_files() == set()
    assert Publication.objects.get().thumbnail == ""
