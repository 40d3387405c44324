"""The systemd units and timers, as systemd itself reads them; tests/deploy/bare_server runs them."""

import os
import re
import shutil
import subprocess

import pytest
from django.core.management import get_commands

from .conftest import ROOT, program

EXPOSURE = 2.5  # of 10, at most
DEPLOY = ROOT / "deploy"
CALENDAR = re.compile(r"OnCalendar= *(.+?) *\n")


@pytest.fixture
def units(tmp_path):
    """A root folder with the units and the timers of the timetable, and the programs that they start."""
    if shutil.which("systemd-analyze") is None:
        pytest.fail("systemd-analyze is not installed, so that this cannot be tested: tests/install_programs.sh")
    folder = shutil.copytree(DEPLOY / "systemd", tmp_path / "etc/systemd/system")
    subprocess.run([DEPLOY / "timers", DEPLOY / "timetable", folder], check=True)
    for name in ("opt/portfolio/releases/1/.venv/bin/granian", "opt/portfolio/current/deploy/task"):
        program = tmp_path / name
        program.parent.mkdir(parents=True)
        program.touch(0o755)
    for name in (
        "sysinit",
        "basic",
        "network",
        "network-online",
        "shutdown",
        "multi-user",
        "timers",
        "time-set",
        "time-sync",
    ):
        (folder / f"{name}.target").write_text("[Unit]\nDescription=One of systemd's own\n")
    return folder


def analyze(root, *arguments):
    """(status, output) of systemd-analyze for the units in a root folder."""
    command = ["systemd-analyze", f"--root={root}", "--man=no", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def timetable():
    """{name of a job: (when, what manage.py is to do)}"""
    lines = [line for line in (DEPLOY / "timetable").read_text().splitlines() if not line.startswith("#")]
    return {name: (when, command) for name, when, command in (map(str.strip, line.split("|")) for line in lines)}


def jobs():
    return {name: command for name, (_, command) in timetable().items()}


def test_the_timetable_has_what_the_documents_promise():
    assert timetable() == {
        "backup": ("*-*-* 03:10:00", "backup --keep /var/backups/portfolio"),
        "trial": ("Sun 04:10:00", "verify_backup /var/backups/portfolio"),
        "copy": ("*:0/10", "export_site --if-changed /var/lib/portfolio/copy/site"),
        "works": ("Mon 06:00:00", "-look_for_works"),
        "links": ("Tue 06:00:00", "check_links"),
        "tidy": ("Sun 05:10:00", "discard_unclaimed_files"),
        "ended": ("*-*-* 05:20:00", "clearsessions"),  # docs/privacy.md says for how long sessions are kept
    }


def test_systemd_finds_nothing_to_say_of_them(units, tmp_path):
    names = ["portfolio-site@1.service", *(f"portfolio-task@{job}.timer" for job in jobs())]
    assert sorted(path.name for path in units.glob("*.timer")) == sorted(names[1:])
    assert analyze(tmp_path, "verify", *names) == (0, "")
    site = units / "portfolio-site@.service"
    site.write_text(site.read_text().replace("MemoryMax", "MemoryMost"))
    assert "'MemoryMost'" in analyze(tmp_path, "verify", names[0])[1]


@pytest.mark.parametrize("unit", ["portfolio-site@1.service", "portfolio-task@backup.service"])
def test_they_see_little_of_the_machine(units, tmp_path, unit):
    _, output = analyze(tmp_path, "security", "--offline=true", unit)
    assert float(re.search(r"Overall exposure level for .*?: ([\d.]+)", output)[1]) < EXPOSURE
    (units / "portfolio-.service.d/hardening.conf").unlink()
    _, output = analyze(tmp_path, "security", "--offline=true", unit)
    assert float(re.search(r"Overall exposure level for .*?: ([\d.]+)", output)[1]) > EXPOSURE


def test_each_job_has_a_time_that_comes_and_a_command_that_there_is(units):
    for job, command in jobs().items():
        when = CALENDAR.search((units / f"portfolio-task@{job}.timer").read_text())[1]
        done = subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, text=True, check=False)
        assert (job, done.returncode, "Next elapse" in done.stdout) == (job, 0, True), done.stderr
        name = command.removeprefix("-").split()[0]
        assert name in get_commands()


def test_a_job_hands_its_words_to_manage_and_its_failure_is_told_unless_a_hyphen_lets_it_be_refused(tmp_path):
    for name in ("task", "layout.sh"):
        shutil.copy(DEPLOY / name, tmp_path)
    (tmp_path / "timetable").write_text(
        "# a comment | x | y\nkeep | daily | backup --keep /a/b\ncopy | daily | copy to\nlook | daily | -look\n"
        f"trial | daily | verify_backup {tmp_path}/var/backups/portfolio\nown | daily | backup /a/b.zip\n"
    )
    own = tmp_path / "etc/portfolio/timetable"
    manage = tmp_path / "manage"
    manage.write_text('#!/bin/sh\nprintf "<%s>" "$@"\nexit "$STATUS"\n')
    manage.chmod(0o755)

    def task(name, status):
        command = [tmp_path / "task", name]
        done = subprocess.run(
            command,
            env={"STATUS": str(status), "PATH": "/usr/bin:/bin", "PORTFOLIO_ROOT": str(tmp_path)},
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout.decode()

    # A backup mails its failure by itself, with the reason.
    assert [task("keep", status) for status in (0, 1)] == [(status, "<backup><--keep></a/b>") for status in (0, 1)]
    assert [task("copy", status) for status in (0, 1)] == [
        (0, "<copy><to>"),
        (1, "<copy><to><report_failed_job><copy>"),
    ]
    assert [task("keep", status)[1].count("<report_failed_job>") for status in (1, 3, 137)] == [0, 0, 1]
    assert [task("trial", status)[1].count("<report_failed_job>") for status in (1, 137)] == [0, 1]
    assert task("own", 1) == (1, "<backup></a/b.zip><report_failed_job><own>")
    told = "<look><report_failed_job><look>"
    assert [task("look", status) for status in (0, 1, 2)] == [(0, "<look>"), (0, "<look>"), (2, told)]
    assert task("nothing", 0) == (2, "")
    own.parent.mkdir(parents=True)
    own.write_text("look | weekly | look --closely\nnothing | daily | nothing")
    assert [task(name, 0)[1] for name in ("keep", "look", "nothing")] == [
        "<backup><--keep></a/b>",
        "<look><--closely>",
        "<nothing>",
    ]


def test_the_owners_timetable_adds_jobs_and_changes_times_and_a_wrong_time_ends_nothing(tmp_path):
    own, units = tmp_path / "etc/portfolio/timetable", tmp_path / "etc/systemd/system"
    for folder in (own.parent, units, tmp_path / "bin"):
        folder.mkdir(parents=True)
    program(tmp_path / "bin/systemctl", 'case $* in "restart portfolio-task@mail.timer") exit 1 ;; esac')
    variables = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "PORTFOLIO_ROOT": str(tmp_path)}
    install = ["sh", "-eu", "-c", f". {DEPLOY}/layout.sh; install_timers {ROOT}"]

    def timers():
        done = subprocess.run(install, env=variables, capture_output=True, text=True, check=False)
        found = {path.stem.partition("@")[2]: CALENDAR.search(path.read_text())[1] for path in units.iterdir()}
        return done.returncode, done.stderr, found

    status, errors, before = timers()
    assert (status, errors, sorted(before)) == (0, "", sorted(jobs()))
    own.write_text(
        "# mine\nbackup | *-*-* 01:00:00 | backup --keep /a\nmail | Someday | sendtestemail jane@jane-doe.test"
    )
    warning = f"WARNING: portfolio-task@mail.timer does not run. Is its time in {own} right?\n"
    assert timers() == (0, warning, before | {"backup": "*-*-* 01:00:00", "mail": "Someday"})
    own.unlink()
    assert timers() == (0, "", before)


def test_the_container_runs_the_server_as_the_unit_does():
    def options(name):
        command = re.search(r"granian (.*?portfolio\.wsgi:application)", (DEPLOY / name).read_text(), re.DOTALL)[1]
        return [word for word in command.replace("\\\n", " ").split() if "web.sock" not in word]

    assert options("start") == options("systemd/portfolio-site@.service")
