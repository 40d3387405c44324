"""
How many steps a regular expression takes: Python's own way of matching, gone step by step, so that it can be counted.

Works on the tree of Python's own parser. A step is a character that is looked at. Counted repetitions are taken for
shorter ones (`{0,500}` for `{0,4}`), so that a text of a hundred characters is long beside each of them.
"""

import re
import sys
import warnings
from itertools import groupby

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from re import _constants as op
    from re import _parser as parser

COUNTED = 4
ONE = {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}
REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}


def inner(code, value):
    """The expressions inside an item of an expression."""
    if code in REPEATS:
        return [value[2]]
    if code == op.SUBPATTERN:
        return [value[3]]
    if code == op.BRANCH:
        return value[1]
    if code in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return [value] if code == op.ATOMIC_GROUP else []


class TooMany(Exception):
    """It takes more steps than anything linear would."""


class Pattern:
    """A pattern (of text or bytes) whose steps are counted. `characters` are all that its texts may be made of."""

    def __init__(self, source, flags=0, characters=frozenset()):
        self.flags = re.compile(source, flags).flags
        self.tree = parser.parse(source, flags)
        self.is_bytes = isinstance(source, bytes)
        self.characters = characters
        self._sets = {}
        self._run = self._sequence(self.tree)

    def steps(self, text, how="finditer", limit=100_000):
        """How many steps `fullmatch`, `match` or `finditer` take for a text; TooMany beyond the limit."""
        self.text, self.taken, self.limit, self.groups = text, 0, limit, {}
        deepest = sys.getrecursionlimit()
        sys.setrecursionlimit(20_000)
        try:
            return self._steps(text, how)
        finally:
            sys.setrecursionlimit(deepest)

    def _steps(self, text, how):
        if how != "finditer":
            self._attempt(0, how)
            return self.taken
        place = 0
        while place <= len(text):
            end = self._attempt(place, how)
            place = end if end is not None and end > place else place + 1
        return self.taken

    def _attempt(self, place, how):
        ends = []

        def end(place):
            if how == "fullmatch" and place != len(self.text):
                return False
            ends.append(place)
            return True

        self._step()
        return ends[0] if self._run(place, end) else None

    def _step(self, count=1):
        self.taken += count
        if self.taken > self.limit:
            raise TooMany

    def allowed(self, code, value):
        """Those of `characters` that an item for one character matches."""
        key = (code, repr(value))
        if key not in self._sets:
            self._sets[key] = frozenset(one for one in self.characters if self._is_one(code, value, one))
        return self._sets[key]

    def _is_one(self, code, value, character):
        if code == op.ANY:
            return character != "\n" or bool(self.flags & re.DOTALL)
        cases = {character, *(character.lower(), character.upper())} if self.flags & re.IGNORECASE else {character}
        if code != op.IN:
            return (chr(value) in cases) == (code == op.LITERAL)
        is_negated = value[0][0] == op.NEGATE
        return is_negated != any(self._is_in(*item, one) for item in value for one in cases if len(one) == 1)

    def _is_in(self, code, value, character):
        if code == op.LITERAL:
            return ord(character) == value
        if code == op.RANGE:
            return value[0] <= ord(character) <= value[1]
        return code == op.CATEGORY and self._is_category(value, character)

    def _is_category(self, value, character):
        name = str(value).rpartition("CATEGORY_")[2]
        sign = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.removeprefix("NOT_")]
        sign = sign.upper() if name.startswith("NOT_") else sign
        return bool(re.match(rf"\{sign}", character, re.ASCII if self.flags & re.ASCII or self.is_bytes else 0))

    # What follows makes functions of a place and of what comes next, which is asked for each place that is reached.

    def _sequence(self, items):
        parts = []
        for is_word, some in groupby(items, lambda item: item[0] in ONE):
            if is_word:
                parts.append(self._word([self.allowed(*item) for item in some]))
            else:
                parts += [self._item(*item) for item in some]
        if len(parts) == 1:
            return parts[0]

        def run(place, then, number=0):
            if number == len(parts):
                return then(place)
            return parts[number](place, lambda reached: run(reached, then, number + 1))

        return run

    def _item(self, code, value):
        if code in REPEATS:
            return self._repeat(code, *value)
        if code == op.BRANCH:
            branches = [self._sequence(branch) for branch in value[1]]
            return lambda place, then: any(branch(place, then) for branch in branches)
        if code == op.ATOMIC_GROUP:
            return self._atomic(self._sequence(value))
        if code in (op.ASSERT, op.ASSERT_NOT):
            return self._assertion(code == op.ASSERT, *value)
        return {op.SUBPATTERN: self._group, op.GROUPREF: self._reference, op.AT: self._at}[code](value)

    def _word(self, sets):
        def run(place, then):
            for allowed in sets:
                self._step()
                if place == len(self.text) or self.text[place] not in allowed:
                    return False
                place += 1
            return then(place)

        return run

    def _group(self, value):
        number, inner = value[0], self._sequence(value[3])

        def run(place, then):
            def reached(end):
                before = self.groups.get(number)
                self.groups[number] = self.text[place:end]
                return then(end) or self.groups.update({number: before})

            return inner(place, reached)

        return run

    def _reference(self, number):
        def run(place, then):
            found = self.groups.get(number)
            self._step(len(found or "") + 1)
            return found is not None and self.text.startswith(found, place) and then(place + len(found))

        return run

    def _atomic(self, inner):
        def run(place, then):
            ends = []
            return inner(place, lambda end: ends.append(end) or True) and then(ends[0])

        return run

    def _assertion(self, is_wanted, direction, items):
        inner, (width, _) = self._sequence(items), items.getwidth()

        def run(place, then):
            start = place if direction > 0 else place - width
            found = start >= 0 and inner(start, lambda end: direction > 0 or end == place)
            return bool(found) == is_wanted and then(place)

        return run

    def _at(self, value):
        name = str(value)

        def run(place, then):
            self._step()
            return self._is_at(name, place) and then(place)

        return run

    def _is_at(self, name, place):
        before, after = self.text[place - 1 : place] if place else "", self.text[place : place + 1]
        if name.startswith("AT_BEGINNING"):
            return not before or (name == "AT_BEGINNING" and before == "\n" and bool(self.flags & re.MULTILINE))
        if name.startswith("AT_END"):
            is_line = after == "\n" and (place + 1 == len(self.text) or bool(self.flags & re.MULTILINE))
            return not after or (name == "AT_END" and is_line)
        is_word = [bool(re.match(r"\w", one)) for one in (before, after)]
        return (is_word[0] != is_word[1]) == (name == "AT_BOUNDARY")

    def _repeat(self, code, low, high, items):
        low, high = min(low, COUNTED), high if high == op.MAXREPEAT else min(high, COUNTED)
        if len(items) == 1 and items[0][0] in ONE:
            return self._repeat_one(code, low, high, self.allowed(*items[0]))
        inner = self._sequence(items)

        def turn(place, then, times):
            def reached(end):
                return (end != place or times < low) and turn(end, then, times + 1)

            if times < low:
                return inner(place, reached)
            if code == op.MIN_REPEAT:
                return then(place) or (times < high and inner(place, reached))
            return (times < high and inner(place, reached)) or then(place)

        if code == op.POSSESSIVE_REPEAT:
            return self._atomic(lambda place, then: turn(place, then, 0))
        return lambda place, then: turn(place, then, 0)

    def _repeat_one(self, code, low, high, allowed):
        def run(place, then):
            end, last = place, len(self.text) if high == op.MAXREPEAT else min(place + high, len(self.text))
            if code == op.MIN_REPEAT:
                while True:
                    if end - place >= low and then(end):
                        return True
                    self._step()
                    if end >= last or self.text[end] not in allowed:
                        return False
                    end += 1
            while end < last and self.text[end] in allowed:
                end += 1
            self._step(end - place + 1)
            if code == op.POSSESSIVE_REPEAT:
                return end - place >= low and then(end)
            while end - place >= low:
                if then(end):
                    return True
                self._step()
                end -= 1
            return False

        return run
