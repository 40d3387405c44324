"""A real paper, made by pdflatex, is looked through by the real PDFium."""

import io
import subprocess

import pytest
from PIL import Image

from research import pdf_figures
from research.pdf_figures import PdfUnreadable

PAPER = r"""
\documentclass{article}\usepackage{graphicx}\begin{document}
Owls see at night. \hrule\vspace{60pt}
\begin{figure}[h]\pdfliteral{0 0 m 200 0 l 200 -100 l 0 -100 l h S 1 0 0 rg 20 -80 60 60 re f}\vspace{102pt}
\hspace{204pt}0.5\caption{Owls see more as the night grows. It was measured.}\end{figure}
\begin{tabular}{|l|l|}\hline a & b \\\hline\end{tabular}
\newpage\begin{figure}[h]\includegraphics[width=200pt]{photo.png}\end{figure}\end{document}
"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """A PDF of two pages: a drawing with a caption, a table; a picture."""
    folder = tmp_path_factory.mktemp("paper")
    Image.new("RGB", (300, 200), "#2040c0").save(folder / "photo.png")
    (folder / "paper.tex").write_text(PAPER)
    subprocess.run(["pdflatex", "-interaction=batchmode", "paper.tex"], cwd=folder, check=True, capture_output=True)
    return (folder / "paper.pdf").read_bytes()


@pytest.fixture(scope="module")
def found(paper):
    return pdf_figures.candidates(paper)


def test_the_figures_come_first_and_then_the_pages(found):
    assert [(str(candidate), candidate.caption) for candidate in found] == [
        ("Figure on page 1", "Owls see more as the night grows."),
        ("Figure on page 2", ""),
        ("Page 1", ""),
        ("Page 2", ""),
    ]


def test_a_figure_is_cut_out_at_its_edges(paper, found):
    left, bottom, right, top = found[1].box
    assert (round(right - left), round(top - bottom)) == (207, 141)  # 200 by 133 TeX points, and a margin of 4
    picture = Image.open(io.BytesIO(pdf_figures.picture(paper, found[1])))
    assert (picture.format, max(picture.size)) == ("PNG", 1600)
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == (0x20, 0x40, 0xC0)
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_the_label_at_the_edge_of_a_drawing_belongs_to_it(found):
    left, _, right, _ = found[0].box
    assert 207 < right - left < 230


def test_a_preview_is_a_small_jpeg(found):
    previews = [Image.open(io.BytesIO(candidate.preview)) for candidate in found]
    assert [preview.format for preview in previews] == ["JPEG"] * 4
    assert [round(max(preview.size), -1) for preview in previews] == [360] * 4


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"not a PDF", b"%PDF-1.4\n" + b"1 0 obj<<" * 10_000])
def test_what_cannot_be_drawn_is_a_sentence(broken):
    with pytest.raises(PdfUnreadable) as refusal:
        pdf_figures.candidates(broken)
    assert str(refusal.value) == (
        "This PDF cannot be drawn: it is damaged, locked with a password or too large. "
        "Upload a picture of the figure instead."
    )


def test_a_cut_off_pdf_does_no_harm(paper):
    with pytest.raises(PdfUnreadable):
        pdf_figures.candidates(paper[: len(paper) // 3])


def test_a_page_of_any_size_becomes_a_picture_of_the_same_size():
    """A page may say that it is two hundred kilometres wide."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 1000000 1]>>"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page]
    body = "".join(f"{number} 0 obj{content}endobj\n" for number, content in enumerate(objects, 1))
    pdf = f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>".encode()
    (candidate,) = pdf_figures.candidates(pdf)
    assert Image.open(io.BytesIO(candidate.preview)).size == (360, 1)


def test_a_pdf_that_takes_too_long_is_a_sentence(paper, monkeypatch):
    monkeypatch.setattr(pdf_figures, "SECONDS", 0)
    with pytest.raises(PdfUnreadable) as refusal:
        pdf_figures.candidates(paper)
    assert str(refusal.value) == "This PDF takes too long to draw. Upload a picture of the figure instead."
