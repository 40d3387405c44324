"""
The pages of a PDF and the figures in it, as pictures to choose a thumbnail from. Pure: pypdfium2 and Pillow, no Django.

PDFium reads what strangers wrote and is not thread-safe, so it works in a process of its own, with a limit on its
memory and its time: `python -m research.pdf_figures` answers one question on its standard output.

A PDF has no figures, only lines, fills and pictures at places. What stands close together is taken for one figure,
with the short texts at its edge (the labels of an axis); the caption that begins below it describes it.
"""

import base64
import io
import json
import re
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from itertools import islice

MEMORY_BYTES = 800_000_000  # of address space: Python and PDFium alone take about 250 MB of it
SECONDS = 20
MAX_PAGES = 30  # that are looked through for figures
MAX_WHOLE_PAGES = 4  # that are offered whole
MAX_FIGURES = 24
MAX_OBJECTS = 50_000  # of a page: a scatter plot can have a line for each of its points
CELL = 8  # points; what is further apart than about one empty cell is another figure
LABEL_DISTANCE = 14  # points
MAX_TEXTS = 3000  # of a page
MIN_SIDE = 60  # points
MARGIN = 4  # points
PREVIEW_PIXELS = 360
PICTURE_PIXELS = 1600
CAPTION = re.compile(r"(?:fig(?:ure|\.)|scheme|table)\s*\d+\s*[.:|–-]?\s*", re.IGNORECASE)
SENTENCE = re.compile(r".+?[.!?](?=\s|\Z)|.+", re.DOTALL)


class PdfUnreadable(ValueError):
    """The PDF gives no pictures; the text is a sentence for the person who wants one."""


@dataclass(frozen=True)
class Candidate:
    """A part of a page: its number from 1, its place in points from the lower left corner, and its preview (JPEG)."""

    page: int
    box: tuple[float, float, float, float]  # left, bottom, right, top
    is_figure: bool
    caption: str
    preview: bytes

    def __str__(self):
        return f"{'Figure on page' if self.is_figure else 'Page'} {self.page}"


def candidates(pdf):
    """The figures of a PDF (bytes) in their order, then its first pages whole. Raises PdfUnreadable."""
    rows = json.loads(run(pdf, "list"))
    return [Candidate(**row | {"box": tuple(row["box"]), "preview": base64.b64decode(row["preview"])}) for row in rows]


def picture(pdf, candidate):
    """A candidate as a PNG of up to 1600 pixels a side, as bytes. Raises PdfUnreadable."""
    return run(pdf, "draw", candidate.page, *candidate.box)


def run(pdf, *arguments):
    """What the process of its own writes."""
    command = [sys.executable, "-m", __name__, *map(str, arguments)]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=2 * SECONDS, check=True)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired as error:
        raise PdfUnreadable("This PDF takes too long to draw. Upload a picture of the figure instead.") from error
    except subprocess.CalledProcessError as error:
        raise PdfUnreadable(
            "This PDF cannot be drawn: it is damaged, locked with a password or too large. "
            "Upload a picture of the figure instead."
        ) from error
    return done.stdout


# --- In the process of its own -------------------------------------------------------------------------------------


def found_in(document):
    """The rows of `candidates`, as far as the time allows."""
    deadline = time.monotonic() + SECONDS / 2
    figures, pages = [], []
    for number in range(min(len(document), MAX_PAGES)):
        if len(figures) >= MAX_FIGURES or time.monotonic() > deadline:
            break
        with closing(document[number]) as page:
            figures += [row(page, number, box, True) for box in figure_boxes(page)]
            if number < MAX_WHOLE_PAGES:
                pages.append(row(page, number, (0, 0, *page.get_size()), False))
    return figures[:MAX_FIGURES] + pages


def row(page, number, box, is_figure):
    image = io.BytesIO()
    drawn(page, box, PREVIEW_PIXELS).save(image, "JPEG", quality=80)
    preview = base64.b64encode(image.getvalue()).decode()
    return asdict(Candidate(number + 1, box, is_figure, caption(page, box) if is_figure else "", preview))


def drawn(page, box, pixels):
    """A part of a page as a Pillow image whose longer side has so many pixels."""
    width, height = page.get_size()
    left, bottom, right, top = box
    scale = pixels / max(right - left, top - bottom, 1)
    return page.render(scale=scale, crop=(left, bottom, width - right, height - top)).to_pil().convert("RGB")


def figure_boxes(page):
    """The places of the figures of a page, from the top down."""
    width, height = page.get_size()
    boxes = []
    for group in grouped([part for part in drawn_parts(page) if not covers_page(part[1], width, height)]):
        box = union([part_box for _, part_box in group])
        is_table = all(is_rule(part_box) for _, part_box in group)
        if not is_table and min(box[2] - box[0], box[3] - box[1]) >= MIN_SIDE:
            boxes.append(box if all(is_photo for is_photo, _ in group) else with_labels(page, box))
    boxes = [
        (max(0, left - MARGIN), max(0, bottom - MARGIN), min(width, right + MARGIN), min(height, top + MARGIN))
        for left, bottom, right, top in boxes
    ]
    return sorted(boxes, key=lambda box: (-box[3], box[0]))


def drawn_parts(page):
    """All that is no text, as (whether it is made of pixels, its box): lines, fills, pictures, and whole drawings."""
    import pypdfium2.raw as pdfium

    kinds = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_FORM]
    objects = page.get_objects(filter=kinds, max_depth=1)
    return [(part.type == pdfium.FPDF_PAGEOBJ_IMAGE, part.get_bounds()) for part in islice(objects, MAX_OBJECTS)]


def covers_page(box, width, height):
    """Whether a box is the page's background, or lies outside of the page."""
    left, bottom, right, top = box
    inside = left < width and bottom < height and right > 0 and top > 0
    return not inside or (right - left > 0.9 * width and top - bottom > 0.75 * height)


def is_rule(box):
    """Whether a box is a straight line: a rule between columns, the lines of a table."""
    return min(box[2] - box[0], box[3] - box[1]) < 2


def grouped(parts):
    """The parts in groups of those that stand close together: connected components of the cells that they cover."""
    covered = {}
    for index, (_, (left, bottom, right, top)) in enumerate(parts):
        for x in range(int(left // CELL), int(right // CELL) + 1):
            for y in range(int(bottom // CELL), int(top // CELL) + 1):
                covered.setdefault((x, y), []).append(index)
    groups = []
    while covered:
        cell, members = covered.popitem()
        waiting, group = [cell], set(members)
        while waiting:
            x, y = waiting.pop()
            for near in [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]:
                if near in covered:
                    group.update(covered.pop(near))
                    waiting.append(near)
        groups.append([parts[index] for index in sorted(group)])
    return groups


def union(boxes):
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def with_labels(page, box):
    """The box, made larger by the short texts at its edge."""
    left, bottom, right, top = box
    reach = (left - LABEL_DISTANCE, bottom - LABEL_DISTANCE, right + LABEL_DISTANCE, top + LABEL_DISTANCE)
    labels = []
    with closing(page.get_textpage()) as text:
        for index in range(min(text.count_rects(), MAX_TEXTS)):
            label = text.get_rect(index)
            is_near = label[0] < reach[2] and label[2] > reach[0] and label[1] < reach[3] and label[3] > reach[1]
            is_short = label[2] - label[0] < (right - left) / 3
            if (
                is_near
                and is_short
                and not CAPTION.match(
                    text.get_text_bounded(label[0] - 1, label[1] - 2, label[2] + 1, label[3] + 2).strip()
                )
            ):
                labels.append(label)
    return union([box, *labels])


def caption(page, box):
    """The first sentence of the caption that begins below a figure, without its number; "" where there is none."""
    left, bottom, right, _ = box
    with closing(page.get_textpage()) as text:
        below = text.get_text_bounded(left - 20, max(0, bottom - 70), right + 20, bottom + MARGIN)
    words = " ".join(below.replace("\x02", "").split())  # how PDFium writes a hyphen at the end of a line
    begin = CAPTION.search(words)
    sentence = SENTENCE.match(words, begin.end()) if begin else None
    return sentence[0][:300] if sentence else ""


def limit_itself():
    """Let the system end this process when it takes more than its share."""
    with suppress(ImportError, ValueError, OSError):  # not every system has these limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main(arguments):
    limit_itself()
    import pypdfium2

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    if arguments[0] == "list":
        sys.stdout.write(json.dumps(found_in(document)))
    else:
        number, *box = arguments[1:]
        image = io.BytesIO()
        drawn(document[int(number) - 1], tuple(map(float, box)), PICTURE_PIXELS).save(image, "PNG")
        sys.stdout.buffer.write(image.getvalue())


if __name__ == "__main__":
    main(sys.argv[1:])
