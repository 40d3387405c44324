"""
citeproc-py, as `text` needs it. Import this where a citation is to be made: with lxml it takes 8 MB of memory.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

from citeproc import VARIABLES as KNOWN
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, model
from citeproc.source.json import CiteProcJSON
from lxml import etree

FOLDER = Path(__file__).parent / "styles"
CSL = {"cs": "http://purl.org/net/xbiblio/csl"}
VARIABLES = frozenset(KNOWN) - {"abstract", "keyword", "language", "note"}  # of the record's CSL-JSON


def printed(data: dict, source: bytes, locale: str, italic) -> str:
    """
    The citation of CSL-JSON in a prepared style; `italic` is a function that marks a text as such.

    The style is parsed each time (1 to 7 ms): citeproc-py keeps state in it.
    """
    csl = CitationStylesStyle(BytesIO(source), validate=False, locale=locale)
    csl.root.macros = {macro.get("name"): macro for macro in csl.root.iterchildren("{*}macro")}
    csl.root.calls = {}
    event = data.pop("event-title", "")
    records = CiteProcJSON([data])
    if event:  # it prints this variable of CSL 1.0.2, but its reader does not know it
        records[data["id"]].event_title = records.parse_string(event)
    bibliography = CitationStylesBibliography(csl, records, output_format(italic))
    bibliography.register(Citation([CitationItem(data["id"])]))
    return str(bibliography.bibliography()[0])


def output_format(italic):
    """What citeproc-py wants of an output format; of the typefaces only italics are kept."""
    others = dict.fromkeys(("Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps"), str)
    return SimpleNamespace(preformat=str, Italic=italic, Oblique=italic, **others)


@lru_cache
def prepared_style(name: str) -> tuple[bytes, str]:
    """The style of a file in FOLDER as citeproc-py reads it right, and its page-range-format."""
    root = etree.parse(FOLDER / f"{name}.csl", etree.XMLParser(remove_comments=True, no_network=True)).getroot()
    # One citation has no number in a list.
    for number in root.xpath("cs:bibliography//cs:text[@variable='citation-number']", namespaces=CSL):
        number.getparent().remove(number)
    # It knows no initialize="false", which is the rule in Chicago and MLA and an exception in APA.
    if root.xpath("count(//cs:name[@initialize='false']) > count(//cs:name) div 2", namespaces=CSL):
        root.attrib.pop("initialize-with", None)
    # It capitalises labels ("Eds.") in one of the two ways only.
    for label in root.xpath("//cs:label[@text-case='title']", namespaces=CSL):
        label.set("text-case", "capitalize-first")
    # It looks for the delimiter of a style's own date in the wrong place.
    for own in root.xpath("cs:locale/cs:date[@delimiter]", namespaces=CSL):
        for date in root.xpath(f"cs:macro//cs:date[@form='{own.get('form')}']", namespaces=CSL):
            date.set("delimiter", own.get("delimiter"))
    ranges = root.attrib.pop("page-range-format", "expanded")
    return etree.tostring(root), ranges


class Substitute(model.Substitute, model.CitationStylesElement):
    """
    In place of citeproc-py's, which prints what stands for missing authors, a title or the editors, a second time.

    Its reader of styles takes the last direct subclass of CitationStylesElement with the name of an element.
    """

    def render(self, item, context=None, **kwargs):
        text = super().render(item, context=context, **kwargs)
        if text and "author" not in item.reference:
            known = [part for part in ("title", "container_title") if part in item.reference]
            printed = [part for part in known if letters(item.reference[part]) in letters(text)]
            item.reference.pop(printed[0] if printed else "editor", None)
        return text


class Text(model.Text, model.CitationStylesElement):
    """
    In place of citeproc-py's, which looks for a macro in the whole style, and through all of it, wherever it is used:
    three quarters of its time. `printed` has put into the root of the style what is looked up here.
    """

    def get_macro(self, name):
        return self.get_root().macros[name]

    def calls_variable(self):
        if not (name := self.get("macro")):
            return super().calls_variable()
        calls = self.get_root().calls
        if name not in calls:
            calls[name] = super().calls_variable()
        return calls[name]


def letters(text: object) -> str:
    return "".join(filter(str.isalnum, str(text).casefold()))
