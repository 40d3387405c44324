"""The numbers that docs/promises.md gives of what is tried are those of what is tried."""

from bench.hostile_files import largest
from bench.hostile_texts import N
from bench.hostile_texts import texts as long_texts
from research.health import registry
from research.models import Profile
from tests.browser import test_every_page, test_hostile_desk
from tests.serving import test_large_bodies as bodies
from tests.serving import test_slow_visitors as slow

from . import files, test_files, test_links, test_patterns, texts, traces
from .regular_expressions import ROOT, collected
from .test_requests import ADDRESSES, METHODS, NASTY, QUERIES, READ_A_QUERY


def test_the_numbers_in_the_document_are_those_of_the_tests():
    section = (ROOT / "docs/promises.md").read_text(encoding="utf-8").partition("## No input that breaks it\n")[2]
    section = section.partition("\n## ")[0]
    payloads, of_profile = len(texts.PAYLOADS), len(texts.fields(Profile))
    forms, some = len(test_files.FIELDS) - 1, len(files.POLYGLOTS | files.UNUSUAL | files.FOREIGN)
    for_visitors, login, of_the_desk = test_every_page.OPENED
    short, long = sorted(test_patterns.SHORT.values())
    stated = [
        f"in each of {texts.how_many_fields()} text fields (in the profile's {of_profile} every fifth), ",
        f"executed | {payloads}; 0 | `pytest tests/browser/test_payloads.py`",
        f"executed, or could be by a click; stopped by the policy, were it enforced | {payloads}; 0; 0 | the same",
        f"on each of {for_visitors + login} pages for visitors and {of_the_desk} of the desk that the URL ",
        f"in {len(traces.addresses())} mail addresses that a form takes, ",
        f"nothing that anybody has written | {len(test_every_page.BARE)} | the same",
        f"in the findings of {len(registry.CHECKS) - len(test_hostile_desk.OF_THE_SERVER)} checks of the site, ",
        f"in each of {len(test_hostile_desk.QUESTIONS)} questions to the site and five ways to the login every fifth; ",
        f"in the names of {len(texts.file_names('.pdf'))} uploaded files, ",
        f"longer than {texts.LONGEST_NAME} bytes its beginning",
        f"executed | {payloads}; up to 250; 0 | the same",
        f" by {len(METHODS)} methods at each of {ADDRESSES} addresses, of which one leads nowhere; ",
        f"; {len(NASTY)} hostile parts of addresses; {len(QUERIES)} queries at the {len(READ_A_QUERY)} that read one |",
        f"asked of long texts | {len({found.source for found in collected()[0]})}; 0 |",
        f"of\n{short} and {long:,} characters; the test counts",
        f"the worst of {len(long_texts())} texts of {N:,} characters",
        f"in each of {forms} fields of files and in the texts' upload (a project's picture with {some} of them)",
        f"stored with what was hidden in them | {len(files.CORPUS)}; 0; 0 |",
        f"the worst of {len(files.BOMBS) + len(largest())} such files",
        f"bodies of {bodies.SIZE // 1_000_000} MB and without an end, ",
        f"by strangers to {len(bodies.TRIED_BY_STRANGERS)} addresses, ",
        f"slowhttptest's {slow.CONNECTIONS} connections ({'; '.join(slow.ATTACKS)}) ",
        f"in each of {len(test_links.FORMS)} fields of addresses and ",
        f"CSL-JSON; taken | {len(test_links.ADDRESSES)}; 0 |",
    ]
    assert [text for text in stated if text not in section] == []
