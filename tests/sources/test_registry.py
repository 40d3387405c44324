"""Whatever is pasted or uploaded finds its source."""

import io

import pytest

from research.sources import registry
from research.sources.registry import Request, recognise

ARXIV, DOI, ORCID, DBLP = (
    lambda *ids, name=name: [Request(name, one) for one in ids] for name in ("arXiv", "DOI", "ORCID", "DBLP")
)


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("arXiv:2412.04984v2", ARXIV("2412.04984")),
        ("ArXiv: 2412.04984 [cs.CL]", ARXIV("2412.04984")),
        ("https://arxiv.org/pdf/2412.04984v1.pdf", ARXIV("2412.04984")),
        ("http://export.arxiv.org/abs/hep-th/9901001?context=x", ARXIV("hep-th/9901001")),
        ("https://www.alphaxiv.org/abs/2412.04984", ARXIV("2412.04984")),
        ("https://ar5iv.labs.arxiv.org/html/2412.04984", ARXIV("2412.04984")),
        ("https://huggingface.co/papers/2412.04984", ARXIV("2412.04984")),
        ("10.48550/arXiv.2412.04984", ARXIV("2412.04984")),
        ("https://doi.org/10.48550/ARXIV.2412.04984", ARXIV("2412.04984")),
        ("10.1145/3531146.3533088", DOI("10.1145/3531146.3533088")),
        ("doi: 10.1145/3531146.3533088.", DOI("10.1145/3531146.3533088")),
        ("(https://dx.doi.org/10.1016/S0140-6736(05)12345-6)", DOI("10.1016/s0140-6736(05)12345-6")),
        ("10.1002/(sici)1097(1998)49:8<693::a>3.0.co;2-o", DOI("10.1002/(sici)1097(1998)49:8<693::a>3.0.co;2-o")),
        ("https://dl.acm.org/doi/pdf/10.1145/3531146.3533088", DOI("10.1145/3531146.3533088")),
        ("https://link.springer.com/content/pdf/10.1007/978-3-030-58452-8_1.pdf", DOI("10.1007/978-3-030-58452-8_1")),
        ("link.springer.com/article/10.1007/s00145-020-09371-7#Sec1", DOI("10.1007/s00145-020-09371-7")),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/abc.123?af=R", DOI("10.1002/abc.123")),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf", DOI("10.1101/2020.01.01.123456")),
        ("https://journals.plos.org/p/article?id=10.1371/journal.pone.0000001", DOI("10.1371/journal.pone.0000001")),
        ("https://www.frontiersin.org/articles/10.3389/fnins.2020.00001/full", DOI("10.3389/fnins.2020.00001")),
        ("https://www.nature.com/articles/s41586-020-2649-2", DOI("10.1038/s41586-020-2649-2")),
        ("https://aclanthology.org/2020.acl-main.1.pdf", DOI("10.18653/v1/2020.acl-main.1")),
        ("0000-0002-1825-0097", ORCID("0000-0002-1825-0097")),
        ("https://orcid.org/0000-0002-1825-0097/", ORCID("0000-0002-1825-0097")),
        ("https://pub.orcid.org/v3.0/0000-0002-1825-0097/works", ORCID("0000-0002-1825-0097")),
        ("https://dblp.org/pid/46/5782.html", DBLP("46/5782")),
        ("https://dblp.uni-trier.de/pid/d/JaneDoe-1.xml", DBLP("d/JaneDoe-1")),
        ("dblp:46/5782", DBLP("46/5782")),
        ("https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.html?view=bibtex", DBLP("rec/conf/nips/VaswaniSPUJGKP17")),
        ("2412.04984, 2401.00001v3;10.1000/a\n0000-0002-1825-0097 2412.04984v1",
         [*ARXIV("2412.04984", "2401.00001"), *DOI("10.1000/a"), *ORCID("0000-0002-1825-0097")]),
    ],
)  # fmt: skip
def test_identifiers_are_recognised_however_they_are_pasted(text, requests):
    assert recognise(text) == registry.Pasted(tuple(requests))


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe",
        "https://example.org/paper",
        "0000-0002-1825-0098",
        "12/2020",
        "2412",
        "https://arxiv.org/list/cs.CL",
        "[::1",
        "10.x/y",
    ],
)
def test_what_is_none_is_named(text):
    assert recognise(text) == registry.Pasted(unrecognised=(text,))


def test_the_rest_of_a_line_is_named_and_punctuation_is_not():
    pasted = recognise("My papers: 2412.04984 and – 10.1000/a (!)\nNothing here\n\n")
    assert pasted == registry.Pasted((*ARXIV("2412.04984"), *DOI("10.1000/a")), "", ("My papers:", "Nothing here"))


@pytest.mark.parametrize(
    "text", ["---\n---\n@article{x,\n title={y}}", "TY  - JOUR\nER  - ", '[{"type": "book", "title": "x"}]']
)
def test_a_pasted_file_is_its_text(text):
    assert recognise(text.replace("\n", "\r\n")) == registry.Pasted(text=text)


BIB = "@article{é, title={Café – Owls}, author={Doé, Jane}}\r\n@book{b,\r\n title={B}}\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_encoding_and_line_end_is_read(encoding, end):
    found = registry.read_text(BIB.replace("\r\n", end).encode(encoding), "owls.bib").found
    assert [(one.line, one.item.title) for one in found] == [(1, "Café – Owls"), (2, "B")]
    assert found[0].item.authors[0].name.full == "Jane Doé"


def test_a_file_of_two_encodings_is_read_line_by_line():
    content = "@misc{a, title={Café}}\n".encode() + "@misc{b, title={Größe}}\n".encode("latin-1")
    assert [one.item.title for one in registry.read_text(content).found] == ["Café", "Größe"]


def test_a_declared_encoding_counts():
    content = "% Encoding: GBK\n@misc{a, title={猫头鹰}}".encode("gbk")
    assert registry.read_text(content).found[0].item.title == "猫头鹰"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x" * 20_000_001, "too large: it has 20 MB"),
        (b"", "There is nothing to read"),
        (b" \r\n", "nothing to read"),
        (b"Dear reader,", "neither BibTeX"),
        (b"{" * 100_000, "neither BibTeX"),
        (b'{"a"' * 100_000, "nested"),
        (b'[{"type": "book"', "not whole JSON"),
        (b"%PDF-1.5\x00\xff", "neither BibTeX"),
    ],
    ids=lambda value: str(value[:12]),
)
def test_what_cannot_be_read_at_all_is_a_sentence(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        registry.read_text(content)


def test_a_file_that_is_too_large_is_not_read_whole():
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size=-1):
            self.asked = size
            return bytes(size)

    file = Endless()
    with pytest.raises(ValueError, match="too large"):
        registry.read_file(file, "owls.bib")
    assert file.asked == registry.MAX_BYTES + 1


def test_the_name_of_a_file_decides_where_the_content_does_not():
    text = '[{"type": "book", "title": "T", "note": "\\n@misc{x, title={y}}"}]\n@misc{x, title={y}}'
    assert registry.kind_of(text, "x.json").NAME == "CSL-JSON"
    assert registry.kind_of(text, "x.bib").NAME == "BibTeX"


def test_nothing_is_asked_for_nothing():
    assert registry.ask([]) == registry.Answer()
