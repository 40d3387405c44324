"""DOI, arXiv and ORCID identifiers: recognise them as people paste them, check them, link them. Pure: no Django."""

import re
from urllib.parse import quote, unquote

# The DOI Handbook (2.2) sets no length and hardly a limit on characters; Crossref's own advice for matching is
# 10.NNNN(+)/suffix without blanks.
DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"\x00-\x1f]+", re.ASCII)
# arXiv's own description of its identifiers: YYMM.NNNN(N) since April 2007, archive(.SC)/YYMMNNN before.
ARXIV = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[A-Za-z]{2})?/\d{7})", re.ASCII)
ARXIV_VERSION = re.compile(r"v\d{1,3}\Z", re.ASCII)
ARXIV_DOI = "10.48550/arxiv."
ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)

LONGEST = 255


def doi(text):
    """
    The bare DOI in lower case (DOIs ignore case) from a DOI, `doi:…` or an address at doi.org.

    Raises ValueError with a sentence for anything else.
    """
    found = without_prefix(text, ("doi:", "doi.org/", "dx.doi.org/", "www.doi.org/")).lower()
    if len(found) > LONGEST or not DOI.fullmatch(found):
        raise ValueError("This is not a DOI. A DOI begins with 10. and has a slash, such as 10.1145/3531146.3533088.")
    return found


def arxiv(text):
    """
    The arXiv identifier without its version from an identifier, `arXiv:…`, an arXiv DOI or an address of arxiv.org.

    Raises ValueError with a sentence for anything else.
    """
    prefixes = ("doi:", "doi.org/", ARXIV_DOI, "arxiv:", "arxiv.org/", "www.arxiv.org/", "export.arxiv.org/")
    found = without_prefix(text, prefixes)
    for folder in ("abs/", "pdf/", "html/"):
        found = found.removeprefix(folder)
    found = ARXIV_VERSION.sub("", found.removesuffix(".pdf").rstrip("/"))
    if not ARXIV.fullmatch(found):
        raise ValueError("This is not an arXiv identifier. It looks like 2412.04984 or hep-th/9901001.")
    return found


def orcid(text):
    """
    The ORCID iD with its dashes from an iD, with or without dashes, or an address at orcid.org.

    Raises ValueError with a sentence for anything else, a mistyped digit included (ISO 7064, mod 11-2).
    """
    found = without_prefix(text, ("orcid:", "orcid.org/", "www.orcid.org/")).upper().rstrip("/")
    if re.fullmatch(r"\d{15}[\dX]", found, re.ASCII):
        found = "-".join(found[i : i + 4] for i in range(0, 16, 4))
    if not ORCID.fullmatch(found):
        raise ValueError("This is not an ORCID iD. It has 16 digits, such as 0000-0002-1825-0097.")
    if orcid_check_digit(found) != found[-1]:
        raise ValueError("This ORCID iD has a typing mistake: its last digit does not fit the others.")
    return found


def orcid_check_digit(text):
    """The last character that the first 15 digits ask for (ISO 7064, mod 11-2, as ORCID describes it)."""
    total = 0
    for digit in text.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def without_prefix(text, prefixes):
    """The text without blanks around it, scheme, query and the given prefixes, in whatever case they were typed."""
    found = unquote(text.strip())
    for scheme in ("https://", "http://"):
        if found.lower().startswith(scheme):
            found = found[len(scheme) :].split("?")[0].split("#")[0]
    for prefix in prefixes:
        if found.lower().startswith(prefix):
            found = found[len(prefix) :].lstrip()
    return found


def doi_url(identifier):
    """The address of a DOI, escaped (a DOI may hold `<`, `#` and `%`)."""
    return "https://doi.org/" + quote(identifier, safe="/:;().,-_")


def arxiv_url(identifier):
    """The address of an arXiv paper's page."""
    return f"https://arxiv.org/abs/{identifier}"


def arxiv_pdf_url(identifier):
    """The address of an arXiv paper's newest PDF."""
    return f"https://arxiv.org/pdf/{identifier}"


def orcid_url(identifier):
    """The address that is a person's ORCID iD."""
    return f"https://orcid.org/{identifier}"
