"""
What a publication's page tells machines about itself: one function per vocabulary, all over one neutral `Item`.

Each returns pairs or links for the templates and views to write; nothing here is escaped, and nothing knows Django.
JSON-LD is a format too: see citations/jsonld.py.
"""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from .citations import item as work
from .citations.dates import iso_date, slashed_date
from .citations.item import Contributor, Item
from .citations.jsonld import CONTEXT, TYPES, license_url
from .citations.richtext import plain
from .citations.zoterordf import TYPES as ZOTERO_TYPES
from .citations.zoterordf import repository
from .identifiers import arxiv_url, doi_url, orcid_url

Pairs = list[tuple[str, str]]
Link = tuple[str, dict[str, str]]  # (target, attributes: rel, type, profile); in a link set with its anchor before it
Format = tuple[str, str]  # (address, media type)

# Servers and proxies give up on headers of 8 kB; others headers and the names around this one need their part.
LONGEST_HEADER = 7_000
LONGEST_DESCRIPTION = 300
PAPERS = {work.CONFERENCE_PAPER, work.WORKSHOP_PAPER}
RECORD_PAGE = "https://schema.org/AboutPage"


def highwire(item: Item) -> Pairs:
    """
    The citation_* tags in the order that readers need.

    From Google Scholar's inclusion guidelines for webmasters; citation_inbook_title stands before
    citation_conference_title because Zotero takes the last one for the type (Embedded Metadata.js). A preprint has no
    journal, whatever server it is on. Without an author or a year Scholar ignores all tags; they are given for others.
    """
    online = item.online_date
    pairs = [
        ("title", plain(item.title)),
        *(("author", inverted(author)) for author in item.authors),
        *(("editor", inverted(editor)) for editor in item.editors),
        ("publication_date", slashed_date(item)),
        ("online_date", f"{online.year}/{online.month}/{online.day}" if online else ""),
        *containers(item),
        ("journal_abbrev", item.container_short if item.type == work.ARTICLE else ""),
        ("volume", item.volume),
        ("issue", item.issue),
        ("firstpage", item.pages.partition("–")[0] if item.type == work.REPORT else item.first_page),
        ("lastpage", item.last_page),
        ("issn", item.issn),
        ("isbn", item.isbn),
        ("publisher", "" if item.type in (work.THESIS, work.REPORT) else repository(item)),
        ("doi", item.doi),
        ("arxiv_id", item.arxiv_id),
        ("language", item.language),
        ("keywords", "; ".join(item.keywords)),
        ("pdf_url", item.pdf_url),
        ("abstract_html_url", item.record_url),
        ("abstract", plain(item.abstract)),
    ]
    return known([(f"citation_{name}", content) for name, content in pairs])


def containers(item: Item) -> Pairs:
    """What holds the work, in the words for its type."""
    if item.type == work.ARTICLE:
        return [("journal_title", item.container)]
    if item.type in PAPERS:
        return [("inbook_title", item.container), ("conference_title", item.event or item.container)]
    if item.type == work.CHAPTER:
        return [("inbook_title", item.container)]
    if item.type == work.THESIS:
        return [("dissertation_institution", repository(item))]
    if item.type == work.REPORT:
        return [("technical_report_institution", repository(item)), ("technical_report_number", item.number)]
    return []


def inverted(contributor: Contributor) -> str:
    """
    "van der Berg, Jan Pieter"; the name of a group as it is.

    A suffix follows the given name without a comma: Zotero drops what stands behind a second one.
    """
    name = contributor.name
    family = " ".join(part for part in (name.particle, name.family_name) if part)
    given = " ".join(part for part in (name.given_name, name.suffix) if part)
    return f"{family}, {given}" if given else family


def dublin_core(item: Item) -> Pairs:
    """
    Dublin Core in meta elements, which Google Scholar reads as a last resort and Zotero for the type.

    DC.type is Zotero's name of the type: its "Embedded Metadata" makes a preprint, a dataset or a program of a page
    that has no other word for it. A thesis or report has one, and Zotero shows DC.type as the kind of thesis.
    The page needs <link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">.
    """
    kind = ZOTERO_TYPES[item.type][0]
    if item.type in (work.THESIS, work.REPORT) and repository(item):
        kind = item.genre or kind
    pairs = [
        ("title", plain(item.title)),
        *(("creator", inverted(author)) for author in item.authors),
        ("date", iso_date(item)),
        ("type", kind),
        ("identifier", doi_url(item.doi) if item.doi else ""),
        ("identifier", item.record_url),
        ("language", item.language),
        ("rights", item.license),
    ]
    return known([(f"DC.{name}", content) for name, content in pairs])


def open_graph(item: Item, image_url: str = "", site_name: str = "") -> Pairs:
    """
    The Open Graph protocol (ogp.me). The type is always "article": Zotero would take "book" or "website" for more.

    `image_url`: of a picture of 1200 × 630 pixels. A published time needs its day.
    """
    pairs = [
        ("og:type", "article"),
        ("og:title", plain(item.title)),
        ("og:url", item.record_url),
        ("og:description", shortened(plain(item.abstract))),
        ("og:site_name", site_name),
        ("og:image", image_url),
        ("og:image:width", "1200" if image_url else ""),
        ("og:image:height", "630" if image_url else ""),
        ("og:image:alt", plain(item.title) if image_url else ""),
        ("article:published_time", iso_date(item) if item.day else ""),
        ("twitter:card", "summary_large_image" if image_url else "summary"),
    ]
    return known(pairs)


def coins(item: Item) -> str:
    """
    The title attribute, not yet escaped, of <span class="Z3988">: an OpenURL ContextObject (ANSI/NISO Z39.88-2004).

    Authors are `rft.au` only: with aulast beside it Zotero doubles or splits them. It reads "%2B" as a blank, so that a
    "+" does not survive here.
    """
    kind = ZOTERO_TYPES[item.type][0]
    pairs = [("ctx_ver", "Z39.88-2004")]
    if item.doi:
        pairs.append(("rft_id", f"info:doi/{item.doi}"))
    pairs.append(("rft_id", item.record_url))
    pairs += [(f"rft.{name}" if name != "rft_val_fmt" else name, content) for name, content in coins_work(item, kind)]
    for author in item.authors:
        pairs.append(("rft.aucorp" if author.is_group else "rft.au", inverted(author)))
    pairs += [("rft.date", iso_date(item)), ("rft.pages", item.pages.replace("–", "-") or item.number)]
    pairs += [("rft.isbn", item.isbn), ("rft.issn", item.issn), ("rft.language", item.language)]
    return urlencode(known(pairs), quote_via=quote)


def coins_work(item: Item, kind: str) -> Pairs:
    """The fields of the four metadata formats: journal, book, dissertation and, for all others, Dublin Core."""
    title, form = plain(item.title), "info:ofi/fmt:kev:mtx:"
    if kind == "journalArticle":
        return [
            ("rft_val_fmt", form + "journal"),
            ("genre", "article"),
            ("atitle", title),
            ("jtitle", item.container),
            ("stitle", item.container_short),
            ("volume", item.volume),
            ("issue", item.issue),
        ]
    genres = {"conferencePaper": "proceeding", "bookSection": "bookitem", "book": "book", "report": "report"}
    if kind in genres:
        part = kind in ("conferencePaper", "bookSection")
        return [
            ("rft_val_fmt", form + "book"),
            ("genre", genres[kind]),
            ("atitle", title if part else ""),
            ("btitle", item.container or item.event if part else title),
            ("volume", item.volume),
            ("publisher", repository(item)),
            ("place", item.place),
            ("edition", item.version),
            ("series", item.series),
        ]
    if kind == "thesis":
        return [
            ("rft_val_fmt", form + "dissertation"),
            ("title", title),
            ("inst", repository(item)),
            ("degree", item.genre),
        ]
    return [
        ("rft_val_fmt", form + "dc"),
        ("type", kind),
        ("title", title),
        ("publisher", repository(item)),
        ("place", item.place),
        ("rights", item.license),
        ("description", shortened(plain(item.abstract))),
    ]


def signposting(item: Item, formats: Iterable[Format]) -> list[Link]:
    """
    The typed links of the record's page, for its Link header and its head alike (signposting.org/FAIR, 2023-10-02).

    `cite-as` is the page itself, because it has to lead back here; DOI and arXiv are `related`. Each export is
    `alternate` too, which is what reference managers look for. Where the header would grow beyond `LONGEST_HEADER`
    bytes, authors are left out, then files; the link sets have all of them.
    """
    formats = list(formats)
    links = landing_links(item, formats)
    # Another name than that of the function `address`: Python 3.12 confuses them in two comprehensions of one function.
    links += [(place, {"rel": "alternate"} | format_attributes(media_type)) for place, media_type in formats]
    links += linkset_links(item.record_url)
    links = [(address(target), attributes) for target, attributes in links]
    for relation in ("author", "item", "related", "alternate"):
        while len(link_header(links)) > LONGEST_HEADER and any(link[1]["rel"] == relation for link in links):
            links.remove(next(link for link in reversed(links) if link[1]["rel"] == relation))
    return links


def landing_links(item: Item, formats: Iterable[Format]) -> list[Link]:
    """All links of the record's page but those to its link sets."""
    links = [
        (item.record_url, {"rel": "cite-as"}),
        (f"{CONTEXT}/{TYPES[item.type]}", {"rel": "type"}),
        (RECORD_PAGE, {"rel": "type"}),
    ]
    if item.license:
        links.append((license_url(item), {"rel": "license"}))
    links += [(address, {"rel": "describedby"} | format_attributes(media_type)) for address, media_type in formats]
    links += [(address, typed("item", media_type)) for _, address, media_type in contents(item)]
    if item.doi:
        links.append((doi_url(item.doi), {"rel": "related"}))
    if item.arxiv_id:
        links.append((arxiv_url(item.arxiv_id), {"rel": "related"}))
    orcids = dict.fromkeys(author.orcid for author in item.authors if author.orcid)
    return links + [(orcid_url(orcid), {"rel": "author"}) for orcid in orcids]


def contents(item: Item) -> list[tuple[str, str, str]]:
    """(label, address, media type) of the paper and of what belongs to it, no address twice."""
    files = [("PDF", item.pdf_url, "application/pdf")] if item.pdf_url else []
    return list({each[1]: each for each in reversed([*files, *item.attachments])}.values())[::-1]


def linkset_links(record_url: str) -> list[Link]:
    return [
        (f"{record_url}linkset.json", {"rel": "linkset", "type": "application/linkset+json"}),
        (f"{record_url}linkset", {"rel": "linkset", "type": "application/linkset"}),
    ]


def content_links(record_url: str) -> list[Link]:
    """The links of the paper or another file of this site, for its Link header: back to the page, and the link sets."""
    return [(record_url, {"rel": "collection", "type": "text/html"}), *linkset_links(record_url)]


def metadata_links(record_url: str) -> list[Link]:
    """The links of an export, for its Link header: what it describes, and the link sets."""
    return [(record_url, {"rel": "describes", "type": "text/html"}), *linkset_links(record_url)]


def linkset(item: Item, formats: Iterable[Format]) -> list[tuple[str, str, dict[str, str]]]:
    """(anchor, target, attributes) of every link of the page, its files on this site and its exports."""
    formats = list(formats)
    back = {"type": "text/html"}
    links = [(item.record_url, *link) for link in landing_links(item, formats)]
    links += [(file[1], item.record_url, {"rel": "collection"} | back) for file in contents(item) if file[2]]
    return links + [(address, item.record_url, {"rel": "describes"} | back) for address, _ in formats]


def linkset_json(item: Item, formats: Iterable[Format]) -> str:
    """The link set as application/linkset+json (RFC 9264, section 4.2)."""
    contexts = {}
    for anchor, target, attributes in linkset(item, formats):
        rest = {name: value for name, value in attributes.items() if name != "rel"}
        context = contexts.setdefault(anchor, {"anchor": address(anchor)})
        context.setdefault(attributes["rel"], []).append({"href": address(target)} | rest)
    return json.dumps({"linkset": list(contexts.values())}, ensure_ascii=False, indent=2) + "\n"


def linkset_text(item: Item, formats: Iterable[Format]) -> str:
    """The link set as application/linkset (RFC 9264, section 4.1): a Link header's value, a line for each link."""
    links = (
        link_value(target, attributes | {"anchor": address(anchor)})
        for anchor, target, attributes in linkset(item, formats)
    )
    return ",\n".join(links) + "\n"


def link_header(links: Iterable[Link]) -> str:
    """The value of a Link header (RFC 8288): ASCII, on one line."""
    return ", ".join(link_value(target, attributes) for target, attributes in links)


def link_value(target: str, attributes: Mapping[str, str]) -> str:
    parameters = (f'; {name}="{quoted(value)}"' for name, value in attributes.items())
    return f"<{address(target)}>" + "".join(parameters)


def address(text: str) -> str:
    """The address as a URI: what may not stand in one, or would end its brackets, is percent-encoded."""
    return quote(text, safe="%/:?#[]@!$&'()*+,;=-._~")


def quoted(text: str) -> str:
    """The text of a quoted-string (RFC 9110, section 5.6.4); all that is not printable ASCII is dropped."""
    return re.sub(r'(["\\])', r"\\\1", re.sub(r"[^ -~]", "", text))


def typed(relation: str, media_type: str) -> dict[str, str]:
    return {"rel": relation, "type": media_type} if media_type else {"rel": relation}


def format_attributes(media_type: str) -> dict[str, str]:
    """The attributes of an export: its bare media type, and of JSON-LD that it is schema.org's."""
    bare = media_type.partition(";")[0]
    return {"type": bare} | ({"profile": CONTEXT} if bare == "application/ld+json" else {})


def shortened(text: str) -> str:
    """The beginning of a text in whole words, with an ellipsis."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rpartition(" ")[0].rstrip(" ,;:.") + "…"


def known(pairs: Pairs) -> Pairs:
    """Those with content, each on one line."""
    lines = ((name, " ".join(content.split())) for name, content in pairs)
    return [(name, content) for name, content in lines if content]
