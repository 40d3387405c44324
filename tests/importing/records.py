"""Records as sources have them."""

from datetime import date

from research.citations.item import Contributor, Item
from research.names import Name, parse_name
from research.sources.found import Found


def author(name, orcid=""):
    return Contributor(Name("", "", name, "") if " " not in name else parse_name(name), orcid)


def found(title="Owls Hunt by Ear", source="BibTeX", authors=("Jane Doe", "John Roe"), **fields):
    """A record; fields of `Found` and of its `Item` alike."""
    own = {name: fields.pop(name) for name in list(fields) if name in Found.__dataclass_fields__}
    fields = {"key": "", "type": "article", "year": 2024} | fields
    people = tuple(one if isinstance(one, Contributor) else author(one) for one in authors)
    return Found(Item(title=title, authors=people, **fields), source, **own)


def preprint(**fields):
    """The same work on arXiv."""
    told = {"type": "preprint", "arxiv_id": "2312.00001", "arxiv_class": "cs.CL", "online_date": date(2023, 12, 1)}
    return found(**{"source": "arXiv", "year": 2023, "month": 12, "day": 1} | told | fields)


def article(**fields):
    """The same work in a journal."""
    told = {"doi": "10.1000/owls", "container": "Journal of Owls", "volume": "12"}
    return found(**{"source": "Crossref"} | told | fields)
