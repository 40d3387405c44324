"""What the benchmarks make of what they measure. Their speed is no test's business."""

import json
import shlex

import pytest

from bench import __main__ as bench
from bench import content, report, servers, site, throughput
from research.models import Publication

FAST = {
    "requests_per_second": 40_000.0,
    "p50_ms": 0.7,
    "p99_ms": 1.2,
    "cpu_ms": 0.02,
    "memory_mb": 80.0,
    "page_bytes": 42_000,
}
SLOW = FAST | {"requests_per_second": 200.0}
ABSENT = {"missing": "nginx is not installed"}


def cells(text):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line]


def test_the_measured_page_has_ten_publications_with_their_authors_and_links(make_publication, make_person):
    jane = make_person("Jane Doe")
    for number in range(7):
        paper = make_publication([jane], doi=f"10.1000/{number}", arxiv_id=f"2311.0000{number}")
        paper.links.create(kind="code", url="https://owls.example")
    content.fill_up()
    papers = Publication.objects.filter(selected=True)
    assert [(paper.authorships.count(), paper.links.count()) for paper in papers] == [(1, 1)] * 10


def test_a_missing_peer_is_named_with_its_reason_and_so_is_its_ratio():
    measured = throughput.summary({"nginx": ABSENT, "cached": FAST, "uncached": SLOW, "wagtail": SLOW})
    assert measured["ratios"] == {"cached/nginx": None, "cached/uncached": 200.0, "cached/wagtail": 200.0}
    rows = cells(report.throughput(measured))
    assert rows[2][:2] == ["nginx, the page as a file", "missing: nginx is not installed"]
    assert rows[3] == ["this site", "40,000", "0.70", "1.20", "0.020", "80", "42"]
    assert rows[8:] == [
        ["this site / nginx", "missing", "≥ 0.40"],
        ["this site / page cache off", "200.00", "≥ 150"],
        ["this site / Wagtail", "200.00", ""],
    ]


def test_a_figure_that_is_zero_is_shown_and_one_that_was_not_measured_is_not():
    rows = cells(report.figures({"save": {"requests_to_new_page": 0, "ms": 51.5}}))
    assert rows[2:] == [
        ["requests from a save to the new page, in each process", "0", "1"],
        ["one save in the admin", "51.5 ms", ""],
    ]


def test_the_tables_of_a_run_take_the_place_of_those_before(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text(f"Before.\n{report.START}old\n{report.END}After.\n")
    monkeypatch.setattr(report, "README", readme)
    results = {"cold_start": {"seconds": 0.5}}
    report.write_readme(results)
    report.write_readme(results)
    assert readme.read_text() == f"Before.\n{report.START}\n{report.tables(results)}\n{report.END}After.\n"


@pytest.fixture
def fresh_clone(tmp_path, monkeypatch):
    """bench/README.md of a clone in which nothing was measured; each benchmark says "measured"."""
    monkeypatch.setattr(bench, "BENCHMARKS", dict.fromkeys(bench.BENCHMARKS, lambda: "measured"))
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(bench.os, "sched_getaffinity", lambda process: {0, 1})
    monkeypatch.setattr(report, "tables", json.dumps)
    monkeypatch.setattr(report, "README", tmp_path / "README.md")
    report.README.write_text(f"{report.START}old\n{report.END}")
    return report.README


def test_some_benchmarks_alone_leave_the_tables_of_a_whole_run_as_they_are(fresh_clone, capsys):
    before = fresh_clone.read_text()
    bench.main(["lost"])
    bench.main(["save"])
    assert fresh_clone.read_text() == before
    assert capsys.readouterr().out == '{"lost": "measured"}\n{"lost": "measured", "save": "measured"}\n'


def test_after_a_whole_run_what_is_measured_again_takes_its_place_beside_the_others(fresh_clone, monkeypatch, capsys):
    bench.main([])
    monkeypatch.setitem(bench.BENCHMARKS, "save", lambda: "again")
    bench.main(["save"])
    whole, again = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert len(whole) == len(bench.USUAL)
    assert again == whole | {"save": "again"}
    assert fresh_clone.read_text() == f"{report.START}\n{json.dumps(again)}\n{report.END}"


def test_the_measured_server_is_the_one_that_make_run_starts():
    program, *_, application = site.command(8181)
    assert (program, application) == (".venv/bin/granian", "portfolio.wsgi:application")
    assert "--port 8181" in shlex.join(site.command(8181))


def test_a_server_that_ends_before_it_answers_is_told_with_what_it_said():
    server = servers.Server(["sh", "-c", "echo No disk; exit 1"], servers.free_port())
    with pytest.raises(RuntimeError, match="No disk"), servers.running(server):
        pass


def test_a_server_leaves_no_process_behind():
    port = servers.free_port()
    with servers.running(servers.Server(["python3", "-m", "http.server", str(port)], port)) as process:
        assert servers.processes(process) == [process.pid]
        assert servers.memory(process) > 0
    assert servers.processes(process) == []
