import pytest
from django.contrib.auth.hashers import identify_hasher, make_password

from portfolio import settings as of_the_site


@pytest.fixture
def hashers_of_the_site(settings):
    settings.PASSWORD_HASHERS = of_the_site.PASSWORD_HASHERS


def test_a_new_password_is_hashed_by_argon2_at_the_cost_of_owasp(hashers_of_the_site):
    assert make_password("owls-in-the-dark").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_of_an_older_program_gets_the_new_hash_at_the_next_login(
    hashers_of_the_site, client, django_user_model
):
    user = django_user_model.objects.create_superuser("jane")
    user.password = make_password("owls-in-the-dark", hasher="pbkdf2_sha256")
    user.save()
    answer = client.post("/admin/login/", {"username": "jane", "password": "owls-in-the-dark"})
    user.refresh_from_db()
    assert answer.status_code == 302
    assert identify_hasher(user.password).algorithm == "argon2"
    assert user.check_password("owls-in-the-dark")
