"""One rich work of each type, and any work that hypothesis thinks of."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from research.citations.item import TYPES, Contributor, Item
from research.names import Name


def person(given, family, particle="", suffix="", orcid="", url=""):
    return Contributor(Name(given, particle, family, suffix), orcid, url)


BERG = person("Jan Pieter", "Berg", "van der", orcid="0000-0002-1825-0097", url="https://berg.example/")
CRUZ = person("María José", "Cruz Martínez", "de la")
KING = person("Martin Luther", "King", suffix="Jr.")
ATLAS = person("", "ATLAS Collaboration")
EDITORS = (person("Zoë", "Ångström"), person("Ludwig", "Müller-Lüdenscheidt"))


def make(kind, **fields):
    address = f"https://site.example/publications/{kind}/"
    values = {
        "key": f"berg2024{kind.replace('-', '')}",
        "title": "Learning $f(x)$ from “wild” *C. elegans*: C++ & <b>state-of-the-art</b>",
        "authors": (BERG, CRUZ, KING, ATLAS),
        "year": 2024,
        "month": 11,
        "day": 5,
        "doi": f"10.1234/ab.{kind}",
        "url": "https://publisher.example/paper",
        "record_url": address,
        "pdf_url": f"{address}{kind}.pdf",
        "language": "en",
        "license": "CC-BY-4.0",
        "keywords": ("graphs", "machine learning"),
        "abstract": "We show that $x^2 < 3$ & **more**.\n\nSee https://x.example.",
        "attachments": (
            ("Slides", "https://site.example/media/slides.pdf", "application/pdf"),
            ("Code", "https://code.example/x", ""),
        ),
    }
    return Item(type=kind, **(values | fields))


WORKS = {
    work.type: work
    for work in (
        make(
            "conference-paper",
            container="Advances in Neural Information Processing Systems",
            container_short="NeurIPS 2024",
            event="Conference on Neural Information Processing Systems",
            volume="37",
            pages="1–12",
            publisher="Curran Associates",
            place="Vancouver, Canada",
            editors=EDITORS,
            arxiv_id="2412.04984",
            arxiv_class="cs.CL",
            series="Neural Series",
            isbn="978-3-16-148410-0",
        ),
        make(
            "article",
            container="Proceedings of the National Academy of Sciences",
            container_short="PNAS",
            volume="12",
            issue="3",
            pages="101–117",
            issn="0027-8424",
            publisher="National Academy of Sciences",
            online_date=date(2024, 10, 1),
        ),
        make("preprint", doi="", url="", arxiv_id="2412.04984", arxiv_class="cs.CL", day=None),
        make("workshop-paper", container="Workshop on Owls", authors=(BERG,), month=None, day=None),
        make(
            "book",
            publisher="MIT Press",
            place="Cambridge, MA",
            isbn="978-0-262-03561-3",
            version="2",
            series="Adaptive Computation",
            volume="2",
            month=None,
            day=None,
        ),
        make(
            "chapter",
            container="Handbook of Owls",
            editors=EDITORS,
            publisher="Springer",
            place="Cham",
            pages="55–70",
            isbn="978-3-16-148410-0",
            month=None,
            day=None,
        ),
        make(
            "thesis",
            authors=(BERG,),
            container="University of Tübingen",
            place="Tübingen",
            genre="PhD thesis",
            doi="",
        ),
        make(
            "report",
            container="RAND Corporation",
            number="RR-1234",
            genre="Technical report",
            pages="1–40",
            place="Santa Monica",
        ),
        make("dataset", publisher="Zenodo", version="1.2", notice="Corrected: wrong units"),
        make(
            "software",
            publisher="GitHub",
            version="2.0.1",
            doi="",
            authors=(BERG, CRUZ),
            notice="Retracted: an error in the proof",
            note="To appear",
        ),
        make("poster", event="Owl Conference", place="Paris", doi=""),
        make("talk", event="Owl Conference", place="Paris", genre="Invited talk", doi=""),
        make("other", publisher="Somebody", doi=""),
    )
}
assert set(WORKS) == set(TYPES)

MANY = replace(
    WORKS["article"],
    authors=tuple(
        person(f"Given {number}", f"Family {number}", orcid=f"0000-0002-0000-{number:04}") for number in range(300)
    ),
)

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
WORDS = TEXT.filter(str.strip)
URLS = st.just("") | TEXT.map("https://publisher.example/{}".format)
PEOPLE = st.lists(
    st.builds(
        Contributor,
        st.builds(Name, TEXT, TEXT, WORDS, TEXT),
        st.sampled_from(["", "0000-0002-1825-0097"]),
        URLS,
    ),
    max_size=4,
).map(tuple)


@st.composite
def works(draw):
    """Any work that the site may hold."""
    dates = draw(st.none() | st.dates())
    precision = draw(st.integers(1, 3)) if dates else 0
    parts = ((dates.year, dates.month, dates.day)[:precision] + (None,) * 3)[:3] if dates else (None,) * 3
    words = "container container_short event series volume issue number version pages publisher place genre"
    texts = {name: draw(st.just("") | TEXT) for name in f"{words} abstract note notice isbn issn".split()}
    slug = draw(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True))
    address = f"https://site.example/publications/{slug}/"
    return Item(
        key=draw(st.from_regex(r"[A-Za-z0-9:._/+-]+", fullmatch=True)),
        type=draw(st.sampled_from(TYPES)),
        title=draw(WORDS),
        authors=draw(PEOPLE),
        editors=draw(PEOPLE),
        year=parts[0],
        month=parts[1],
        day=parts[2],
        online_date=draw(st.none() | st.dates()),
        doi=draw(st.just("") | TEXT.map("10.1234/{}".format)),
        arxiv_id=draw(st.sampled_from(["", "2412.04984"])),
        url=draw(URLS),
        record_url=address,
        pdf_url=draw(st.sampled_from(["", f"{address}{slug}.pdf"])),
        language=draw(st.sampled_from(["", "en", "de"])),
        license=draw(st.sampled_from(["", "CC-BY-4.0"])),
        keywords=tuple(draw(st.lists(WORDS, max_size=3))),
        attachments=tuple(draw(st.lists(st.tuples(TEXT, URLS.filter(bool), TEXT), max_size=3))),
        **texts,
    )
