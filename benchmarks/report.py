"""Show the figures: a table on the terminal, JSON for programs, Markdown for the documentation."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figures
from benchmarks.rows import PUBLISHED, ROWS, THIS, Row

RESULTS = Path(__file__).parent / "results"
MARKS = {True: "yes", False: "no", None: ""}
HEADER = ("what", "unit", "goal", "this", "published", "times better", "met", "note")


def number(value: float | None) -> str:
    """Three significant digits, thousands separated."""
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def goal_text(row: Row, goal: float | None) -> str:
    if row.ratio is not None:
        return f"≤ 1/{row.ratio:.0f}"
    if goal is None:
        return ""
    return f"{'≥' if row.more else '≤'} {number(goal)}"


def cells(figures: Figures, row: Row, goal: float | None) -> tuple[str, ...]:
    others = figures.others(row.key)
    notes = [f"{name} {number(figures.figure(row.key, name))}" for name in others]
    notes += [f"{name}: {note}" for name in (THIS, PUBLISHED, *others) if (note := figures.notes.get((row.key, name)))]
    ratio = figures.ratio(row)
    return (
        row.label,
        row.unit,
        goal_text(row, goal),
        number(figures.figure(row.key, THIS)),
        number(figures.figure(row.key, PUBLISHED)),
        "" if ratio is None else f"{number(ratio)} ×",
        MARKS[figures.met(row, goal)],
        "; ".join(notes),
    )


def lines(figures: Figures, goals: dict[str, float]) -> list[tuple[str, ...]]:
    """The table's lines, for the rows that were measured."""
    measured = {key for key, _ in figures.samples}
    return [cells(figures, row, goals.get(row.key, row.goal)) for row in ROWS if row.key in measured]


def machine() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "platform": f"{platform.system()} {platform.machine()}",
        "python": sys.version.split()[0],
    }


def show(title: str, figures: Figures, goals: dict[str, float]) -> None:
    table = Table(title=title)
    for index, name in enumerate(HEADER):
        table.add_column(name, justify="right" if 1 < index < 6 else "left")
    for line in lines(figures, goals):
        table.add_row(*line)
    console = Console(width=160 if not sys.stdout.isatty() else None)
    console.print(table)
    for name, why in figures.missing.items():
        console.print(f"{name} is not measured: {why}")


def markdown(figures: Figures, goals: dict[str, float]) -> str:
    """The same table for a documentation page."""
    header = [f"| {' | '.join(HEADER)} |", "|---|---|--:|--:|--:|--:|---|---|"]
    table = "\n".join([*header, *(f"| {' | '.join(line)} |" for line in lines(figures, goals))]) + "\n"
    missing = [f"{name} is not measured: {why}." for name, why in figures.missing.items()]
    return table + "".join(f"\n{line}\n" for line in missing)


def as_json(figures: Figures, goals: dict[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "key": row.key,
            "label": row.label,
            "unit": row.unit,
            "goal": goals.get(row.key, row.goal),
            "goal_ratio": row.ratio,
            "ratio": figures.ratio(row),
            "met": figures.met(row, goals.get(row.key, row.goal)),
            **{name: figures.figure(row.key, name) for name in (THIS, PUBLISHED, *figures.others(row.key))},
            "samples": {
                name: figures.samples.get((row.key, name), []) for name in (THIS, PUBLISHED, *figures.others(row.key))
            },
            "notes": {name: note for (key, name), note in figures.notes.items() if key == row.key},
        }
        for row in ROWS
        if {(row.key, THIS), (row.key, PUBLISHED)} & figures.samples.keys()
    ]


def write(backends: dict[str, tuple[Figures, dict[str, float]]]) -> Path:
    """Write results/latest.json and results/latest.md; the path of the JSON file."""
    RESULTS.mkdir(exist_ok=True)
    content = {"machine": machine(), **{name: as_json(*measured) for name, measured in backends.items()}}
    path = RESULTS / "latest.json"
    path.write_text(json.dumps(content, indent=1))
    about = machine()
    intro = f"Measured {about['date'][:10]} on {about['cores']} cores, {about['platform']}, Python {about['python']}.\n"
    tables = [f"### {name}\n\n{markdown(*measured)}" for name, measured in backends.items()]
    (RESULTS / "latest.md").write_text("\n".join([intro, *tables]))
    return path


def write_docs(page: Path) -> None:
    """Put results/latest.md between the two marks of a documentation page."""
    begin, end = "<!-- measured: begin -->", "<!-- measured: end -->"
    head, _, rest = page.read_text().partition(begin)
    _, _, tail = rest.partition(end)
    page.write_text(f"{head}{begin}\n\n{(RESULTS / 'latest.md').read_text()}\n{end}{tail}")
