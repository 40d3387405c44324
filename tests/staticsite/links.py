"""Looks at every link in a static copy, and finds those that lead to nothing in it."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

TEXTS = {".html", ".css", ".xml", ".json", ".jsonld", ".rdf", ".bib", ".ris", ".txt", ""}


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src", "action"):
                self.found.append(value)
            elif name == "srcset":
                self.found += [part.split()[0] for part in value.split(",")]
            elif name == "content" and (refresh := re.fullmatch(r"0; url=(.+)", value)):
                self.found.append(refresh[1])


def links_of(path, base_url):
    """Every address in a file: of links and pictures, of fonts in a style sheet, and what begins as the site does."""
    text = path.read_text("utf-8")
    absolute = re.findall(re.escape(base_url) + r"/[^\s\"'<>{}\\;,)]*", text)
    if path.suffix == ".html":
        return [*Links(text).found, *absolute]
    if path.suffix == ".css":
        return re.findall(r'url\("([^"]+)"\)', text)
    return absolute


def dead_links(folder, base_url):
    """{(file, address)} of links to an address of the site's host that no file of the copy is for."""
    base_url = base_url.rstrip("/")
    dead, host = set(), urlsplit(base_url).netloc
    for path in (path for path in folder.rglob("*") if path.is_file() and path.suffix in TEXTS):
        name = str(path.relative_to(folder))
        here = f"{base_url}/{name.removesuffix('index.html')}"
        for link in links_of(path, base_url):
            target = urlsplit(urljoin(here, link))
            if target.scheme not in ("http", "https") or target.netloc != host:
                continue
            below = target._replace(query="", fragment="").geturl()
            file = folder / unquote(below.removeprefix(base_url).lstrip("/"))
            if not below.startswith(f"{base_url}/") or not (file.is_file() or (file / "index.html").is_file()):
                dead.add((name, link))
    return dead
