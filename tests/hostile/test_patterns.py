"""
No regular expression of the site repeats a repetition: a text of a few lines can keep such a one busy for years.

Their structure is looked at, not their speed. Possessive repetitions (`*+`) and atomic groups give nothing back, and
one with a low end (`{0,60}`) has little to give.
"""

import ast
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from re import _constants as op
    from re import _parser as parser

ROOT = Path(__file__).resolve().parents[2]
GIVING_BACK = {op.MAX_REPEAT, op.MIN_REPEAT}
# Where each turn of the outer one begins with a mark that the inner one cannot be, there is one way to divide a text.
DIVIDED = {
    "research/identifiers.py": "a full stop",
    "research/management/commands/export_site.py": "a slash",
    "research/sources/doi.py": "a slash, a full stop or a v",
    "research/archive/container.py": "a slash",
}


def patterns():
    """(place, pattern) of every one that stands in the code; of an f-string what is fixed."""
    found = []
    for path in [*ROOT.glob("research/**/*.py"), *ROOT.glob("portfolio/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", first.value))
    return found


def repeats_a_repetition(parsed, is_inside=False):
    """Whether an endless repetition that gives back stands in another."""
    for code, value in parsed:
        is_endless = code in GIVING_BACK and value[1] == op.MAXREPEAT
        if is_endless and is_inside:
            return True
        if any(repeats_a_repetition(part, is_inside or is_endless) for part in parts(code, value)):
            return True
    return False


def parts(code, value):
    """The patterns inside an item of a pattern."""
    if code in GIVING_BACK:
        return [value[2]]
    if code == op.SUBPATTERN:
        return [value[3]]
    if code == op.BRANCH:
        return value[1]
    if code in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return []


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(?:\w+\s*)+x", r"(\s|\w+)*;\w", r"([a-z]+)*$"])
def test_a_pattern_that_could_take_for_ever_is_seen(pattern):
    assert repeats_a_repetition(parser.parse(pattern))


def test_no_pattern_repeats_a_repetition():
    found = patterns()
    assert len(found) > 200
    files = [place.partition(":")[0] for place, text in found if repeats_a_repetition(parser.parse(text))]
    assert sorted(files) == sorted(DIVIDED)
