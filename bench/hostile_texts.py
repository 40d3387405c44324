"""
What the worst texts that anybody can type cost: processor time of `research.markup.render`.

Each is as long as a text may be that is still rendered. ``python -m bench.hostile_texts``
"""

import os
import time

N = 100_000
SHOWN = 8
# What is repeated up to that length; in pairs, what is opened all through the first half and closed in the second.
REPEATED = (
    *("[", "![", "[[]", "[a](", "[a](<", "[a]: b\n", "[^a]", "[^a]: b\n\n", "(", ")", "]("),
    *("*", "**a ", "*a_ ", "_", "~~a", "`", "` ``", "```\n", "~~~\n", "    a\n", "\\", "\\\n"),
    *("&#", "&#0;", "&a", "&amp;", "<", "<!--", "<!-- -->", "<a b=", "</", '<a href="', "<b>", "<?", "<![CDATA["),
    *("<div>\n", "<details>\n\n", "> ", ">> a\n", "- ", "- a\n", "1. ", "1) a\n", "* a\n\n ", "# ", "a\n=\n", "---\n"),
    *("| a ", "|-|-\n", "a | b\n-|-\n", "$", "$a", "$$", "$$\na\n", "$x_{", "\\(", "{", "\\textbf{"),
    *("https://a.", "www.", "a@b.", '"', "'", "--", "...", " ", "\n", "\t", "a  \n", "é", "中", "\x00", "\u202e"),
)  # fmt: skip
PAIRS = (
    ("[", "]"),
    ("(", ")"),
    ("*", "*"),
    ("**a", "b**"),
    ("*a **a ", "b** b*"),
    ("<b>", "</b>"),
    ("$", "$ "),
    ("![a](", ")"),
)


def texts():
    """{name: text}"""
    named = {repr(part): (part * N)[:N] for part in REPEATED}
    named |= {f"{one!r} … {two!r}": (one * N)[: N // 2] + (two * N)[: N // 2] for one, two in PAIRS}
    named["nested quotes"] = "\n".join(">" * depth + " a" for depth in range(440))[:N]
    named["nested lists"] = "\n".join("  " * depth + "- a" for depth in range(310))[:N]
    named["backticks of every length"] = " ".join("`" * length for length in range(446))[:N]
    named["stars of every length"] = " ".join("*" * length + "a" for length in range(445))[:N]
    named["a wide table"] = "|a" * 300 + "\n" + "|-" * 300 + "\n" + ("|" * 300 + "\n") * 320
    return {name: text[:N] for name, text in named.items()}


def measure() -> dict:
    """{name: seconds of processor time}, rendering each text once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portfolio.settings")
    import django

    django.setup()
    from research import markup

    found = {}
    for name, text in texts().items():
        start = time.process_time()
        markup.render(text)
        found[name] = round(time.process_time() - start, 2)
    return found


if __name__ == "__main__":
    results = measure()
    print(f"The worst of {len(results)} texts of {N:,} characters, in seconds of processor time:")
    for name in sorted(results, key=lambda name: -results[name])[:SHOWN]:
        print(f"{results[name]:8} {name}")
