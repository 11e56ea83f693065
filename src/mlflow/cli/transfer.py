"""`mlflow runs export` and `mlflow runs import`: runs to and from files, and from other stores."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from mlflow.cli.options import as_json, listed, view
from mlflow.cli.output import print_json, progress
from mlflow.entities import ViewType

if TYPE_CHECKING:
    from mlflow.transfer.copies import Copied
    from mlflow.transfer.exported_run import ExportedRun, Origin
    from mlflow.transfer.progress import Progress
    from mlflow.transfer.run_table import TableFormat
    from mlflow.transfer.store_origin import StoreOrigin

__all__ = ["export", "import_"]

Format = Literal["folder", "parquet", "csv"]


@click.command()
@click.argument("run_ids", nargs=-1)
@click.option("--experiment-id", "-x", "experiments", multiple=True, help="All runs of this experiment; repeatable.")
@click.option("--experiment-name", "-n", "names", multiple=True, help="The same, by name.")
@click.option("--filter", "filter_string", default="", help='Only the runs that match, e.g. "metrics.loss < 0.3".')
@view
@click.option("--output", "-o", metavar="OUT", required=True, help="A new folder, or a file; - is stdout, for CSV.")
@click.option(
    "--format",
    "chosen",
    type=click.Choice(["folder", "parquet", "csv"]),
    help="folder: all there is, to be imported again (a zip when OUT ends so); parquet and csv: one table.  "
    "[default: as OUT ends]",
)
@click.option("--histories", is_flag=True, help="In a table: a row a point of a metric, instead of a row a run.")
@click.option("--artifacts/--no-artifacts", default=True, show_default=True, help="In a folder: the files of the runs.")
@as_json
def export(
    run_ids: tuple[str, ...],
    experiments: tuple[str, ...],
    names: tuple[str, ...],
    filter_string: str,
    view: str,
    output: str,
    chosen: Format | None,
    histories: bool,
    artifacts: bool,
    as_json: bool,
) -> None:
    """Write runs, their histories and files to a folder or zip, or to one table.

    A folder is complete and can be read by `mlflow runs import`. An export that was stopped goes on when it is
    repeated.

    \b
    Examples:
      mlflow runs export 0a1b… 2c3d… -o best.zip
      mlflow runs export -x 1 --filter "metrics.loss < 0.3" -o good
      mlflow runs export -x 1 --histories -o points.parquet
    """
    from mlflow.transfer.store_origin import Choice, StoreOrigin

    if not (run_ids or experiments or names or filter_string):
        raise click.UsageError("Say which runs: their ids, --experiment-id, --experiment-name or --filter.")
    if run_ids and (experiments or names or filter_string):
        raise click.UsageError("Give either run ids, or --experiment-id, --experiment-name and --filter.")
    origin = StoreOrigin(
        Choice(
            run_ids=run_ids,
            experiments=(*experiments, *names),
            filter=filter_string,
            view=ViewType.from_string(view),
        )
    )
    kind = chosen or _format_of(output)
    if kind == "folder":
        if output == "-":
            raise click.UsageError("A folder cannot be written to stdout; name one with -o, or choose --format csv.")
        written = _write_folder(origin, Path(output), artifacts=artifacts)
    else:
        written = _write_table(origin, output, kind, histories=histories)
    if as_json and output != "-":
        print_json(written | {"output": output, "format": kind})
    elif not as_json:
        what = ", ".join(f"{count} {name}" for name, count in written.items())
        click.echo(f"Wrote {what} to {output}.", err=True)


@click.command("import")
@click.argument("source")
@click.option("--run-ids", metavar="ID,ID…", help="Only these runs.")
@click.option("--experiment", "experiments", multiple=True, help="Of a store: all runs of this experiment; repeatable.")
@click.option("--filter", "filter_string", default="", help="Of a store: only the runs that match.")
@view
@click.option("--experiment-name", "-n", help="Put them into this experiment; made if there is none.")
@click.option("--artifacts/--no-artifacts", default=True, show_default=True, help="Bring the files of the runs too.")
@as_json
def import_(
    source: str,
    run_ids: str | None,
    experiments: tuple[str, ...],
    filter_string: str,
    view: str,
    experiment_name: str | None,
    artifacts: bool,
    as_json: bool,
) -> None:
    """Read exported runs, or runs of another store, into this one.

    SOURCE is a folder or zip of `mlflow runs export`, or the address of a store. Runs keep their ids and times where
    the store lets them; a published MLflow server numbers them anew. An import that was stopped goes on when it is
    repeated, and nothing is doubled.

    \b
    Examples:
      mlflow runs import best.zip --experiment-name archive
      mlflow runs import https://mlflow.example.com --experiment vision
    """
    from mlflow.transfer.copies import copy_runs
    from mlflow.transfer.run_target import RunTarget

    named = listed(run_ids)
    with ExitStack() as opened:
        origin = _origin(source, named, experiments, filter_string, ViewType.from_string(view), opened)
        target = RunTarget()
        tell = opened.enter_context(progress("Bringing in runs"))
        copied = copy_runs(origin, target, experiment_name, artifacts=artifacts, tell=tell)
    _show(copied, keeps_ids=target.keeps_ids, as_json=as_json)
    if copied.refused:
        raise SystemExit(1)


def _format_of(output: str) -> Format:
    if output == "-":
        return "csv"
    suffix = Path(output).suffix.lower().removeprefix(".")
    return cast("Format", suffix) if suffix in {"csv", "parquet"} else "folder"


def _write_folder(origin: StoreOrigin, output: Path, *, artifacts: bool) -> dict[str, int]:
    from mlflow.transfer.archives import pack
    from mlflow.transfer.run_folder import RunFolder

    packs = output.suffix.lower() == ".zip"
    if packs and output.exists():
        raise click.UsageError(f"'{output}' exists; remove it, or choose another name.")
    root = output.with_name(output.name + ".partial") if packs else output
    folder = RunFolder(root)
    written = total = 0
    with progress("Exporting runs") as tell:
        total = origin.count()
        for done, exported in enumerate(origin.runs(), 1):
            written += folder.add(exported, artifacts=artifacts)
            tell(done, total)
    if packs:
        pack(root, output)
    return {"runs": written, "runs that were there already": total - written} if written < total else {"runs": written}


def _write_table(origin: StoreOrigin, output: str, kind: Format, *, histories: bool) -> dict[str, int]:
    from mlflow.transfer.run_table import write_history_table, write_run_table

    out = sys.stdout if output == "-" else Path(output)
    table = cast("TableFormat", kind)
    with progress("Exporting runs") as tell:
        runs = _Told(origin, tell)
        if histories:
            return {"points": write_history_table(out, table, runs())}
        return {"runs": write_run_table(out, table, runs)}


class _Told:
    """The runs of an origin, each told when it is handed out."""

    def __init__(self, origin: StoreOrigin, tell: Progress) -> None:
        self._origin = origin
        self._tell = tell

    def __call__(self) -> Iterator[ExportedRun]:
        total = self._origin.count()
        for done, exported in enumerate(self._origin.runs(), 1):
            yield exported
            self._tell(done, total)


def _origin(
    source: str,
    run_ids: tuple[str, ...],
    experiments: tuple[str, ...],
    filter_string: str,
    view: int,
    opened: ExitStack,
) -> Origin:
    from mlflow.transfer.archives import unpacked
    from mlflow.transfer.run_folder import FolderOrigin
    from mlflow.transfer.store_origin import Choice, StoreOrigin

    path = Path(source)
    if "://" not in source:
        if not path.exists():
            raise click.UsageError(f"There is no file or folder '{source}'.")
        if experiments or filter_string:
            raise click.UsageError("--experiment and --filter choose from a store; of an export name --run-ids.")
        return FolderOrigin(opened.enter_context(unpacked(path)), run_ids)
    if not (run_ids or experiments or filter_string):
        raise click.UsageError("Say which runs of the store: --run-ids, --experiment or --filter.")
    return StoreOrigin(Choice(run_ids=run_ids, experiments=experiments, filter=filter_string, view=view), source)


def _show(copied: Copied, *, keeps_ids: bool, as_json: bool) -> None:
    import msgspec

    if as_json:
        print_json(msgspec.to_builtins(copied))
        return
    brought = len(copied.runs) - len(copied.already_there)
    click.echo(f"Brought in {brought} runs with {copied.files} files; {len(copied.already_there)} were there already.")
    if not keeps_ids and brought:
        click.echo(
            "This server numbers runs itself; each run's tag mlflow.offline.runId keeps the id it had.", err=True
        )
    for old, new in copied.runs.items():
        if old != new:
            click.echo(f"Run {old} has the id {new} here.")
    for run_id, reasons in copied.refused.items():
        for reason in reasons:
            click.echo(f"Run {run_id}: the store refused a part: {reason}", err=True)
