"""XML and JSON of strangers: read whole or not at all, without entities, other files or depth that exhausts. Pure."""

import json

from ..citations import csl


def xml(content):
    """The root element of XML (bytes), or None for what is none, such as an HTML page or half an answer."""
    from lxml import etree  # 7 MB of memory, which the first answer takes

    # A DTD is never loaded, an entity never replaced; libxml2 refuses depth and size beyond reason by itself.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root is None or (root.getroottree().docinfo.internalDTD is not None and has_entities(root)) else root


def has_entities(root):
    """Whether the document declares or uses entities of its own, which no source does."""
    from lxml import etree

    dtd = root.getroottree().docinfo.internalDTD
    return any(True for _ in dtd.iterentities()) or any(True for _ in root.iter(etree.Entity))


def inner(element):
    """The words and tags inside an element, as text with its marks: "of H<sub>2</sub>O"."""
    if element is None:
        return ""
    parts = [escaped(element.text or "")]
    for child in element:
        if isinstance(child.tag, str):
            name = child.tag.rpartition("}")[2]
            parts += [f"<{name}>{inner_text(child)}</{name}>"]
        parts.append(escaped(child.tail or ""))
    return "".join(parts)


def inner_text(element):
    return escaped("".join(element.itertext()))


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def json_object(content):
    """The object of JSON (bytes), or None for anything else."""
    try:
        text = content.decode("utf-8-sig")
        csl.check_depth(text)
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
