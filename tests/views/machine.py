"""What a machine reads of a response: the head of its page, its scripts, its unAPI ids and COinS, its Link header."""

import json
import re
from html.parser import HTMLParser

# RFC 8288, section 3; quoted strings as in RFC 9110, section 5.6.4.
PARAMETER = re.compile(r';\s*([A-Za-z][A-Za-z0-9-]*)="((?:[^"\\]|\\.)*)"\s*')
LINK = re.compile(rf"<([^<>\s]+)>\s*((?:{PARAMETER.pattern})*)(?:,\s*|\Z)")


class Page(HTMLParser):
    def __init__(self, response):
        super().__init__()
        self.metas, self.links, self.scripts, self.anchors, self.unapi_ids, self.coins = [], [], [], [], [], []
        self._script = None
        assert response["Content-Type"] == "text/html; charset=utf-8"
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "meta" and "content" in attributes:
            self.metas.append((attributes.get("name") or attributes.get("property"), attributes["content"]))
        if tag == "link":
            self.links.append(attributes)
        if tag == "a":
            self.anchors.append(attributes.get("href"))
        if tag == "script":
            self._script = attributes
            self.scripts.append([attributes.get("src") or attributes.get("type"), ""])
        if attributes.get("class") == "unapi-id":
            self.unapi_ids.append(attributes["title"])
        if attributes.get("class") == "Z3988":
            self.coins.append(attributes["title"])

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None

    def handle_data(self, data):
        if self._script is not None:
            self.scripts[-1][1] += data

    def meta(self, name):
        return [content for tag, content in self.metas if tag == name]

    def linked(self, relation):
        return [link["href"] for link in self.links if link["rel"] == relation]

    @property
    def json_ld(self):
        """What the page is about; its breadcrumbs are a script of their own."""
        [node] = [node for node in self.json_ld_nodes if node["@type"] != "BreadcrumbList"]
        return node

    @property
    def json_ld_nodes(self):
        return [json.loads(text) for kind, text in self.scripts if kind == "application/ld+json"]

    @property
    def breadcrumbs(self):
        """[(name, address), …]; fails where Google would not take them."""
        [node] = [node for node in self.json_ld_nodes if node["@type"] == "BreadcrumbList"]
        assert [each["position"] for each in node["itemListElement"]] == [*range(1, len(node["itemListElement"]) + 1)]
        assert {each["@type"] for each in node["itemListElement"]} == {"ListItem"}
        return [(each["name"], each["item"]) for each in node["itemListElement"]]


def parse_links(text):
    """[(target, {attribute: value, …}), …] of a Link header or an application/linkset; fails where it is neither."""
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        link = LINK.match(text, place)
        assert link, f"no link: {text[place : place + 80]!r}"
        attributes = {name: re.sub(r"\\(.)", r"\1", value) for name, value in PARAMETER.findall(link[2])}
        found.append((link[1], attributes))
        place = link.end()
    return found


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content
