"""Every regular expression of the site's code, with how it is asked: those written down, and those made of pieces."""

import ast
import importlib
import re
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from research import images, page_address

ROOT = Path(__file__).resolve().parents[2]
# How `re` asks, and where its flags stand; Django asks what it is given with `search`.
FLAGS = {"compile": 1} | dict.fromkeys(("search", "match", "fullmatch", "findall", "finditer"), 2)
FLAGS |= {"split": 3, "sub": 4, "subn": 4}
# Where the text stands that is asked about at once.
TEXT = dict.fromkeys(("search", "match", "fullmatch", "findall", "finditer", "split"), 1) | {"sub": 2, "subn": 2}
OF_DJANGO = {"RegexValidator", "re_path"}
SAYS_SO = re.compile(rf"(?<![\w.])(?:re\.(?:{'|'.join(FLAGS)})|{'|'.join(OF_DJANGO)})\(")
# Made of what is only known when it is asked for: as it then may be, and how it is asked.
MADE = {
    "research/citations/jats.py": ("finditer", [r"</mml:math\s*>"]),
    "research/citations/text.py": ("finditer", [r"(?<!\S)\S*?(of)\S*"]),
    "research/images.py": ("match", [pattern for pattern, _, _ in images.OTHER_KINDS]),
    "research/page_address.py": ("fullmatch", [pattern.pattern for pattern, _ in page_address.QUERIES]),
    "research/staticsite.py": ("finditer", [r"(?:https://x\.org|(?<=[\s\"'(=,]))(/static/|/media/)([\w.~%@+/-]+)"]),
}


# Patterns in a table, all of them asked with `fullmatch`.
WHOLE = {("markup", "VALUES"), ("markup", "OWN_IMAGE")}


class Found(NamedTuple):
    place: str  # such as "research/names.py:13"
    source: str | bytes
    flags: int
    how: str  # "fullmatch", "match" (both from the first character alone), or "finditer"

    @property
    def file(self):
        return self.place.partition(":")[0]


class Module:
    """A module's file: the patterns in it, and the methods by which it asks those that have a name."""

    def __init__(self, path):
        self.path, self.tree = path, ast.parse(path.read_text(encoding="utf-8"))
        self.file = str(path.relative_to(ROOT))
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        self.assigned = {
            id(inside): node.targets[0].id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            for inside in ast.walk(node.value)
        }
        self.imported = {
            one.asname or one.name: ((node.module or "").rpartition(".")[2], one.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for one in node.names
        }

    def calls(self):
        """(node, what is called) of whatever takes a regular expression."""
        for node in ast.walk(self.tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                if called.value.id == "re" and called.attr in FLAGS:
                    yield node, called.attr
            elif isinstance(called, ast.Name) and called.id in OF_DJANGO:
                yield node, called.id

    def value(self, node):
        """What an expression of the file is; None where it needs more than the module's own names."""
        expression = compile(ast.Expression(node), self.file, "eval")
        try:
            return eval(expression, vars(importlib.import_module(self.name)))  # the site's own code
        except NameError:
            return None

    def uses(self):
        """((module, name), method) wherever a name is read; no method where it is handed on."""
        methods = {id(node.value): node.attr for node in ast.walk(self.tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield self.imported.get(node.id, (self.path.stem, node.id)), methods.get(id(node))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                module = self.imported.get(node.value.id, ("", node.value.id))[1]
                yield (module, node.attr), methods.get(id(node))


def paths():
    return [path for folder in ("portfolio", "research") for path in sorted((ROOT / folder).rglob("*.py"))]


def files():
    """The files that may have a regular expression, by what they say: to know it takes seconds."""
    return [str(path.relative_to(ROOT)) for path in paths() if SAYS_SO.search(path.read_text(encoding="utf-8"))]


@cache
def collected():
    """(every Found, the files with an expression that is made when it is asked for)."""
    modules = [Module(path) for path in paths()]
    uses, found, made = {}, [], set()
    for module in modules:
        for name, method in module.uses():
            uses.setdefault(name, set()).add(method)
    for module in modules:
        for node, called in module.calls():
            source = module.value(node.args[0])
            name = (module.path.stem, module.assigned.get(id(node)))
            methods = uses.get(name, {None}) if called == "compile" else {called}
            if source is None:
                made.add(module.file)
            elif called not in TEXT or not isinstance(node.args[TEXT[called]], ast.Constant):
                how = "fullmatch" if name in WHOLE else asked(methods)
                found.append(Found(f"{module.file}:{node.lineno}", source, flags(module, node, called), how))
    for file, (how, sources) in MADE.items():
        found += [Found(file, source, re.IGNORECASE | re.DOTALL, how) for source in sources]
    return found, made


def flags(module, node, called):
    """The flags of a call: by their name, or in their place."""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
    if isinstance(node.func, ast.Attribute):
        given += node.args[FLAGS[called] : FLAGS[called] + 1]
    return int(module.value(given[0])) if given else 0


def asked(methods):
    """The way of asking that costs most, of those that are named."""
    methods = methods - {"pattern"}
    if methods <= {"fullmatch"}:
        return "fullmatch"
    return "match" if methods <= {"fullmatch", "match"} else "finditer"


def held():
    """The sources of all patterns that the site's modules hold, in tables too."""
    values = [vars(module) for name, module in sys.modules.items() if name.startswith(("portfolio.", "research."))]
    found = set()
    while values:
        value = values.pop()
        if isinstance(value, re.Pattern):
            found.add(value.pattern)
        elif isinstance(value, (dict, list, tuple)) and value is not sys.modules:
            values += value.values() if isinstance(value, dict) else value
    return found
