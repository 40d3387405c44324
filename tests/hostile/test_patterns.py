"""
Every regular expression of the site is linear in the text that it is asked about, whatever that is.

Not by its looks and not by its time: texts are made from it (`attacks.py`) and its steps are counted (`steps.py`). What
is not linear is named here, with the number of characters beyond which the code does not ask it.
"""

import pytest

from research.citations import bibtex_reading
from research.sources import doi, registry

from .attacks import slow_text
from .regular_expressions import MADE, collected, files, held
from .steps import Pattern

FEW = 1_000_000  # steps: some hundredths of a second
# What is not linear, and the most characters that it is asked about.
SHORT = {
    bibtex_reading.PAGES.pattern: 100,
    doi.BEHIND.pattern: registry.MAX_WORD,
}
# What nobody but the site itself writes.
OWN_TEXTS = {"research/stylesheet.py"}


@pytest.mark.parametrize("file", files())
def test_every_pattern_is_linear_or_asked_about_short_texts(file):
    found = [one for one in collected()[0] if one.file == file]
    assert found
    for place, source, flags, how in found:
        slow = slow_text(source, flags, how)
        if slow and file not in OWN_TEXTS:
            before, word, behind = slow
            assert source in SHORT, (place, source, slow)
            text = before + word * (SHORT[source] // len(word)) + behind
            Pattern(source, flags, frozenset(text)).steps(text, how, FEW)  # raises where it takes more


def test_no_pattern_is_left_out():
    found, made_when_asked = collected()
    assert sorted(made_when_asked) == sorted(MADE)
    assert {one.file for one in found} == set(files())
    known = {one.source for one in found}
    assert len(known) > 280
    assert held() - known == set()


def test_a_longer_word_is_no_address_of_a_publication():
    address = "https://doi.org/10.1000/182?"
    assert registry.request(address.ljust(registry.MAX_WORD, "a")).identifier == "10.1000/182"
    assert registry.request(address.ljust(registry.MAX_WORD + 1, "a")) is None


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        (r"(a+)+b", "match"),
        (r"(?:\w+\s*)+x", "match"),
        (r"(\s|\w+)*;\w", "match"),
        (r"([a-z]+)*$", "match"),
        (r"(?:a|b|ab)*c", "match"),
        (r"^\s*x?\s*$", "match"),
        (r".*,.*;", "match"),
        (r"(\w+)\1", "match"),
        (r"\s+x", "finditer"),
        (r"\s+\S*\Z", "finditer"),
        (r"x(?:.*y)?", "finditer"),
        (r"<!--.*?-->", "finditer"),
        (r"a++b", "finditer"),
        (r"(?:[^$\\]++|\\.)++x", "finditer"),
        (r"[a-z]+@[a-z]+\.com", "finditer"),
    ],
)
def test_a_pattern_that_is_not_linear_is_seen(pattern, how):
    assert slow_text(pattern, 0, how)


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        (r"\s+x", "match"),
        (r"\s+", "finditer"),
        (r"(?<!\s)\s+x", "finditer"),
        (r"<!--.{0,50}?-->", "finditer"),
        (r"(?:ab)*(?:ba)*c", "match"),
        (r"\bfoo\s*=\s*bar", "finditer"),
    ],
)
def test_a_linear_pattern_is_known_as_one(pattern, how):
    assert slow_text(pattern, 0, how) is None
