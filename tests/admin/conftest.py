import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def pdf():
    """An upload: a PDF; other content is another one."""
    return lambda name="slides.pdf", content=b"one": SimpleUploadedFile(name, b"%PDF-1.7 " + content)


@pytest.fixture
def queries_of():
    """How many queries a call takes, once everything that is asked once only has been asked."""

    def count(call):
        call()
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count


@pytest.fixture
def staff_client(django_user_model):
    """A browser in which somebody of the staff is logged in who has these permissions, such as "view_person"."""
    from django.contrib.auth.models import Permission

    def make(*codenames):
        user = django_user_model.objects.create_user("helper", password="secret-of-helper", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        assert user.user_permissions.count() == len(codenames)
        client = Client()
        client.force_login(user)
        return client

    return make
