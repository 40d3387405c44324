"""
Texts that keep a regular expression busy, made from the expression itself, and how its steps grow with them.

What takes more than linear time can repeat one word in two ways: it stays in a repetition, and it gets on to another,
or begins anew at a later place of the text (Weber and Seidl, "On the degree of ambiguity of finite automata", 1991). So
each repetition is passed again and again, alone and with its neighbours, behind what leads to it, and before what lets
the whole fail.
"""

from itertools import product
from math import ceil

from .steps import ONE, REPEATS, Pattern, TooMany, inner, op

COMMON = "aZx05 \n\t_-.,;:/$\\{}[]()<>\"'`*#&%@~^=|é²–中\x00"
TIMES = (
    6  # a word is repeated so often, or a multiple of it: what matches two or three words at once has its period too
)
LENGTH = 24
PLACES = 3  # where one word is repeated
NEIGHBOURS = 3  # pieces that are repeated together
WAYS = ("all", "repeated", "needed")  # what of an expression's optional parts a text has


def slow_text(source, flags=0, how="finditer"):
    """(what comes before, word, what comes behind): more than linear many steps if the word is repeated. Or None."""
    characters = "".join(sorted(set(_letters(Pattern(source, flags).tree)))) + COMMON
    pattern = Pattern(source, flags, frozenset(characters))
    kinds = _kinds(characters, set(_choices(pattern, pattern.tree)))
    stranger = min(kinds, key=lambda kind: sum(kind in one for one in _choices(pattern, pattern.tree)))
    for before, word, rest in _repeated(pattern, kinds):
        for behind in dict.fromkeys(["", stranger, rest + stranger, rest + " "]):
            if _is_more_than_linear(pattern, how, before, word, behind):
                return before, word, behind
    return None


def _is_more_than_linear(pattern, how, before, word, behind):
    """Three lengths at equal distances: so are the numbers of steps where they are linear, but for both ends."""
    times = TIMES * ceil(LENGTH / TIMES / len(word))
    try:
        one, three = (pattern.steps(before + word * times * n + behind, how) for n in (1, 3))
        if three <= 3 * one:
            return False
        two = pattern.steps(before + word * times * 2 + behind, how)
    except TooMany:
        return True
    return three - 2 * two + one > 3 * times


def _letters(items):
    """Every character that an expression names."""
    for code, value in items:
        if code in (op.LITERAL, op.NOT_LITERAL):
            yield chr(value)
        elif code == op.RANGE:
            yield from map(chr, value)
        else:
            for part in [value] if code == op.IN else inner(code, value):
                yield from _letters(part)


def _choices(pattern, items, is_repeated=False):
    """The sets of characters among which a text can choose, and those that are repeated."""
    for code, value in items:
        if code in ONE:
            allowed = pattern.allowed(code, value)
            if is_repeated or len(allowed) > 2:
                yield allowed
        for part in inner(code, value):
            yield from _choices(pattern, part, is_repeated or (code in REPEATS and value[1] == op.MAXREPEAT))


def _kinds(characters, sets):
    """One character for all that the sets do not tell from one another."""
    first = {}
    for character in characters:
        first.setdefault(tuple(character in one for one in sets), character)
    return list(first.values())


def _repeated(pattern, kinds):
    """(what comes before, word, what would follow) for every word that passes a repetition."""
    found = {kind: {("", ""): None} for kind in kinds}
    for kind, optional in product(kinds, WAYS):
        for pieces in _paths(pattern, pattern.tree, kind, optional):
            texts, endless = [text for text, _ in pieces], [is_endless for _, is_endless in pieces]
            for start, end in _spans(len(pieces)):
                word = "".join(texts[start:end])
                places = found.setdefault(word, {})
                if word and any(endless[start:end]) and len(places) < PLACES:
                    places["".join(texts[:start]), "".join(texts[end:])] = None
    return [(before, word, rest) for word, places in found.items() for before, rest in places]


def _spans(count):
    """The first pieces, and a few neighbours anywhere."""
    spans = [(start, end) for start in range(count) for end in range(start + 1, count + 1)]
    return [(start, end) for start, end in spans if not start or end - start <= NEIGHBOURS]


def _paths(pattern, items, kind, optional, is_endless=False):
    """Ways through an expression, each in pieces (text, whether it is repeated), of one kind where it may choose."""
    paths = [[]]
    for code, value in items:
        ways = _ways(pattern, code, value, kind, optional, is_endless)
        # Each way once, beside the first of all others: all combinations would be too many.
        paths = [_joined(path, ways[0]) for path in paths] + [_joined(paths[0], way) for way in ways[1:]]
    return paths


def _joined(path, way):
    """What is not repeated is one piece with its like."""
    if path and way and not path[-1][1] and not way[0][1]:
        return [*path[:-1], (path[-1][0] + way[0][0], False), *way[1:]]
    return path + way


def _ways(pattern, code, value, kind, optional, is_endless):
    if code in ONE:
        allowed = pattern.allowed(code, value)
        return [[(kind if kind in allowed else min(allowed, default=""), is_endless)]]
    if code in REPEATS:
        low, high, items = value
        is_repetition = high == op.MAXREPEAT
        if not low and (optional == "needed" or (optional == "repeated" and not is_repetition)):
            return [[]]
        return [
            way * max(1, min(low, 4)) for way in _paths(pattern, items, kind, optional, is_endless or is_repetition)
        ]
    if code in (op.ASSERT, op.ASSERT_NOT, op.AT, op.GROUPREF):
        return [[]]
    return [way for part in inner(code, value) for way in _paths(pattern, part, kind, optional, is_endless)]
