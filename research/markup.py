"""Markdown + TeX -> safe HTML; the only place that marks HTML safe.

Two walls. The first decides what typed HTML means, token by token: known tags pass without class, id or style, all
others are shown as typed. The second, nh3, parses the finished HTML and keeps an allow list, whatever the first did.
Its classes: align-left|center|right (table cells), footnotes, footnote-ref, footnote-backref, math, tex, small-caps.
"""

import hashlib
import html
import logging
import re
from functools import lru_cache

import nh3
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block import html_block
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from research import tex
from research.addresses import on_site
from research.images import Picture

logger = logging.getLogger(__name__)

MEDIA_URL = "/media/"
PICTURE_SIZES = "(min-width: 46rem) 44rem, 100vw"
MAX_LENGTH = 100_000  # characters; a longer text is shown as it was typed
MAX_ADDRESS = 2_000  # characters of an address that is recognised in running text
MEMOISED_LENGTH = 4_000  # characters; longer texts are rare and would fill the memory

SAFE_URL = re.compile(r"https?://[^/?#].*|mailto:[^?].*|tel:[+\d][\d().-]*|/(?!/).*|#.*", re.IGNORECASE)
OWN_IMAGE = re.compile(rf"{MEDIA_URL}(images/[\w-]+(?:/[\w-]+)*\.(?:jpe?g|png|gif|webp|avif))", re.ASCII)

INLINE_TAGS = frozenset(
    re.findall(
        r"\w+",
        "a abbr b br cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var wbr",
    )
)
BLOCK_TAGS = frozenset(
    re.findall(
        r"\w+",
        "blockquote dd details div dl dt figcaption figure hr li ol p pre summary table tbody td tfoot th thead tr ul",
    )
)
VOID_TAGS = {"br", "hr", "img", "wbr"}
TYPED_ATTRIBUTES = {"alt", "dir", "href", "lang", "open", "src", "title"}
MARKUP = re.compile(r"<!--.{0,2000}?-->|<[^<>]{1,2000}>|[<>]", re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(\s[^<>]*)?/?>")
ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'<>=`]++))?+""")
BLOCK_START = re.compile(rf"</?(?:{'|'.join(BLOCK_TAGS)})(?=[\s/>]|$)|<!--", re.IGNORECASE)

BACK_ARROW = "↩\N{VARIATION SELECTOR-15}"  # the selector keeps it from becoming an emoji
SCHEME = re.compile(r"(?<![a-z0-9.+-])https?$", re.IGNORECASE)
FOOTNOTE_REFERENCE = re.compile(r"\[\^[^\s\]]{1,100}\]")

ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"aria-label", "class", "href", "id"},
    "code": {"class"},
    "details": {"open"},
    "div": {"class"},
    "img": {"alt", "decoding", "height", "loading", "src", "width"},
    "li": {"class", "id"},
    "ol": {"start"},
    "section": {"class", "role"},
    "source": {"sizes", "srcset", "type"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
} | {tag: set(tex.MATHML_ATTRIBUTES) for tag in tex.MATHML_TAGS}
VALUES = {
    "class": re.compile(r"align-(?:left|center|right)|footnotes|footnote-ref|footnote-backref|math|tex|small-caps"),
    "id": re.compile(r"fn(?:ref)?-[0-9a-f]{8}-[\d:]+"),
    "srcset": re.compile(rf"(?:{OWN_IMAGE.pattern} \d+w(?:, (?=/)|\Z))+", re.ASCII),
    "src": OWN_IMAGE,
}


def json_for_script(text: str) -> SafeString:
    """JSON for inside <script type="application/ld+json">: without <, > and &, and still the same JSON."""
    return mark_safe(text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}))


def render(text: str, top_heading: int = 3) -> SafeString:
    """Block Markdown as HTML. Headings become an outline without gaps that starts at `<h{top_heading}>`."""
    return _memoised("block", text, top_heading)


def render_inline(text: str, links: bool = True) -> SafeString:
    """One line of Markdown and TeX without paragraphs. `links=False`: for a text that is itself inside a link."""
    return _memoised("inline" if links else "unlinked", text)


def plain(text: str) -> str:
    r"""The words of a text, unescaped, on one line: `$\alpha$` is α, a picture is its alt text, footnotes are left out.

    A text of one line is read as a title: "1. Introduction" keeps its number."""
    return " ".join(html.unescape(_memoised("plain", text)).split())


def url_is_safe(url: str) -> bool:
    """Whether a link may carry this address: http, https, mailto, tel, a path of this site ("/…") or a "#fragment"."""
    return bool(url.isprintable() and not re.search(r"[\s\\]", url) and SAFE_URL.fullmatch(url))


def _memoised(kind: str, text: str, top_heading: int = 3) -> SafeString:
    # a lone surrogate cannot be written as UTF-8, and a form or an import may bring one
    text = str(text).encode("utf-8", "replace").decode()
    # the paths of this site in a text depend on where the site begins
    where = get_script_prefix()
    return (_remembered if len(text) <= MEMOISED_LENGTH else _render)(kind, text, top_heading, where)


def _render(kind: str, text: str, top_heading: int, _where: str) -> SafeString:
    source = _as_typed(kind, text)
    if len(text) <= MAX_LENGTH:
        try:
            source = _parse(kind, text, top_heading)
        except Exception:  # one unlucky text in a parser must not take the page with it
            logger.warning("A text of %d characters is shown as typed", len(text), exc_info=True)
    return mark_safe(CLEANERS[kind].clean(source).strip())


_remembered = lru_cache(2048)(_render)


def _parse(kind: str, text: str, top_heading: int) -> str:
    digest = hashlib.blake2s(text.encode(), digest_size=4).hexdigest()
    env = {"document": digest, "plain": kind == "plain", "top_heading": top_heading}
    if kind == "block" or (kind == "plain" and "\n" in text.strip()):
        return BLOCK.render(text, env)
    return INLINE.renderInline(text.strip(), env)


def _as_typed(kind: str, text: str) -> str:
    if kind != "block":
        return html.escape(text, quote=False)
    paragraphs = (html.escape(part.strip(), quote=False) for part in re.split(r"\n[ \t]*\n", text))
    return "\n".join(f"<p>{part}</p>" for part in paragraphs if part)


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return on_site(value) if url_is_safe(value) else None
    rule = (tex.MATHML_ATTRIBUTES if tag in tex.MATHML_TAGS else VALUES).get(name)
    if rule is not None and not rule.fullmatch(value):
        return None
    return value.replace(MEDIA_URL, on_site(MEDIA_URL)) if name in ("src", "srcset") else value


def _cleaner(tags: set[str], dropped: set[str] = frozenset()) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags | {"*"}},
        attribute_filter=_filter_attribute,
        clean_content_tags={"script", "style"} | dropped,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


INLINE_RESULT = INLINE_TAGS | tex.MATHML_TAGS | {"img", "picture", "source"}
BLOCK_RESULT = INLINE_RESULT | BLOCK_TAGS | {"h1", "h2", "h3", "h4", "h5", "h6", "section"}
CLEANERS = {
    "block": _cleaner(BLOCK_RESULT),
    "inline": _cleaner(INLINE_RESULT),
    "unlinked": _cleaner(INLINE_RESULT - {"a"}),
    "plain": _cleaner(set(), dropped={"section"}),
}


def _typed_html(source: str) -> str:
    """Typed HTML with only known tags and attributes; the rest becomes visible text, comments vanish."""
    return MARKUP.sub(_typed_tag, source)


def _typed_tag(match: re.Match[str]) -> str:
    if match[0].startswith("<!--"):
        return ""
    tag = TAG.fullmatch(match[0])
    name = tag[2].lower() if tag else ""
    if name == "img" and not tag[1]:
        values = _attributes(tag[3])
        return _picture(values.get("src", ""), values.get("alt", "")) or html.escape(values.get("alt", ""))
    if name not in INLINE_TAGS | BLOCK_TAGS:
        return html.escape(match[0], quote=False)
    if tag[1]:
        return f"</{name}>"
    values = {key: value for key, value in _attributes(tag[3]).items() if key in TYPED_ATTRIBUTES - {"src", "alt"}}
    if name == "a" and not url_is_safe(values.get("href", "")):
        return ""
    return f"<{name}" + "".join(f' {key}="{html.escape(value)}"' for key, value in values.items()) + ">"


def _attributes(source: str | None) -> dict[str, str]:
    pairs = ATTRIBUTE.findall(source or "")
    return {name.lower(): html.unescape(value.strip("\"'")) for name, value in reversed(pairs)}


def _picture(url: str, alt: str) -> str:
    """One of the site's own images, else the empty string."""
    own = OWN_IMAGE.fullmatch(url)
    if not own:
        return ""
    try:
        picture = Picture.parse(own[1])
    except ValueError:
        return f'<img src="{url}" alt="{html.escape(alt)}" loading="lazy" decoding="async">'
    sources = "".join(
        f'<source type="image/{kind}" sizes="{PICTURE_SIZES}" srcset="'
        + ", ".join(f"{MEDIA_URL}{name} {width}w" for name, width in picture.srcset(kind))
        + '">'
        for kind in ("avif", "webp")
    )
    return (
        f'<picture>{sources}<img src="{MEDIA_URL}{picture.fallback}" alt="{html.escape(alt)}" '
        f'width="{picture.width}" height="{picture.height}" loading="lazy" decoding="async"></picture>'
    )


def _finish(state) -> None:
    """Core rule after all others: what CommonMark leaves open is decided here, in one pass over the tokens."""
    outline = []
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while outline and outline[-1] >= level:
                outline.pop()
            outline.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, state.env['top_heading'] + len(outline) - 1)}"
        elif token.type in ("td_open", "th_open") and "style" in token.attrs:
            token.attrs["class"] = token.attrs.pop("style").replace("text-align:", "align-")
        elif token.type == "html_block":
            token.content = _typed_html(token.content)
        elif token.type == "inline":
            _pair_tags(token.children)
            token.children = list(_finish_inline(token.children, state.env))


def _pair_tags(children: list[Token]) -> None:
    """Shows a typed tag without its partner as text: the `<b>` of `a<b>c` is no bold type."""
    waiting, paired = {}, set()
    for token in children:
        tag = TAG.fullmatch(token.content) if token.type == "html_inline" else None
        if tag is None:
            continue
        name = tag[2].lower()
        if name in VOID_TAGS:
            paired.add(id(token))
        elif not tag[1]:
            waiting.setdefault(name, []).append(token)
        elif waiting.get(name):
            paired |= {id(token), id(waiting[name].pop())}
    for token in children:
        if token.type == "html_inline" and not token.content.startswith("<!--") and id(token) not in paired:
            token.type = "text"


def _finish_inline(children: list[Token], env: dict):
    links = []  # of the links around the token: (safe, written as a bare address)
    for token in children:
        if token.type == "link_open":
            links.append((url_is_safe(token.attrs["href"]), token.markup in ("autolink", "linkify")))
            if not links[-1][0]:
                continue
        elif token.type == "link_close":
            if not links.pop()[0]:
                continue
        elif token.type == "text" and not (links and links[-1][1]):
            token.content = tex.dashes(token.content)
        elif token.type == "html_inline":
            token.content = _typed_html(token.content)
        elif token.type == "image":
            yield _html(_image(token, linked=bool(links), words_only=env["plain"]))
            continue
        yield token


def _image(token: Token, linked: bool, words_only: bool) -> str:
    """A picture of the site; a foreign one becomes a link, because pages make no request to anybody else."""
    url, alt = token.attrs["src"], _alt(token)
    picture = "" if words_only else _picture(url, alt)
    if picture or linked or words_only or not url_is_safe(url):
        return picture or html.escape(alt)
    return f'<a href="{html.escape(url)}">{html.escape(alt or url)}</a>'


def _alt(token: Token) -> str:
    words = []
    for child in token.children or ():
        if child.type == "image":
            words.append(_alt(child))
        elif child.type == "math_inline":
            words.append(tex.to_text(child.content))
        elif child.type in ("text", "code_inline", "html_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words)


def _html(source: str) -> Token:
    return Token("html_inline", "", 0, content=source)


def _known_html_block(state, start: int, end: int, silent: bool) -> bool:
    """CommonMark takes any tag alone on its line for HTML; here `<think>` is a word in a paragraph."""
    return bool(BLOCK_START.match(state.src, state.bMarks[start] + state.tShift[start])) and html_block(
        state, start, end, silent
    )


def _bare_address(state, silent: bool) -> bool:
    """In place of the parser's own rule, which reads all text before and behind every "://"; and no other schemes."""
    scheme = (
        SCHEME.search(state.pending[-6:]) if state.src.startswith("://", state.pos) and not state.linkLevel else None
    )
    if scheme is None:
        return False
    start = state.pos - len(scheme[0])
    link = state.md.linkify.match_at_start(state.src[start : min(state.posMax, start + MAX_ADDRESS)])
    url = link.url.rstrip("*_~") if link else ""  # the marks of emphasis around it
    address = state.md.normalizeLink(url)
    if start + len(url) <= state.pos + 3 or not url_is_safe(address):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        for kind, nesting in (("link_open", 1), ("text", 0), ("link_close", -1)):
            token = state.push(kind, "a" if nesting else "", nesting)
            token.markup = "linkify"
            if nesting == 1:
                token.attrs = {"href": address}
            elif nesting == 0:
                token.content = url
    state.pos = start + len(url)
    return True


def _footnote_ref(state, silent: bool) -> bool:
    # the plugin looks for the closing bracket up to the end of the text, from every opening one
    return bool(FOOTNOTE_REFERENCE.match(state.src, state.pos)) and footnote_ref(state, silent)


def _footnote_target(token: Token, env: dict) -> tuple[str, str]:
    """The name of the note in this text, and of this one of the references to it."""
    note = f"{env['document']}-{token.meta['id'] + 1}"
    return note, f"{note}:{token.meta['subId']}" if token.meta["subId"] else note


def _render_footnote_ref(_renderer, tokens, index, _options, env) -> str:
    if env["plain"]:
        return ""
    note, reference = _footnote_target(tokens[index], env)
    number = tokens[index].meta["id"] + 1
    return f'<sup class="footnote-ref"><a href="#fn-{note}" id="fnref-{reference}">[{number}]</a></sup>'


def _render_footnote_open(_renderer, tokens, index, _options, env) -> str:
    return f'<li id="fn-{env["document"]}-{tokens[index].meta["id"] + 1}">'


def _render_footnote_anchor(_renderer, tokens, index, _options, env) -> str:
    _, reference = _footnote_target(tokens[index], env)
    return f' <a href="#fnref-{reference}" class="footnote-backref" aria-label="Back to the text">{BACK_ARROW}</a>'


def _render_footnotes_open(*_arguments) -> str:
    return '<section class="footnotes" role="doc-endnotes">\n<ol>\n'


def _parser(footnotes: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"linkify": True}).enable(["table", "strikethrough", "linkify"])
    parser.linkify.set({"fuzzy_link": False, "fuzzy_ip": False}).add("ftp:", None).add("//", None)
    parser.validateLink = lambda url: True  # `_finish_inline` decides, and keeps the words of a refused link
    parser.use(tex.plugin)
    parser.inline.ruler.at("linkify", _bare_address)
    parser.block.ruler.at("html_block", _known_html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    if footnotes:
        parser.use(footnote_plugin, inline=False)
        parser.inline.ruler.at("footnote_ref", _footnote_ref)
        parser.add_render_rule("footnote_ref", _render_footnote_ref)
        parser.add_render_rule("footnote_open", _render_footnote_open)
        parser.add_render_rule("footnote_anchor", _render_footnote_anchor)
        parser.add_render_rule("footnote_block_open", _render_footnotes_open)
    parser.core.ruler.push("finish", _finish)
    return parser


BLOCK, INLINE = _parser(footnotes=True), _parser(footnotes=False)
