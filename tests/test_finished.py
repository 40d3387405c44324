import gzip

import brotli
import pytest

from research.finished import Finished, accepted_encoding, is_known_to

PAGE = b"<p>owls</p>" * 100
HTML = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "1100"), ("Vary", "Cookie")]


def represented(page, encoding):
    return page.representations.get(encoding) or page.represent(encoding)


def test_a_page_is_ready_in_three_encodings_each_with_a_tag_of_its_own():
    page = Finished(HTML, PAGE)
    bodies = {name: represented(page, name).body[0] for name in ("identity", "gzip", "br")}
    assert bodies["identity"] == gzip.decompress(bodies["gzip"]) == brotli.decompress(bodies["br"]) == PAGE
    tags = {represented(page, name).etag for name in bodies}
    assert len(tags) == 3
    assert all(tag.startswith('"') for tag in tags)


def test_headers_say_what_is_sent():
    page = Finished(HTML, PAGE)
    chosen = represented(page, "br")
    assert chosen.headers == [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "public, max-age=0, must-revalidate"),
        ("Vary", "Cookie, Accept-Encoding"),
        ("ETag", chosen.etag),
        ("Content-Encoding", "br"),
        ("Content-Length", str(len(chosen.body[0]))),
    ]
    assert [name for name, _ in chosen.headers_304] == ["Cache-Control", "Vary", "ETag"]


def test_the_same_content_has_the_same_tag_and_another_has_another():
    def tag(body):
        return represented(Finished(HTML, body), "gzip").etag

    assert tag(PAGE) == tag(PAGE)
    assert tag(PAGE) != tag(PAGE + b"!")


def test_what_a_view_says_of_caches_stays():
    page = Finished([*HTML, ("Cache-Control", "public, max-age=31536000, immutable")], PAGE)
    said = [value for name, value in represented(page, "gzip").headers if name == "Cache-Control"]
    assert said == ["public, max-age=31536000, immutable"]


@pytest.mark.parametrize(("kind", "body"), [("image/png", PAGE), ("application/pdf", PAGE), ("text/plain", b"short")])
def test_what_would_become_no_smaller_is_sent_as_it_is(kind, body):
    chosen = represented(Finished([("Content-Type", kind)], body), "gzip")
    assert chosen.body == [body]
    assert not {"Content-Encoding", "Vary"} & {name for name, _ in chosen.headers}


@pytest.mark.parametrize("kind", ["image/svg+xml", "application/atom+xml", "application/x-bibtex", "text/css"])
def test_every_kind_of_text_is_compressed(kind):
    assert len(represented(Finished([("Content-Type", kind)], PAGE), "gzip").body[0]) < len(PAGE)


def test_a_page_takes_the_memory_of_what_was_asked_for():
    page = Finished(HTML, PAGE)
    assert (set(page.representations), page.size) == ({"identity"}, len(PAGE) + 1000)
    packed = page.represent("gzip")
    assert page.size == len(PAGE) + 1000 + len(packed.body[0]) + 1000


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;Q=0.5, br;q=0.2", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("identity;q=0, *", "br"),
        ("gzip;q=nonsense", "identity"),
        ("deflate, , ;;", "identity"),
    ],
)
def test_the_most_welcome_encoding_is_chosen(header, encoding):
    assert accepted_encoding(header) == encoding


@pytest.mark.parametrize(
    ("header", "is_known"),
    [
        ('"a-br"', True),
        ('W/"a-br"', True),
        ('"x", W/"y",  "a-br"', True),
        ("*", True),
        ('"a"', False),
        ("a-br", False),
        ('"a-br', False),
    ],
)
def test_a_tag_is_found_in_the_list_of_known_ones_by_weak_comparison(header, is_known):
    assert is_known_to(header, '"a-br"') is is_known
