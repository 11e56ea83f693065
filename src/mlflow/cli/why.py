"""`mlflow why`: what differs between the origins of two runs, ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import columns, print_json

if TYPE_CHECKING:
    from mlflow.projects.reproduction.differences import Reason
    from mlflow.projects.reproduction.record import Record

__all__ = ["why"]

_WIDEST = 40


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
    rows = [(r.weight, r.kind, r.name, _short(r.first), _short(r.second)) for r in reasons]
    columns(("Weight", "Kind", "What", "A", "B"), rows)
    for reason in reasons if diff else ():
        if reason.detail:
            click.echo(f"\n{reason.name}\n{reason.detail}")


def _not_recorded(record: Record) -> str:
    missing = {"its code": record.source or record.entry, "its packages": record.lock, "its host": record.process}
    return " and ".join(name for name, found in missing.items() if not found)


def _short(value: str | None) -> str:
    if value is None:
        return "–"
    return value if len(value) <= _WIDEST else f"{value[: _WIDEST - 1]}…"
