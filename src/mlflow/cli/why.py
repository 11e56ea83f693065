"""`mlflow why`: what differs between the origins of two runs, ranked."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import columns, print_json

if TYPE_CHECKING:
    from mlflow.projects.reproduction.differences import Reason
    from mlflow.projects.reproduction.record import Record

__all__ = ["why"]

_TITLES = ("Weight", "Kind", "What", "A", "B")
_NAME, _LEAST, _CONTEXT = 28, 12, 6


@click.command()
@click.argument("run_a")
@click.argument("run_b")
@click.option("--diff", is_flag=True, help="Show the differences of the code itself.")
@as_json
def why(run_a: str, run_b: str, diff: bool, as_json: bool) -> None:
    """Tell why RUN_A and RUN_B may differ: params, code, data, environment and host, the likeliest first.

    \b
    Examples:
      mlflow why 0a1b… 2c3d…
      mlflow why 0a1b… 2c3d… --diff
    """
    import msgspec

    from mlflow.projects.reproduction.differences import ranked_differences
    from mlflow.projects.reproduction.record import read_record
    from mlflow.tracking.client import MlflowClient

    client = MlflowClient()
    first, second = read_record(client, run_a), read_record(client, run_b)
    reasons = ranked_differences(first, second)
    if as_json:
        print_json([msgspec.to_builtins(reason) for reason in reasons])
        return
    _show(reasons, diff=diff)
    for record in (first, second):
        if missing := _not_recorded(record):
            click.echo(f"Run {record.run_id} did not record {missing}, so that may differ, too.", err=True)


def _show(reasons: list[Reason], *, diff: bool) -> None:
    if not reasons:
        click.echo("Nothing that was recorded differs.")
        return
    names = [_ending(reason.name, _NAME) for reason in reasons]
    kinds = [reason.kind for reason in reasons]
    taken = len(_TITLES[0]) + max(map(len, kinds)) + max(map(len, names)) + 2 * (len(_TITLES) - 1)
    room = max((shutil.get_terminal_size().columns - taken) // 2, _LEAST)
    values = [_both(reason.first or "–", reason.second or "–", room) for reason in reasons]
    rows = [(r.weight, r.kind, name, *both) for r, name, both in zip(reasons, names, values, strict=True)]
    columns(_TITLES, rows)
    if any("…" in str(cell) for row in rows for cell in row):
        click.echo("Shortened to fit; --json shows all of it.", err=True)
    for reason in reasons if diff else ():
        if reason.detail:
            click.echo(f"\n{reason.name}\n{reason.detail}")


def _not_recorded(record: Record) -> str:
    missing = {"its code": record.source or record.entry, "its packages": record.lock, "its host": record.process}
    return " and ".join(name for name, found in missing.items() if not found)


def _ending(text: str, room: int) -> str:
    """The end of a text in so many columns: of paths it says the most."""
    return text if len(text) <= room else f"…{text[1 - room :]}"


def _both(first: str, second: str, room: int) -> tuple[str, str]:
    """Two texts in so many columns each, from shortly before where they part."""
    pairs = enumerate(zip(first, second, strict=False))
    part = next((at for at, (ours, theirs) in pairs if ours != theirs), 0)
    begin = max(part - _CONTEXT, 0) if max(len(first), len(second)) > room else 0
    shown = [f"…{text[begin:]}" if begin else text for text in (first, second)]
    cut = [text if len(text) <= room else f"{text[: room - 1]}…" for text in shown]
    return cut[0], cut[1]
