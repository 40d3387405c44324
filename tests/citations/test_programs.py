"""What bibtex, biber, pandoc, pdflatex and citation-js make of the exports. All gold items are one file for each.

A program that is missing fails its tests: `tests/install_programs.sh` installs them.
"""

import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from research.citations import bibtex, csl, richtext, ris

from .gold import GOLD

PACKAGES = {"bibtex": "texlive-binaries", "pdflatex": "texlive-latex-base"}
CITATION_JS = Path(__file__).parent / "citation_js.mjs"
# The types of CSL that a format cannot tell from each other, and as what citation-js 0.7 reads them.
READ_AS = {
    "utf8.bib": dict.fromkeys(("article", "dataset", "software", "speech"), "document"),
    "gold.ris": {"article": "document", "speech": "motion_picture"},
    "gold.json": {},
}
STYLES = ["plain", "abbrv", "alpha", "unsrt"]
FLAVOURS = ["utf8", "latex"]
DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amssymb}
\begin{document}
\input{latex-plain.bbl}
\end{document}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the gold items as utf8.bib, latex.bib, gold.ris and gold.json."""
    path = tmp_path_factory.mktemp("citations")
    for flavour in FLAVOURS:
        (path / f"{flavour}.bib").write_text(bibtex.render_all(GOLD.values(), flavour), "utf-8")
    (path / "gold.ris").write_bytes(ris.render_all(GOLD.values()).encode())
    (path / "gold.json").write_text(csl.render_all(GOLD.values()), "utf-8")
    return path


def run(folder, *command, **kwargs):
    """What the program prints on both of its outputs. It may end with any status but an error's."""
    if shutil.which(command[0]) is None:
        package = PACKAGES.get(command[0], command[0])
        pytest.fail(f"{command[0]} is not installed, so that this cannot be tested: apt-get install {package}")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False, **kwargs)
    return done.returncode, done.stdout, done.stderr


def run_bibtex(folder, flavour, style):
    name = f"{flavour}-{style}"
    lines = ("\\relax", "\\citation{*}", f"\\bibstyle{{{style}}}", f"\\bibdata{{{flavour}}}")
    (folder / f"{name}.aux").write_text("\n".join(lines) + "\n")
    return run(folder, "bibtex", name)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_bibtex_has_no_warning_in_its_own_styles(folder, flavour, style):
    status, output, _ = run_bibtex(folder, flavour, style)
    assert (status, [line for line in output.splitlines() if "arning" in line]) == (0, [])
    assert (folder / f"{flavour}-{style}.bbl").read_bytes().count(b"\\bibitem") == len(GOLD)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_biber_finds_nothing_that_its_data_model_forbids(folder, flavour):
    command = ["biber", "--tool", "--validate-datamodel", f"--output-file={flavour}-out.bib", f"{flavour}.bib"]
    status, output, errors = run(folder, *command)
    assert (status, re.findall("(?:WARN|ERROR).*", output + errors)) == (0, [])
    assert len(re.findall("^@", (folder / f"{flavour}-out.bib").read_text("utf-8"), re.MULTILINE)) == len(GOLD)


@pytest.mark.parametrize("source", ["bibtex", "biblatex", "csljson"])
def test_pandoc_reads_every_entry_without_a_warning_and_sees_the_same(folder, source):
    name = "gold.json" if source == "csljson" else "utf8.bib"
    status, output, errors = run(folder, "pandoc", "--fail-if-warnings", "-f", source, "-t", "csljson", name)
    assert (status, errors) == (0, "")
    found = {record["id"]: record for record in json.loads(output)}
    assert set(found) == {item.key for item in GOLD.values()}
    for item in GOLD.values():
        record = found[item.key]
        assert record["issued"]["date-parts"][0][0] == item.year
        assert record.get("DOI", "") == item.doi
        names = [name.get("family") or name["literal"] for name in record.get("author", ())]
        assert names == [author.name.family_name.replace("'", "’") for author in item.authors]


@pytest.mark.parametrize("name", ["utf8.bib", "gold.json"])
def test_pandoc_prints_no_markup_of_ours(folder, name):
    text = "---\nnocite: '@*'\n---\n"
    command = ["pandoc", "--fail-if-warnings", "--citeproc", "--bibliography", name, "-t", "plain", "--wrap=none"]
    status, output, errors = run(folder, *command, input=text)
    assert (status, errors) == (0, "")
    assert "λ₁-regularised" in output
    assert "100% of #" in output
    assert not re.search(r"\\[a-z]+\{|\$|<span|\*", output.replace("C:\\paths", ""))


def test_pdflatex_sets_the_latex_flavour_but_for_other_scripts(folder):
    run_bibtex(folder, "latex", "plain")
    (folder / "gold.tex").write_text(DOCUMENT)
    _, output, _ = run(folder, "pdflatex", "-draftmode", "-interaction=nonstopmode", "gold.tex")
    errors = [line for line in output.splitlines() if line.startswith("!")]
    foreign = {line for line in errors if (found := re.search("Unicode character (.) ", line)) and not latin(found[1])}
    assert [line for line in errors if line not in foreign] == []
    assert "Output written" in output or "gold.aux" in output


def latin(letter):
    return unicodedata.name(letter).startswith("LATIN") or not letter.isalpha()


@pytest.mark.parametrize("name", READ_AS)
def test_citation_js_reads_every_work_as_it_is(folder, name):
    status, output, errors = run(folder, "node", CITATION_JS, name)
    assert (status, errors) == (0, "")
    found = {record["id"]: summary(record) for record in json.loads(output)}
    assert found == {item.key: expected_summary(item, name) for item in GOLD.values()}


def summary(record):
    """What citation-js has understood of a work; titles without their marks."""
    return {
        "type": record["type"],
        "title": re.sub(r"<[^>]*>", "", record["title"]).replace(r"\mathbbR", "ℝ"),  # it does not know \mathbb
        "authors": [
            (
                " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family")))) or name["literal"],
                name.get("given", ""),
            )
            for name in record.get("author", ())
        ],
        "year": record["issued"]["date-parts"][0][0],
        "DOI": record.get("DOI", ""),
        "container": record.get("container-title") or record.get("publisher", "").rpartition(", ")[2],
    }


def expected_summary(item, name):
    kind = json.loads(csl.render(item))["type"]
    container = item.container or item.publisher
    if name == "utf8.bib" and item.event:  # where a @misc was shown stands in the same field
        container = container or item.event.rpartition(", ")[2]
    if name == "gold.json" and item.arxiv_id:
        container = container or "arXiv"
    return {
        "type": READ_AS[name].get(kind, kind),
        "title": richtext.plain(item.title),
        "authors": [
            (f"{name.particle} {name.family_name}".strip(), name.given_name)
            for name in (author.name for author in item.authors)
        ],
        "year": item.year,
        "DOI": item.doi,
        "container": container,
    }
