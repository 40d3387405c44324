"""The checks of the site, in the order in which they are shown. A new one is a module and a line here."""

from typing import NamedTuple

from ..storage import StoreUnavailable
from . import (
    abstracts,
    alt_texts,
    backups,
    configuration,
    disk_space,
    dois,
    duplicate_people,
    duplicate_publications,
    external_links,
    internal_links,
    missing_files,
    thumbnails,
    unclaimed_files,
    venues,
)
from .finding import Finding

CHECKS = (
    *(backups, disk_space, missing_files, configuration, internal_links, external_links),
    *(duplicate_publications, duplicate_people, unclaimed_files),
    *(dois, venues, abstracts, thumbnails, alt_texts),
)


class Result(NamedTuple):
    """A check and what it has found."""

    check: object
    findings: list

    @property
    def name(self):
        return self.check.__name__.rpartition(".")[2]


def examine(checks=CHECKS):
    """The `Result` of every check; of one that cannot look, why not."""
    return [Result(check, found_by(check)) for check in checks]


def found_by(check):
    try:
        return check.find()
    except OSError as error:  # such as of a store that does not answer: the desk is needed then
        return [Finding(f"Nobody could look. {reason(error)}")]


def reason(error):
    return str(error) if isinstance(error, StoreUnavailable) else f"{error.strerror or error}."


def count_of_faults():
    """How many things are broken, without the checks of what could be better, which take longer."""
    return counts(examine([check for check in CHECKS if check.IS_FAULT]))[0]


def counts(results):
    """(how many things are broken, how many could be better)"""
    faults = sum(len(found) for check, found in results if check.IS_FAULT)
    return faults, sum(len(found) for _, found in results) - faults
