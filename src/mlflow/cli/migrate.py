"""`mlflow migrate`: read what MLflow wrote into a database of this version."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import print_json, progress

if TYPE_CHECKING:
    from mlflow.transfer.migration import Artifacts, Migration
    from mlflow.transfer.progress import Progress

__all__ = ["migrate", "migrate_filestore"]


@click.command()
@click.argument("source", required=False)
@click.option(
    "--target",
    metavar="URI",
    help="The database to read into; made if there is none.  [default: a SQLite file is replaced and kept under "
    "another name; for a folder, mlflow.db beside it]",
)
@click.option(
    "--artifacts",
    type=click.Choice(["reference", "copy"]),
    default="reference",
    show_default=True,
    help="Leave files where they are and name that place, or copy them.",
)
@click.option(
    "--default-artifact-root", metavar="URI", help="Copy files to below this place.  [default: mlruns in this folder]"
)
@as_json
def migrate(
    source: str | None, target: str | None, artifacts: Artifacts, default_artifact_root: str | None, as_json: bool
) -> None:
    """Read an mlruns folder or a database that MLflow made into a database of this version.

    SOURCE is a folder, a SQLite file or the address of a database; mlflow.db or mlruns in this folder when omitted. It
    is never changed. A migration that was stopped goes on when it is repeated, and one that is repeated brings what is
    new.

    \b
    Examples:
      mlflow migrate mlflow.db
      mlflow migrate ./mlruns --artifacts copy
      mlflow migrate postgresql://user@db/mlflow --target postgresql://user@db/mlflow_new
    """
    named = source or _found_here()
    with progress("Reading runs") as tell:
        done, where = _migrate(named, target, artifacts, default_artifact_root, tell)
    _show(done, where, as_json=as_json)


@click.command("migrate-filestore")
@click.option(
    "--source", required=True, type=click.Path(exists=True, file_okay=False), help="The folder of the file store."
)
@click.option("--target", required=True, metavar="URI", help="The database to read into; made if there is none.")
@click.option("--progress/--no-progress", "shown", default=True, show_default=True, help="Show how far it is.")
def migrate_filestore(source: str, target: str, shown: bool) -> None:
    """Read an mlruns folder into a database; `mlflow migrate` does this and more.

    Example: mlflow migrate-filestore --source ./mlruns --target sqlite:///mlflow.db
    """
    from mlflow.transfer.progress import silent

    with progress("Reading runs") if shown else nullcontext(silent) as tell:
        done, where = _migrate(source, target, "reference", None, tell)
    _show(done, where, as_json=False)


def _found_here() -> str:
    for name in ("mlflow.db", "mlruns"):
        if Path(name).exists():
            return name
    raise click.UsageError("Name what to read: there is neither mlflow.db nor mlruns in this folder.")


def _migrate(
    named: str, target: str | None, artifacts: Artifacts, artifact_root: str | None, tell: Progress
) -> tuple[Migration, dict[str, str]]:
    from mlflow.transfer.sources import local_path

    path = local_path(named)
    if target is None and path is not None and path.is_file():
        return _replaced(path, artifacts, artifact_root or str(path.parent / "mlruns"), tell)
    if target is None and path is None:
        raise click.UsageError("Name the database to read into with --target; that of a server is not replaced.")
    return _read_into(named, target or f"sqlite:///{_beside(path)}", artifacts, artifact_root, tell)


def _beside(path: Path | None) -> Path:
    assert path is not None
    return path.parent / "mlflow.db"


def _replaced(path: Path, artifacts: Artifacts, root: str, tell: Progress) -> tuple[Migration, dict[str, str]]:
    from mlflow.transfer.replacement import replace_database

    done, kept = replace_database(path, root, artifacts, tell)
    return done, {"target": f"sqlite:///{path}", "kept": str(kept)}


def _read_into(
    named: str, target: str, artifacts: Artifacts, artifact_root: str | None, tell: Progress
) -> tuple[Migration, dict[str, str]]:
    from mlflow.sql.store import open_store
    from mlflow.stores import default_artifact_root
    from mlflow.tracking.uris import normalized
    from mlflow.transfer.migration import migrate as read
    from mlflow.transfer.sources import open_source

    uri = normalized(target)
    root = artifact_root or default_artifact_root(uri)
    source = open_source(named)
    try:
        store = open_store(uri, root)
        try:
            return read(source, store.database, root, artifacts, tell), {"target": target}
        finally:
            store.close()
    finally:
        source.close()


def _show(done: Migration, where: dict[str, str], *, as_json: bool) -> None:
    import msgspec

    if as_json:
        print_json(msgspec.to_builtins(done) | where)
        return
    click.echo(
        f"Read {done.read} runs of {done.experiments} experiments with {done.points} points into {where['target']}."
    )
    if done.logged_models:
        click.echo(f"Read {done.logged_models} logged models.")
    if done.models:
        click.echo(f"Read {done.versions} versions of {done.models} registered models.")
    if "kept" in where:
        click.echo(f"The old database is kept unchanged as {where['kept']}.")
    if done.already_there:
        click.echo(f"{done.already_there} runs were there already.")
    for old, new in done.new_experiment_ids.items():
        click.echo(f"Experiment {old} has the id {new} now.")
    for kind, count in done.left_out.items():
        click.echo(f"Not read: {count} {kind}.")
    for run_id in done.differing:
        click.echo(f"Run {run_id} has more in the source by now; delete it in the target and repeat to read it anew.")
    for run_id, reason in done.files_left.items():
        click.echo(f"The files of run {run_id} were not copied: {reason}")
