"""`mlflow runs compare`: what differs between runs, and what it did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import columns, print_json

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.stores import Backend
    from mlflow.transfer.comparison import Comparison, MetricRow

__all__ = ["compare"]

_BUCKETS = 40
_WIDEST = 40  # characters of a value in the table
_BEST = "*"


@click.command()
@click.argument("run_ids", nargs=-1, required=True)
@click.option("--all", "everything", is_flag=True, help="Show what is the same in all runs, too.")
@click.option("--metrics", "chosen", multiple=True, metavar="KEY", help="Only these metrics; repeatable.")
@click.option("--charts", is_flag=True, help="Draw each metric's course.")
@as_json
def compare(run_ids: tuple[str, ...], everything: bool, chosen: tuple[str, ...], charts: bool, as_json: bool) -> None:
    """Show what differs between runs: params, tags, attributes and datasets, then metrics.

    Metrics show the latest value with its change to the first run; * marks the best one, which is the least for those
    named like a loss, an error or a time.

    \b
    Examples:
      mlflow runs compare 0a1b… 2c3d…
      mlflow runs compare 0a1b… 2c3d… 4e5f… --metrics val_loss --charts
    """
    from mlflow.tracking.backend import tracking_backend
    from mlflow.tracking.client import MlflowClient
    from mlflow.transfer.comparison import compare as compared

    if len(set(run_ids)) < 2:
        raise click.UsageError("Name at least two runs.")
    client = MlflowClient()
    runs = [client.get_run(run_id) for run_id in dict.fromkeys(run_ids)]
    backend = tracking_backend()
    found = compared(backend, runs)
    wanted = [row for row in found.metrics if not chosen or row.key in chosen]
    missing = set(chosen) - {row.key for row in wanted}
    if missing:
        raise click.UsageError(f"None of the runs has a metric '{min(missing)}'.")
    if as_json:
        _print(found, wanted, everything=everything)
        return
    _show_runs(runs)
    _show_differences(found, everything=everything)
    _show_metrics(wanted, len(runs))
    if charts:
        _show_charts(backend, found.run_ids, wanted)


def _print(found: Comparison, wanted: Sequence[MetricRow], *, everything: bool) -> None:
    import msgspec

    shown = [difference for difference in found.differences if everything or difference.differs]
    print_json(
        {
            "run_ids": found.run_ids,
            "differences": [msgspec.to_builtins(row) | {"differs": row.differs} for row in shown],
            "metrics": [_plain(row) for row in wanted],
        }
    )


def _plain(row: MetricRow) -> dict[str, object]:
    """A row whose NaN is a text, for JSON has none."""
    import msgspec

    plain: dict[str, object] = msgspec.to_builtins(row)
    return plain | {"last": ["NaN" if value is not None and math.isnan(value) else value for value in row.last]}


def _show_runs(runs: Sequence[Run]) -> None:
    columns(("", "Run", "Name"), [(_letter(i), run.info.run_id, run.info.run_name or "") for i, run in enumerate(runs)])


def _show_differences(found: Comparison, *, everything: bool) -> None:
    shown = [difference for difference in found.differences if everything or difference.differs]
    same = len(found.differences) - sum(difference.differs for difference in found.differences)
    click.echo()
    if shown:
        titles = ("Differs", "Name", *map(_letter, range(len(found.run_ids))))
        columns(
            titles,
            [
                (row.group if row.differs else f"({row.group})", row.name, *(_short(value) for value in row.values))
                for row in shown
            ],
        )
    else:
        click.echo("Params, tags, attributes and datasets are the same.")
    if same and not everything:
        click.echo(f"The same in all: {same} (--all shows them)", err=True)


def _show_metrics(rows: Sequence[MetricRow], count: int) -> None:
    if not rows:
        return
    click.echo()
    table: list[list[str]] = []
    for row in rows:
        table.append([row.key, "last", *(_last(row, index) for index in range(count))])
        for name, values in (("min", row.min), ("max", row.max)):
            if any(value is not None for value in values):
                table.append(["", name, *(_number(value) for value in values)])
    columns(("Metric", "", *map(_letter, range(count))), table)


def _show_charts(backend: Backend, run_ids: Sequence[str], rows: Sequence[MetricRow]) -> None:
    from mlflow.contract.caller import EVERYONE
    from mlflow.transfer.sparkline import sparkline

    if not backend.extensions:
        click.echo("This server samples no metrics, so there are no charts.", err=True)
        return
    sampled = backend.store.metrics.sample_metrics(EVERYONE, list(run_ids), [row.key for row in rows], buckets=_BUCKETS)
    for row in rows:
        own = [series for series in sampled if series.key == row.key]
        numbers = [value for series in own for value in series.last if value is not None and not math.isnan(value)]
        if not numbers:
            continue
        low, high = min(numbers), max(numbers)
        click.echo(f"\n{row.key}  {_number(low)} … {_number(high)}")
        for series in own:
            click.echo(f"  {_letter(run_ids.index(series.run_id))} {sparkline(series.last, low, high)}")


def _letter(index: int) -> str:
    """A, B, … Z, then numbers."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def _last(row: MetricRow, index: int) -> str:
    mark = f" {_BEST}" if index in row.best else ""
    change = row.change[index]
    shown = f" ({change:+.1%})" if change is not None and index else ""
    return f"{_number(row.last[index])}{shown}{mark}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _short(value: str | None) -> str:
    if value is None:
        return "–"
    return value if len(value) <= _WIDEST else f"{value[: _WIDEST - 1]}…"
