"""One rich Item for each type, and the files that each format must write for it (`golden/`).

`python -m tests.citations.gold` writes the golden files anew; read the difference before it is committed.
"""

from datetime import date
from pathlib import Path

from research.citations import bibtex, csl, ris
from research.citations.item import Contributor, Item
from research.names import Name

FOLDER = Path(__file__).parent / "golden"


def person(given_name, family_name, particle="", suffix="", **kwargs):
    return Contributor(Name(given_name, particle, family_name, suffix), **kwargs)


def group(name):
    return Contributor(Name("", "", name, ""))


BERG = person("Jan Pieter", "Berg", "van der", orcid="0000-0002-1825-0097", url="https://berg.example.org/")
KING = person("Martin Luther", "King", suffix="Jr.")
CRUZ = person("María José", "Cruz Martínez", "de la")
LUKA = person("Łukasz", "Łukasiewicz-Çelik")
WANG = person("小明", "王")
NGUYEN = person("Thị Ánh", "Nguyễn")
ONEILL = person("Siobhán", "O'Neill")
HOOKS = person("bell", "hooks")
ATLAS = group("ATLAS Collaboration")

GOLD = {
    item.type: item
    for item in (
        Item(
            key="berg2024bert",
            type="conference-paper",
            title="BERT for *E. coli*: 50% of λ₁-regularised “large” models & $\\Lambda_1$",
            authors=(BERG, KING, WANG, ATLAS),
            editors=(CRUZ, LUKA),
            year=2024,
            month=5,
            day=7,
            online_date=date(2024, 3, 1),
            container="Proceedings of the Twelfth International Conference on Learning Representations",
            container_short="ICLR 2024",
            event="International Conference on Learning Representations",
            series="Proceedings of Machine Learning Research",
            volume="235",
            pages="101–117",
            publisher="PMLR & Sons",
            place="Vienna, Austria",
            isbn="978-3-16-148410-0",
            doi="10.1145/3531146_12.3533088",
            arxiv_id="2401.01234",
            arxiv_class="cs.CL",
            url="https://proceedings.example.org/~v235/a_b%20c.html?x=1&y=2#top",
            record_url="https://jane-doe.org/publications/bert/",
            pdf_url="https://jane-doe.org/publications/bert/bert.pdf",
            language="en",
            license="CC-BY-4.0",
            keywords=("language models", "R&D"),
            abstract="We show that 50% of $x_{1}$ is *not* 5 < 6; it costs $5 and 10 # _each_.",
            note="Best paper award",
        ),
        Item(
            key="cruz2021laplacian",
            type="article",
            title="On the Laplacian of Riemannian manifolds: a {short} proof of $\\mathbb{R}^2$ bounds",
            authors=(CRUZ, ONEILL, NGUYEN),
            year=2021,
            month=11,
            container="Journal of Geometry & Topology",
            container_short="J. Geom. Topol.",
            volume="12",
            issue="3–4",
            pages="e101–e117",
            issn="0378-5955",
            doi="10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o",
            url="https://journal.example.org/12/3",
            record_url="https://jane-doe.org/publications/laplacian/",
            language="en",
            keywords=("geometry",),
            abstract="A short proof.",
            notice="Corrected: a sign in equation 3 (2022).",
        ),
        Item(
            key="wang2023scheming",
            type="preprint",
            title="Frontier Models are Capable of In-Context Scheming",
            authors=(WANG, HOOKS),
            year=2023,
            arxiv_id="2412.04984",
            arxiv_class="cs.AI",
            url="https://arxiv.org/abs/2412.04984",
            doi="10.48550/arxiv.2412.04984",
        ),
        Item(
            key="king2022workshop",
            type="workshop-paper",
            title="Is “Attention” All You Need? An iPhone Study",
            authors=(KING,),
            year=2022,
            month=12,
            container="NeurIPS 2022 Workshop on Machine Learning Safety",
            event="Workshop on Machine Learning Safety",
            place="New Orleans",
            url="https://openreview.net/forum?id=aB_c-1",
            note="Spotlight",
        ),
        Item(
            key="hooks2000feminism",
            type="book",
            title="Feminism is for everybody",
            authors=(HOOKS,),
            year=2000,
            version="Second",
            series="Passionate Politics",
            volume="4",
            publisher="Simon and Schuster",
            place="Cambridge, MA",
            isbn="978-0-306-40615-7",
            language="en",
        ),
        Item(
            key="lukasiewicz2019chapter",
            type="chapter",
            title="Größe, Maß und Übermaß",
            authors=(LUKA, person("Müller", "Straße")),
            editors=(BERG,),
            year=2019,
            container="Handbuch der Größen & Maße",
            series="Lecture Notes in Physics",
            volume="5",
            version="3",
            pages="7–9",
            publisher="Springer",
            place="Berlin",
            isbn="978-3-16-148410-0",
            language="de",
        ),
        Item(
            key="oneill2018thesis",
            type="thesis",
            title="Zeta functions and the Riemann hypothesis",
            authors=(ONEILL,),
            year=2018,
            month=6,
            container="Trinity College Dublin",
            genre="Master's thesis",
            place="Dublin",
            url="https://tcd.example.org/thesis",
        ),
        Item(
            key="atlas2020report",
            type="report",
            title="Search for C++ bugs in GPT-4_x",
            authors=(ATLAS, group("U.S. Department of Energy")),
            year=2020,
            month=2,
            day=29,
            container="CERN",
            number="CERN-EP-2020-001",
            genre="White paper",
            place="Geneva",
            url="https://cds.cern.ch/record/1",
            notice="Retracted: the bugs were features.",
            note="With errata",
        ),
        Item(
            key="nguyen2021data",
            type="dataset",
            title="SAD: The Situational Awareness Dataset",
            authors=(NGUYEN, ATLAS),
            year=2021,
            publisher="Zenodo",
            version="1.2",
            doi="10.5281/zenodo.123456",
            keywords=("self-knowledge, of models", "benchmarks"),
        ),
        Item(
            key="berg2020software",
            type="software",
            title="pyBerg — tools for “everything”",
            authors=(BERG,),
            year=2020,
            month=1,
            publisher="GitHub",
            version="v2.0.1",
            url="https://github.com/berg/py_berg",
        ),
        Item(
            key="cruz2023poster",
            type="poster",
            title="A poster on H$_2$O",
            authors=(CRUZ,),
            year=2023,
            event="Gordon Research Conference",
            place="Ventura",
        ),
        Item(
            key="hooks2024talk",
            type="talk",
            title="Σίσυφος and Владимир: 東京 to Besançon",
            authors=(HOOKS, person("Владимир", "Набоков")),
            year=2024,
            month=9,
            day=30,
            event="Invited talk, University of Kraków",
            place="Kraków",
            url="https://talks.example.org/1",
        ),
        Item(
            key="anonymous1969",
            type="other",
            title="A letter to nobody, with 100% of #hashtags and C:\\paths ~ ^ |",
            year=1969,
            container="The Daily Planet",
            note="Unsigned",
        ),
    )
}


def golden_files():
    """{file name: its content} of every type in every format."""
    files = {}
    for kind, item in GOLD.items():
        files[f"{kind}.bib"] = bibtex.render(item)
        files[f"{kind}.latex.bib"] = bibtex.render(item, "latex")
        files[f"{kind}.ris"] = ris.render(item)
        files[f"{kind}.json"] = csl.render(item)
    return files


if __name__ == "__main__":
    for name, content in golden_files().items():
        (FOLDER / name).write_bytes(content.encode())
