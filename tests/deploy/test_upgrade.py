"""deploy/upgrade with real releases of the working folder, behind a real Caddy, under load."""

import re
import sqlite3
from contextlib import closing

from .conftest import git
from .load import Load, SlowSave

ADDITIVE = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("research", "{last}")]
    operations = [
        migrations.AddField("publication", "mood", models.CharField(max_length=20, db_default="calm")),
    ]
"""
FAILING = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("research", "{last}")]
    operations = [migrations.RunSQL("UPDATE research_profile SET unknown = 1")]
"""


def add_migration(server, text, name="9999_added"):
    folder = server.project / "research/migrations"
    last = max(path.stem for path in folder.glob("[0-9]*.py"))
    (folder / f"{name}.py").write_text(text.format(last=last))


def rows(server, query):
    with closing(sqlite3.connect(server.data / "db.sqlite3")) as database:
        return database.execute(query).fetchall()


def change_robots(server, word):
    """Let another release answer /robots.txt in another way, by which one sees which of them answers."""
    view = server.project / "research/views/site.py"
    text = view.read_text()
    assert "User-agent: *" in text
    view.write_text(text.replace("User-agent: *", f"# {word}\\nUser-agent: *"))


def test_no_request_fails_while_the_release_is_changed_and_changed_back(server):
    first = server.running()
    add_migration(server, ADDITIVE)
    change_robots(server, "second")
    script = server.project / "deploy/upgrade"
    script.write_text(script.read_text().replace("Backing up", "Backing up, as the second release does"))
    server.commit("The second release")
    with Load(server.site) as load:
        slow = SlowSave(server.site, load.session)
        done = server.upgrade()
        assert (done.returncode, done.stderr) == (0, "")
        assert slow.finish() == 302
        second = server.running()
        assert server.site.get("/robots.txt")[1].startswith("# second\n")
        back = server.upgrade("--back")
        assert (back.returncode, back.stderr) == (0, "")
    assert (load.failures, server.running()) == ([], first)
    commit = second.rpartition("-")[2]
    refused = server.upgrade()
    assert (refused.returncode, server.running()) == (1, first)
    assert refused.stderr == (
        f"The newest release is {commit} still, from which you went back. Nothing was changed. "
        f"To take it all the same: sudo {server.source}/deploy/upgrade {commit}\n"
    )
    assert load.answered > 100
    print(f"{load.answered} reads and {load.saved} saves, {len(load.failures)} failed.")
    assert not server.site.get("/robots.txt")[1].startswith("# second\n")
    # The old release saved after the migration, and what it did not know of has its default.
    assert rows(server, "SELECT count(*), min(mood), max(mood) FROM research_publication") == [
        (load.saved + 1, "calm", "calm")
    ]
    assert "Backing up, as the second release does" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == (
        f"The site runs {second}. The way back to {first}: sudo {server.source}/deploy/upgrade --back"
    )
    assert len(list((server.root / "var/backups/portfolio").glob("backup-*.zip"))) == 1
    assert {path.name for path in (server.root / "opt/portfolio/releases").iterdir()} == {first, second}


def test_whatever_fails_leaves_the_old_release_running_and_is_said(server):
    first = server.running()
    goes_on = f"The release {first} goes on running.\n"
    add_migration(server, FAILING)
    server.commit("A release whose migration fails")
    with Load(server.site) as load:
        done = server.upgrade()
    assert (done.returncode, load.failures, server.running()) == (1, [], first)
    assert done.stderr.endswith(f"no such column: unknown\nThe database could not be migrated. {goes_on}")

    (server.project / "research/migrations/9999_added.py").unlink()
    view = server.project / "research/views/projects.py"
    view.write_text(
        re.sub(r"\n(@\w+\n)*def (\w+)\(request.*\n", r"\g<0>    raise RuntimeError('broken')\n", view.read_text())
    )
    server.commit("A release with a page that is broken")
    with Load(server.site) as load:
        done = server.upgrade()
    assert (done.returncode, load.failures, server.running()) == (1, [], first)
    assert done.stderr.endswith(f"The release answered /projects/ with status 500 instead of 200. {goes_on}")
    assert "RuntimeError: broken" in done.stderr

    settings = server.project / "portfolio/settings.py"
    settings.write_text(settings.read_text() + "\nraise SystemExit('It cannot start.')\n")
    server.commit("A release that does not start")
    done = server.upgrade()
    assert (done.returncode, server.running()) == (1, first)
    assert done.stderr.endswith(f"It cannot start.\nThe static files could not be collected. {goes_on}")
    assert {path.name for path in (server.root / "opt/portfolio/releases").iterdir()} == {first}
    assert server.upgrade("nowhere").stderr == f"The clone {server.source} does not know nowhere.\n"
    assert server.upgrade("--back").stderr == "There is no release to go back to.\n"
    again = server.upgrade("--again")  # although the clone has come to what does not start
    assert (again.returncode, again.stderr) == (0, "")
    assert (server.running() == first, server.running()[-8:]) == (False, first[-8:])
    assert server.site.get("/healthz")[0] == 200


def test_a_bucket_that_takes_no_copy_keeps_nobody_from_upgrading_and_what_was_left_is_taken_by_its_name(server):
    with (server.root / "etc/portfolio/environment").open("a") as file:
        file.write("BACKUP_COPY=s3://copies?endpoint_url=http://127.0.0.1:9\nBACKUP_PASSPHRASE=owls see in the dark\n")
        file.write("AWS_ACCESS_KEY_ID=jane\nAWS_SECRET_ACCESS_KEY=secret\n")
    change_robots(server, "second")
    server.commit("The second release")
    commit = git(server.project, "rev-parse", "--short=7", "HEAD").strip()
    for arguments in ([], ["--back"], [commit]):
        done = server.upgrade(*arguments)
        assert done.returncode == 0, done.stderr
    _, archive = sorted((server.root / "var/backups/portfolio").glob("backup-*.zip"))  # both of this day
    warning = (
        "WARNING: the backup is good, but on this server alone: its copy failed. Mend that, or every night's will."
    )
    said = done.stderr.splitlines()
    assert f"    CommandError: {archive} is good, but the bucket copies did not take its copy. " in done.stderr
    assert "Could not connect to the endpoint URL" in done.stderr
    assert (said[-2:], server.running().endswith(commit)) == ([warning, warning], True)
    assert not (server.root / "opt/portfolio/left").exists()
