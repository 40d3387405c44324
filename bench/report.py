"""The figures as tables, in Markdown: what a run prints, and what bench/README.md holds of the last one."""

from pathlib import Path

README = Path(__file__).parent / "README.md"
START, END = "<!-- The figures of the last run begin here. -->\n", "<!-- They end here. -->\n"

NAMES = {
    "nginx": "nginx, the page as a file",
    "cached": "this site",
    "uncached": "this site, page cache off",
    "wagtail": "Wagtail, its fragment cache on",
}
HEAD = ["about page, 32 connections", "requests/s", "p50 ms", "p99 ms", "CPU ms", "memory MB", "page kB"]
RATIOS = {
    "cached/nginx": ("this site / nginx", "≥ 0.40"),
    "cached/uncached": ("this site / page cache off", "≥ 150"),
    "cached/wagtail": ("this site / Wagtail", ""),
}
# What is measured beside the requests: its label, where it stands in the results, its unit, and what is to be reached.
FIGURES = [
    ("p99 of this site at 32 connections, median of the rounds", ("throughput", "cached", "p99_ms"), "ms", "≤ 3 ms"),
    ("p99 of nginx in the same rounds", ("throughput", "nginx", "p99_ms"), "ms", ""),
    ("CPU for the about page, page cache off", ("throughput", "uncached", "cpu_ms"), "ms", "≤ 5 ms"),
    ("1,000 publications as a static copy", ("static_export", "first", "s"), "s", "< 30 s"),
    ("CPU for 5,000 publications as BibTeX", ("publication_pages", "5000", "bibtex", "ms"), "ms", ""),
    ("memory, idle", ("memory", "idle_mb"), "MB", "≤ 90 MB"),
    ("memory after 1,000 different pages", ("memory", "after_1000_pages_mb"), "MB", "≤ 130 MB"),
    ("requests from a save to the new page, in each process", ("save", "requests_to_new_page"), "", "1"),
    ("one save in the admin", ("save", "ms"), "ms", ""),
    ("requests/s from memory beside PostgreSQL", ("databases", "postgresql", "requests_per_second"), "", ""),
    ("one save in the admin beside PostgreSQL", ("databases", "postgresql", "save_ms"), "ms", ""),
    ("cold start to the first page", ("cold_start", "seconds"), "s", "≤ 1.5 s"),
    ("saves that a server, killed ten times, has acknowledged", ("lost", "acknowledged"), "", "≥ 1000"),
    ("… of them lost", ("lost", "lost"), "", "0"),
    ("… rows without their file", ("lost", "rows_without_file"), "", "0"),
    ("of 20 who write at once, refused", ("lost", "writers", "refused"), "", "0"),
    ("backup of 1,000 publications and 1 GB", ("archive", "backup", "s"), "s", ""),
    ("… its peak memory", ("archive", "backup", "peak_mb"), "MB", ""),
    ("… its size", ("archive", "archive_mb"), "MB", ""),
    ("… its restore", ("archive", "restore", "s"), "s", ""),
    ("… the restore's peak memory", ("archive", "restore", "peak_mb"), "MB", ""),
    ("memory of application and Caddy", ("stack", "all_mb"), "MB", ""),
]


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def throughput(results):
    """Two tables: each server, and the ratios of this site to the others."""
    servers = [[label, *server(results[name])] for name, label in NAMES.items()]
    ratios = [[label, ratio(results["ratios"][key]), aim] for key, (label, aim) in RATIOS.items()]
    return table(HEAD, servers) + "\n" + table(["ratio of requests/s", "measured", "to reach"], ratios)


def server(one):
    if "missing" in one:
        return [f"missing: {one['missing']}", *[""] * (len(HEAD) - 2)]
    rate, memory, size = one["requests_per_second"], one["memory_mb"], one["page_bytes"] / 1e3
    times = f"{one['p50_ms']:.2f}", f"{one['p99_ms']:.2f}", f"{one['cpu_ms']:.3f}"
    return [f"{rate:,.0f}", *times, f"{memory:.0f}", f"{size:.0f}"]


def ratio(value):
    return "missing" if value is None else f"{value:,.2f}"


def figures(results):
    rows = []
    for label, path, unit, aim in FIGURES:
        value = results
        for key in path:
            value = value.get(key, {})
        if value != {}:
            rows.append([label, f"{value} {unit}".strip(), aim])
    return table(["figure", "measured", "to reach"], rows)


def growth(results):
    """A row for each page, a column for each size of the site: its time on a core, with no cache, and its queries."""
    sites = {size: pages for size, pages in results.items() if "list" in pages}
    rows = [
        [page.replace("_", " "), *(f"{pages[page]['ms']} ({pages[page]['queries']})" for pages in sites.values())]
        for page in next(iter(sites.values()))
    ]
    return table(["CPU ms (queries) to render", *(f"{int(size):,} publications" for size in sites)], rows)


def uploads(results):
    rows = [
        [name.replace("_", " "), one["upload_mb"], one["ms"], one["peak_mb"], "< 500" if "50mp" in name else ""]
        for name, one in results.items()
    ]
    return table(["picture uploaded", "MB", "ms", "peak memory MB", "to reach"], rows)


def tables(results):
    """All tables of {"name of a benchmark": what it measured}; a benchmark that did not run has none."""
    parts = [throughput(results["throughput"])] if "throughput" in results else []
    parts.append(figures(results))
    parts += [
        show(results[name])
        for name, show in (("publication_pages", growth), ("image_upload", uploads))
        if name in results
    ]
    return "\n".join(parts)


def write_readme(results):
    """Put the tables into bench/README.md, in place of those of the run before."""
    before, _, rest = README.read_text().partition(START)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{START}\n{tables(results)}\n{END}{after}")
