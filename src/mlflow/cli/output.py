"""What commands print: tables for people, JSON for programs, progress on stderr."""

from __future__ import annotations

import datetime as dt
import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from mlflow.transfer.progress import Progress, silent

__all__ = ["columns", "print_json", "progress", "time_text"]


def print_json(value: Any, indent: int = 2) -> None:
    """A value as JSON on stdout, keys sorted."""
    click.echo(json.dumps(value, indent=indent, sort_keys=True, default=str, ensure_ascii=False))


def columns(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on stdout: left-aligned columns under dashed titles, readable without colour."""
    texts = [[_cell(value) for value in row] for row in rows]
    widths = [max(_width(title), *(_width(row[i]) for row in texts), 0) for i, title in enumerate(titles)]
    for line in (titles, ["-" * width for width in widths], *texts):
        padded = (text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def time_text(milliseconds: int | None) -> str:
    """A UTC time, as people read it; a dash for none."""
    if milliseconds is None:
        return "–"
    return f"{dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


@contextmanager
def progress(what: str, unit: str = "runs") -> Iterator[Progress]:
    """A line on stderr with count, rate and time left; silent when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/s" if task.speed else "")

    parts = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*parts, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total=None: bar.update(task, completed=done, **({"total": total} if total else {}))


def _cell(value: object) -> str:
    """A value on one line."""
    return "".join(character if character.isprintable() else " " for character in str(value))


def _width(text: str) -> int:
    """The columns of a terminal that a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum((unicodedata.east_asian_width(c) in "WF") + (not unicodedata.combining(c)) for c in text)
