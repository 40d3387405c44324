"""Which backups stay."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from research.archive import keeping
from research.archive.keeping import worth_keeping

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)  # a Saturday


def ago(days, hours=0):
    return NOW - timedelta(days=days, hours=hours)


def test_few_are_all_kept():
    assert worth_keeping([]) == set()
    assert worth_keeping([NOW]) == {NOW}
    assert worth_keeping([ago(day) for day in range(7)]) == {ago(day) for day in range(7)}


def test_the_last_seven_are_kept_of_whichever_day():
    assert worth_keeping([ago(0, hour / 60) for hour in range(9)]) == {ago(0, hour / 60) for hour in range(7)}


def test_of_a_day_before_the_last_is_kept():
    newest = {ago(0, hour / 60) for hour in range(7)}
    assert worth_keeping([*newest, ago(1), ago(1, 1), ago(2), ago(2, 1)]) == newest | {ago(1), ago(2)}


def test_daily_ones_of_two_years_leave_seven_days_four_weeks_and_twelve_months():
    moments = [ago(day) for day in range(730)]
    days = {ago(day) for day in range(7)}
    weeks = {NOW, *(datetime(2026, 11, day, 3, tzinfo=UTC) for day in (15, 8, 1))}  # the Sundays
    month_ends = [(2026, 10, 31), (2026, 9, 30), (2026, 8, 31), (2026, 7, 31), (2026, 6, 30), (2026, 5, 31)]
    month_ends += [(2026, 4, 30), (2026, 3, 31), (2026, 2, 28), (2026, 1, 31), (2025, 12, 31)]
    months = {NOW, *(datetime(*day, 3, tzinfo=UTC) for day in month_ends)}
    assert worth_keeping(moments) == days | weeks | months


def test_a_timer_that_stood_still_for_years_loses_nothing():
    old = [ago(1000), ago(2000), ago(3000)]
    assert worth_keeping([NOW, *old]) == {NOW, *old}


def test_keeping_day_after_day_is_the_same_as_keeping_at_the_end():
    moments, kept = [ago(day) for day in reversed(range(400))], set()
    for moment in moments:
        kept = worth_keeping({*kept, moment})
    assert kept == worth_keeping(moments)


def test_only_backups_of_its_own_naming_go(tmp_path):
    for day in range(30):
        keeping.path_for(tmp_path, ago(day)).touch()
    (tmp_path / "backup-of-my-thesis.zip").touch()
    (tmp_path / "notes.txt").touch()
    removed = keeping.prune(tmp_path, NOW)
    kept = worth_keeping([ago(day) for day in range(30)])
    assert set(tmp_path.glob("*")) == {keeping.path_for(tmp_path, moment) for moment in kept} | {
        tmp_path / "backup-of-my-thesis.zip",
        tmp_path / "notes.txt",
    }
    assert len(removed) == 30 - len(kept)


def test_what_a_killed_backup_left_goes_after_a_day(tmp_path):
    part = tmp_path / ".backup-2026-11-01T030000Z.zip.abc.part"
    part.touch()
    written = datetime.fromtimestamp(part.stat().st_mtime, UTC)
    assert keeping.prune(tmp_path, written + timedelta(hours=23)) == []
    assert keeping.prune(tmp_path, written + timedelta(hours=25)) == [part]
    assert list(tmp_path.iterdir()) == []


def test_the_command_keeps_backups_in_a_folder_and_the_newest_is_tried_out(site, tmp_path, capsys):
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(CommandError, match=f"There is no backup in {folder}."):
        call_command("verify_backup", folder)
    old = [keeping.path_for(folder, ago(day)) for day in range(40)]
    for path in old:
        path.touch()
    call_command("backup", keep=folder)
    [new] = set(folder.iterdir()) - set(old)
    assert capsys.readouterr().out.startswith(f"{new}: ")
    assert len(list(folder.iterdir())) < 20
    call_command("verify_backup", folder)
    assert capsys.readouterr().out.startswith(f"{new} can be restored: ")
