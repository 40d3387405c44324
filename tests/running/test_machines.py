"""Two application machines with one PostgreSQL: folders of their own, pages in the memory of each, and one site."""

import os
import re
import shutil
import socket
import subprocess
from contextlib import closing, contextmanager

import psycopg
import pytest

from tests import s3_store
from tests.conftest import picture_file

from .server import Site

SECRET_KEY = "s" * 50
FAIL = """
from django.db import transaction
from research.models import Profile
try:
    with transaction.atomic():
        Profile.objects.update(name="Nobody")
        raise ZeroDivisionError
except ZeroDivisionError:
    pass
"""
FRONT = """
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    reverse_proxy {upstreams} {{
        lb_policy round_robin
        header_down X-Machine {{http.reverse_proxy.upstream.port}}
    }}
}}
"""


@contextmanager
def made(postgresql, name, template="template1"):
    """The DATABASE_URL of a database of its own, a copy of the template."""
    server, _, there = postgresql.rpartition("/")
    owner, _, folder = server.removeprefix("postgres://").partition("@/")
    with psycopg.connect(host=folder, user=owner, dbname=there, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def migrated(postgresql, tmp_path_factory):
    """The name of a migrated database, made once and copied for each test."""
    with made(postgresql, "migrated") as url:
        Site(tmp_path_factory.mktemp("migrated"), DATABASE_URL=url).run("migrate", "--verbosity", "0")
        yield "migrated"


@pytest.fixture
def database(postgresql, migrated):
    with made(postgresql, "machines", migrated) as url:
        yield url


@pytest.fixture
def machines(database, make_bucket, tmp_path):
    """Two servers of one site, in folders of their own."""
    secret = tmp_path / "secret"
    secret.write_text(f"{s3_store.KEYS['AWS_SECRET_ACCESS_KEY']}\n")
    shared = {"DATABASE_URL": database, "SECRET_KEY": SECRET_KEY, "DEBUG": "false", "MEDIA_STORAGE": make_bucket().url}
    shared |= {"AWS_ACCESS_KEY_ID": s3_store.KEYS["AWS_ACCESS_KEY_ID"], "AWS_SECRET_ACCESS_KEY_FILE": str(secret)}
    shared["DJANGO_SETTINGS_MODULE"] = "tests.serving.settings"
    sites = [Site(tmp_path / name, **shared) for name in ("one", "two")]
    for site in sites:
        site.start()
    yield sites
    for site in sites:
        site.kill()


@pytest.fixture
def front(machines, tmp_path):
    """One address before both: a Caddy that gives each request to the next of them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = tmp_path / "Caddyfile"
    configuration.write_text(FRONT.format(port=port, upstreams=" ".join(f"127.0.0.1:{site.port}" for site in machines)))
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(configuration)]
    with (tmp_path / "caddy.log").open("w") as log:
        caddy = subprocess.Popen(command, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, stderr=log)
    found = Site(tmp_path / "front")
    found.port = port
    while not found.answers():
        assert caddy.poll() is None, (tmp_path / "caddy.log").read_text()
    yield found
    caddy.terminate()
    caddy.wait()


def answered(front):
    """(the port of the machine that has answered, its list of publications)."""
    with closing(front.connection()) as connection:
        connection.request("GET", "/publications/")
        response = connection.getresponse()
        return response.headers["X-Machine"], response.read().decode()


def behind_their_backs(site, name):
    """Rename the owner by psycopg alone, which no page cache can know of."""
    code = f"""
import psycopg
from django.conf import settings
found = settings.DATABASES["default"]
with psycopg.connect(host=found["HOST"], user=found["USER"], dbname=found["NAME"]) as connection:
    connection.execute("UPDATE research_profile SET name = '{name}'")
"""
    site.python(code)


def names(sites):
    return [site.get("/")[1].partition("<h1>")[2].partition("</h1>")[0] for site in sites]


def rename(site, name):
    site.python(f"from research.models import Profile; Profile.objects.update(name={name!r})")


def test_a_save_on_one_is_seen_by_the_next_request_of_the_other(machines):
    one, two = machines
    session = one.log_in()
    for saver, number in ((one, 1), (two, 2), (one, 3)):  # the session holds on both
        assert saver.add_publication(session, f"Owls {number}")[0] == 302
        for site in machines * 2:
            page = site.get("/publications/")[1]
            assert [f"Owls {place}" in page for place in (1, 2, 3)] == [place <= number for place in (1, 2, 3)]


def test_behind_one_front_server_each_save_is_on_the_next_page_whichever_machine_answers(machines, front):
    session = machines[0].log_in()
    for number in (1, 2, 3):
        assert front.add_publication(session, f"Owls {number}")[0] == 302
        answers = [answered(front) for _ in range(4)]
        assert {machine for machine, _ in answers} == {str(site.port) for site in machines}
        seen = [[f"Owls {place}" in page for place in (1, 2, 3)] for _, page in answers]
        assert seen == [[place <= number for place in (1, 2, 3)]] * 4


def test_an_upload_to_one_is_served_by_the_other_and_outlives_it(machines):
    one, two = machines
    assert one.add_publication(one.log_in(), "Owls", picture_file().read())[0] == 302
    name = re.search(r"/media/(images/[0-9a-f]{32}-400x300/[0-9]+\.webp)", two.get("/publications/")[1])[1]
    one.kill()
    shutil.rmtree(one.folder)
    assert two.get_bytes(f"/media/{name}")[0] == 200
    assert not list(two.folder.rglob("*.webp"))


def test_pages_come_from_the_memory_of_each_until_content_is_committed(machines):
    rename(machines[0], "Jane Doe")
    assert names(machines * 2) == ["Jane Doe"] * 4
    behind_their_backs(machines[0], "Unseen")
    assert names(machines * 2) == ["Jane Doe"] * 4
    machines[1].python(FAIL)
    assert names(machines * 2) == ["Jane Doe"] * 4
    rename(machines[1], "Joan Roe")
    assert names(machines * 2) == ["Joan Roe"] * 4


def test_a_restart_of_the_database_is_no_fault_of_a_page(machines):
    rename(machines[0], "Jane Doe")
    assert names(machines) == ["Jane Doe"] * 2
    machines[0].python(
        "from django.db import connection\n"
        "connection.cursor().execute('SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()')"
    )
    rename(machines[0], "Joan Roe")
    assert names(machines * 2) == ["Joan Roe"] * 4
