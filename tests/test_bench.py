"""The benchmark's own arithmetic, its tables and its picture; no speed is asserted."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


def test_medians_and_least() -> None:
    measure = module("measure")
    samples = [measure.Sample(cpu, memory) for cpu, memory in ((3, 10), (1, 30), (2, 20))]

    assert measure.figures(samples) == measure.Figures(2, 1, 20)


def test_growth_is_linear_where_ten_times_as_many_cost_ten_times_as_much() -> None:
    slope = module("measure").slope

    assert slope([(10, 0.2), (100, 2.0)]) == pytest.approx(1)
    assert slope([(10, 1.0), (50, 9.0), (100, 100.0)]) == pytest.approx(2)


def test_children_count_with_their_parent(tmp_path: Path) -> None:
    measure = module("measure")
    work = "sum(i * i for i in range(1_000_000))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'])"

    alone = measure.sample(measure.Contender("a", (sys.executable, "-c", "pass")), tmp_path)
    both = measure.sample(measure.Contender("b", (sys.executable, "-c", child)), tmp_path)

    assert both.cpu > alone.cpu
    assert both.memory > 1


def test_table_is_sorted_and_says_what_is_absent() -> None:
    page, figures = module("page"), module("measure").Figures
    found = {"ast-grep": figures(2.0, 2.0, 20), "megalint, cold": figures(1.0, 0.9, 50)}

    lines = page.table(found, "ast-grep", {"oxlint": "npm is not installed"}).splitlines()

    assert lines[2:] == [
        "| **megalint, cold** | 1.000 | 0.50 | 50 |",
        "| ast-grep | 2.000 | 1.00 | 20 |",
        "| oxlint | absent: npm is not installed | | |",
    ]


def test_picture_is_svg_and_longer_bars_take_longer() -> None:
    page, figures = module("page"), module("measure").Figures
    found = {"a < b": figures(0.1, 0.1, 1), "c": figures(10.0, 10.0, 1)}

    root = ElementTree.fromstring(page.bars(found, "CPU & more"))
    lengths = [int(one.get("width", "")) for one in root.iter("{http://www.w3.org/2000/svg}rect")]

    assert lengths == sorted(lengths)
    assert lengths[0] > 0


def test_figures_are_put_between_their_marks() -> None:
    page = module("page")
    text = f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n"

    assert page.with_figures(text, "new") == (f"before\n{page.BEGIN}\n\nnew\n{page.END}\nafter\n")


def test_page_has_room_for_figures() -> None:
    page = module("page")
    text = (BENCH.parent / "docs" / "performance.md").read_text(encoding="utf-8")

    assert text.count(page.BEGIN) == text.count(page.END) == 1
