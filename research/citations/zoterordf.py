"""
Zotero RDF: the one format that Zotero reads without loss, single and in lists. unAPI serves it.

The vocabulary is that of Zotero's own translators "Zotero RDF" (which writes it) and "RDF" (which reads it),
zotero/translators at 2814370, and the fields of each type are those of zotero-schema 41. Titles and abstracts are
plain text, so that a page's other channels, which know no markup, say the same.
"""

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from . import item as work
from .dates import iso_date
from .item import Contributor, Item
from .richtext import plain

NAME = "Zotero RDF"
MEDIA_TYPE = "application/rdf+xml"
EXTENSION = "rdf"

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "bib": "http://purl.org/net/biblio#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "link": "http://purl.org/rss/1.0/modules/link/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "vcard": "http://nwalsh.com/rdf/vCard#",
}
# Of each type: Zotero's type, the class of the node, and the class of the work that it is a part of.
TYPES = {
    work.CONFERENCE_PAPER: ("conferencePaper", "rdf:Description", "bib:Journal"),
    work.WORKSHOP_PAPER: ("conferencePaper", "rdf:Description", "bib:Journal"),
    work.ARTICLE: ("journalArticle", "bib:Article", "bib:Journal"),
    work.PREPRINT: ("preprint", "rdf:Description", None),
    work.BOOK: ("book", "bib:Book", None),
    work.CHAPTER: ("bookSection", "bib:BookSection", "bib:Book"),
    work.THESIS: ("thesis", "bib:Thesis", None),
    work.REPORT: ("report", "bib:Report", None),
    work.DATASET: ("dataset", "rdf:Description", None),
    work.SOFTWARE: ("computerProgram", "bib:Data", None),
    work.POSTER: ("presentation", "bib:ConferenceProceedings", None),
    work.TALK: ("presentation", "bib:ConferenceProceedings", None),
    work.OTHER: ("document", "rdf:Description", None),
}
AUTHORS = {"computerProgram": "z:programmers", "presentation": "z:presenters"}
WITHOUT_EDITORS = {"thesis", "dataset", "computerProgram", "presentation"}
WITH_GENRE = {"thesis", "report", "preprint", "dataset", "presentation", "document"}
GENRES = {work.POSTER: "Poster", work.TALK: "Talk"}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for _prefix, _uri in NAMESPACES.items():
    ElementTree.register_namespace(_prefix, _uri)


def render(item: Item) -> str:
    """The record as an RDF/XML document, UTF-8 when encoded."""
    return render_all([item])


def render_all(items: Iterable[Item]) -> str:
    """All records in one RDF/XML document, in their order."""
    root = ElementTree.Element(qname("rdf:RDF"))
    used = set()
    for number, item in enumerate(items, 1):
        # Zotero takes records of one address for one record.
        about = item.record_url if item.record_url and item.record_url not in used else f"#item-{number}"
        used.add(about)
        add_item(root, item, about, f"#attachment-{number}")
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def repository(item: Item) -> str:
    """Who holds or has published the work: the server of a preprint, the university of a thesis and so on."""
    if item.type == work.PREPRINT:
        return item.container or ("arXiv" if item.arxiv_id else item.publisher)
    if TYPES[item.type][2] or item.type == work.BOOK:
        return item.publisher
    if item.type in (work.THESIS, work.REPORT):
        return item.container or item.publisher
    return item.publisher or item.container


def extra(item: Item) -> str:
    """Zotero's field for what has no field, a line each; "arXiv:ID [class]" is as its own arXiv translator has it."""
    arxiv = f"arXiv:{item.arxiv_id}" + (f" [{item.arxiv_class}]" if item.arxiv_class else "") if item.arxiv_id else ""
    return "\n".join(line for line in (arxiv, item.notice, item.note) if line)


def add_item(root: ElementTree.Element, item: Item, about: str, attachment: str) -> None:
    kind, node_class, container_class = TYPES[item.type]
    node = add(root, node_class, about=about)
    add(node, "z:itemType", kind)
    # Zotero reads DOI, volume and the like from the container where the type has one.
    host = add(add(node, "dcterms:isPartOf"), container_class) if container_class else node
    if container_class:
        add_text(host, "dc:title", item.container)
    if kind == "journalArticle":
        add_text(host, "dcterms:alternative", item.container_short)
    add_series(host, item)
    add_publisher(node, item)
    add_people(node, AUTHORS.get(kind, "bib:authors"), item.authors)
    add_people(node, "bib:contributors" if kind in WITHOUT_EDITORS else "bib:editors", item.editors)
    add_numbers(node, host, item, kind)
    add_texts(node, item, kind)
    add_address(node, item.record_url or item.url)
    add_attachments(root, node, item, attachment)


def add_numbers(node: ElementTree.Element, host: ElementTree.Element, item: Item, kind: str) -> None:
    for label, value in (("DOI", item.doi), ("ISSN", item.issn), ("ISBN", item.isbn)):
        if value:
            add_text(host, "dc:identifier", f"{label} {value}")
    add_text(host, "prism:volume", item.volume)
    number = {"report": item.number, "preprint": item.arxiv_id and f"arXiv:{item.arxiv_id}"}.get(kind, item.issue)
    add_text(host, "prism:number", number)
    add_text(node, "prism:edition", item.version)
    # A report's number has a field of its own; elsewhere the number of an article stands for its pages.
    add_text(node, "bib:pages", item.pages.replace("–", "-") or ("" if kind == "report" else item.number))


def add_texts(node: ElementTree.Element, item: Item, kind: str) -> None:
    add_text(node, "dc:title", plain(item.title))
    add_text(node, "dc:date", iso_date(item))
    if kind in WITH_GENRE:
        add_text(node, "z:type", item.genre or GENRES.get(item.type, ""))
    add_text(node, "dcterms:abstract", plain(item.abstract))
    for keyword in item.keywords:
        add_text(node, "dc:subject", keyword)
    add_text(node, "z:language", item.language)
    add_text(node, "dc:rights", item.license)
    add_text(node, "dc:description", extra(item))
    add_text(node, "z:citationKey", item.key)
    conference = item.event or (item.container if kind == "presentation" else "")
    if conference:
        add_text(add(add(node, "bib:presentedAt"), "bib:Conference"), "dc:title", conference)


def add_series(host: ElementTree.Element, item: Item) -> None:
    if item.series:
        add_text(add(add(host, "dcterms:isPartOf"), "bib:Series"), "dc:title", item.series)


def add_publisher(node: ElementTree.Element, item: Item) -> None:
    name = repository(item)
    if name or item.place:
        organisation = add(add(node, "dc:publisher"), "foaf:Organization")
        add_text(organisation, "foaf:name", name)
        if item.place:
            address = add(add(organisation, "vcard:adr"), "vcard:Address")
            add_text(address, "vcard:locality", item.place)


def add_people(node: ElementTree.Element, role: str, people: tuple[Contributor, ...]) -> None:
    if not people:
        return
    sequence = add(add(node, role), "rdf:Seq")
    for contributor in people:
        person = add(add(sequence, "rdf:li"), "foaf:Person")
        name = contributor.name
        add_text(person, "foaf:surname", " ".join(part for part in (name.particle, name.family_name) if part))
        # Zotero keeps a suffix behind the given name and a comma; a name without a given name is a group's to it.
        add_text(person, "foaf:givenName", ", ".join(part for part in (name.given_name, name.suffix) if part))


def add_address(node: ElementTree.Element, address: str) -> None:
    if address:
        add_text(add(add(node, "dc:identifier"), "dcterms:URI"), "rdf:value", address)


def add_attachments(root: ElementTree.Element, node: ElementTree.Element, item: Item, about: str) -> None:
    """The files. Zotero stores what it finds here: a page such as a code repository would be saved as a snapshot."""
    files = [("Full Text PDF", item.pdf_url, "application/pdf")] if item.pdf_url else []
    files += [each for each in item.attachments if each[2] not in ("", "text/html") and each[1] != item.pdf_url]
    for number, (label, address, media_type) in enumerate(files, 1):
        resource = f"{about}-{number}"
        add(node, "link:link").set(qname("rdf:resource"), resource)
        attachment = add(root, "z:Attachment", about=resource)
        add(attachment, "z:itemType", "attachment")
        add_text(attachment, "dc:title", label)
        add_text(attachment, "link:type", media_type)
        add_address(attachment, address)


def add_text(parent: ElementTree.Element, name: str, text: str) -> None:
    if text:
        add(parent, name, text)


def add(parent: ElementTree.Element, name: str, text: str = "", about: str = "") -> ElementTree.Element:
    element = ElementTree.SubElement(parent, qname(name))
    if text:
        element.text = NOT_XML.sub("", text)
    if about:
        element.set(qname("rdf:about"), NOT_XML.sub("", about))
    return element


def qname(name: str) -> str:
    """`{namespace}local` of "prefix:local"."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"
