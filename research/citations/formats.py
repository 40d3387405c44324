"""The formats of a citation. A new one is a module beside this one, and a line here."""

from . import bibtex, csl, jsonld, ris, text, zoterordf

FORMATS = (bibtex, ris, csl, zoterordf, jsonld, text)
BY_EXTENSION = {module.EXTENSION: module for module in FORMATS}
OF_LISTS = tuple(module for module in FORMATS if hasattr(module, "render_all"))
# What older clients of DOIs ask for by names that are out of use.
BY_OTHER_TYPE = {name: module for module in FORMATS for name in getattr(module, "OTHER_TYPES", ())}


def media_type(module):
    """The media type alone, without its parameters: "application/x-bibtex"."""
    return module.MEDIA_TYPE.partition(";")[0]
