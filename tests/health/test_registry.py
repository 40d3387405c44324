"""Every check is in the registry, and says what it is."""

import importlib
import pkgutil

import pytest

from research import health
from research.health import registry
from research.health.finding import Finding
from research.storage import StoreUnavailable

MODULES = {
    name: importlib.import_module(f"research.health.{name}") for _, name, _ in pkgutil.iter_modules(health.__path__)
}


def test_every_check_is_registered_once():
    found = [module for module in MODULES.values() if hasattr(module, "find")]
    assert sorted(found, key=str) == sorted(registry.CHECKS, key=str)
    assert len(found) >= 14


@pytest.mark.parametrize("check", registry.CHECKS, ids=lambda check: check.__name__.rpartition(".")[2])
def test_each_says_what_it_is_and_why(check):
    assert (check.TITLE[0].isupper(), check.TITLE.endswith(".")) == (True, False)
    assert (check.WHY[0].isupper() or check.WHY[0] == "“", check.WHY.endswith(".")) == (True, True)
    assert type(check.IS_FAULT) is bool
    assert [other for other in registry.CHECKS if other.TITLE == check.TITLE] == [check]


def test_faults_come_first_and_are_counted_apart():
    faults = [check.IS_FAULT for check in registry.CHECKS]
    assert faults == sorted(faults, reverse=True)
    broken, better = (check for check in registry.CHECKS if check in (registry.CHECKS[0], registry.CHECKS[-1]))
    results = [registry.Result(broken, [Finding("a")] * 2), registry.Result(better, [Finding("b")] * 3)]
    assert registry.counts(results) == (2, 3)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable("The store of uploads does not answer."), "The store of uploads does not answer."),
        (OSError(30, "Read-only file system"), "Read-only file system."),
    ],
)
def test_a_check_that_cannot_look_says_why(error, said, monkeypatch):
    def find():
        raise error

    monkeypatch.setattr(registry.missing_files, "find", find)
    [result] = registry.examine([registry.missing_files])
    assert result.findings == [Finding(f"Nobody could look. {said}")]
    assert registry.counts([result]) == (1, 0)


def test_a_site_that_is_well_has_nothing_to_find(db, profile, settings):
    settings.IS_LOCAL = True
    assert {result.name: result.findings for result in registry.examine() if result.findings} == {}
    assert registry.count_of_faults() == 0
