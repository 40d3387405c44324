import pytest

from research import page_address
from research.page_address import address, variant


@pytest.fixture(autouse=True)
def nothing_remembered():
    yield
    for remembered in (page_address.is_our_host, page_address.trusted):
        remembered.cache_clear()


def request(path="/", query="", method="GET", **headers):
    """A WSGI environment; headers as `cookie="a=b"`."""
    named = {f"HTTP_{name.upper()}": value for name, value in {"host": "127.0.0.1:8000", **headers}.items()}
    return {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1"} | named


def test_everybody_shares_a_page_and_its_head():
    assert address(request()) == address(request(method="HEAD")) == ("/", "")


@pytest.mark.parametrize(
    "asked",
    [
        request(method="POST"),
        request("/admin/"),
        request("/media/images/owl.jpg"),
        request("/static/favicon.svg"),
        request("/publications/owls/owls.pdf"),
        request(cookie="theme=dark; sessionid=abc"),
        request(cookie="messages=abc"),
        request(host="evil.example"),
        request(host=""),
        request("/sitemap.xml", "p=2"),
    ],
)
def test_what_is_not_for_everybody_is_left_to_the_application(asked):
    assert address(asked) is None


def test_a_cookie_that_says_nothing_about_who_asks_does_not_matter():
    assert address(request(cookie="csrftoken=abc")) == ("/", "")


@pytest.mark.parametrize(
    ("path", "query", "shared"),
    [
        ("/", "utm_source=mail&q=owls", ""),
        ("/publications/", "q=&year=", ""),
        ("/publications/", "topic=owls&year=2024&fbclid=1", "year=2024&topic=owls"),
        ("/publications/", "year=2023&year=2024", "year=2024"),
        ("/publications/", "q=%20owls%20+fly ", "q=owls++fly"),
        ("/publications/", "q=E\u00c3\u00bcle", "q=E%C3%BCle"),
        ("/publications/page/2/", "author=3&page=9", "author=3"),
        ("/publications/feed.xml", "topic=owls&style=mla", "topic=owls"),
        ("/publications.bib", "flavour=latex&year=2024", "year=2024&flavour=latex"),
        ("/publications.bib", "flavour=plain", ""),
        ("/publications/owls/", "style=mla&flavour=latex", "style=mla"),
        ("/publications/owls/", "style=modern-language-association", "style=mla"),
        ("/publications/owls/", "style=nobodys", ""),
        ("/publications/owls/owls.txt", "style=apa&q=x", ""),
        ("/publications/owls/owls.bib", "flavour=latex", "flavour=latex"),
        ("/unapi", "format=ris&id=doe2024&x=1", "id=doe2024&format=ris"),
        ("/unapi", "id=", "id="),
        ("/projects/owls/", "q=x", ""),
        ("/feed.xml", "topic=owls", ""),
    ],
)
def test_a_query_is_brought_to_what_the_page_reads_of_it(path, query, shared):
    assert address(request(path, query)) == (path, shared)


def test_a_query_of_too_many_parts_is_left_to_the_application():
    assert address(request("/publications/", "&".join("q=1" for _ in range(6000)))) is None


def test_behind_https_only_who_came_by_https_gets_a_page(settings):
    settings.IS_HTTPS = True
    assert address(request()) is None
    assert address(request(x_forwarded_proto="https")) == ("/", "")
    assert address(request(x_forwarded_proto="https") | {"REMOTE_ADDR": "203.0.113.7"}) is None
    assert address(request() | {"wsgi.url_scheme": "https"}) == ("/", "")


def test_endless_kinds_of_accept_headers_lead_to_few_variants():
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert {variant(header) for header in ("", "*/*", browser, "text/html;level=7")} == {"text/html"}
    assert variant("application/x-bibtex") == variant("application/x-bibtex;q=0.3, nobodys/type") == "bib"
    assert variant("text/x-bibliography; style=mla") == "txt:mla"
    assert variant("text/x-bibliography; style=modern-language-association") == "txt:mla"
    assert variant("text/x-bibliography; style=nobodys") == "txt:apa"
    assert variant("image/png") == variant("video/mp4")


@pytest.mark.django_db
def test_every_page_whose_address_the_site_gives_reads_no_more_of_a_query_than_it_is_kept_by(client, make_publication):
    """A parameter that no page reads changes none of them; so pages may be shared without it."""
    make_publication(slug="owls", citation_key="owls")
    paths = ["/", "/publications/", "/publications/feed.xml", "/publications.bib", "/publications/owls/"]
    paths += ["/publications/owls/owls.ris", "/projects/", "/feed.xml", "/unapi", "/robots.txt"]
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200
        assert client.get(path, {"utm_source": "mail"}).content == page.content
        assert address(request(path, "utm_source=mail")) == (path, "")


@pytest.mark.django_db
def test_no_page_shows_by_which_of_its_names_the_site_was_asked(client, make_publication):
    make_publication(slug="owls", citation_key="owls")
    for path in ("/", "/publications/", "/publications/owls/", "/feed.xml", "/sitemap.xml", "/.well-known/api-catalog"):
        pages = {
            client.get(path, headers={"host": host}).content for host in ("127.0.0.1:8000", "localhost", "[::1]:9")
        }
        assert len(pages) == 1
