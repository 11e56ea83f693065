"""`mlflow gc`: delete for good what is in the trash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from mlflow.cli.options import as_json, listed
from mlflow.cli.output import print_json, progress
from mlflow.exceptions import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow.sql.garbage import Collected, Due

__all__ = ["gc"]

_AGE = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_SECONDS = (86400, 3600, 60, 1)
_SHOWN = 3  # names of what stays; --json has all


@click.command()
@click.option("--older-than", metavar="AGE", help="Only what was put there so long ago, e.g. 30d, 1d2h3m4s.")
@click.option(
    "--backend-store-uri", metavar="URI", help="The database.  [default: the tracking URI, mlflow.db in this folder]"
)
@click.option(
    "--artifacts-destination",
    envvar="MLFLOW_ARTIFACTS_DESTINATION",
    metavar="URI",
    help="Where the server keeps the files that it serves, to delete those of mlflow-artifacts: places.",
)
@click.option("--run-ids", metavar="ID,ID…", help="Only these runs.")
@click.option("--experiment-ids", metavar="ID,ID…", help="Only these experiments, with all in them.")
@click.option("--logged-model-ids", metavar="ID,ID…", help="Only these logged models.")
@click.option("--jobs", is_flag=True, hidden=True)
@click.option("--job-ids", hidden=True)
@click.option("--tracking-uri", metavar="URI", help="The server to delete files of mlflow-artifacts: places through.")
@click.option("--workspace", envvar="MLFLOW_WORKSPACE", hidden=True)
@click.option("--all-workspaces", is_flag=True, hidden=True)
@click.option("--dry-run", is_flag=True, help="Say what would be deleted; delete nothing.")
@as_json
def gc(
    older_than: str | None,
    backend_store_uri: str | None,
    artifacts_destination: str | None,
    run_ids: str | None,
    experiment_ids: str | None,
    logged_model_ids: str | None,
    jobs: bool,
    job_ids: str | None,
    tracking_uri: str | None,
    workspace: str | None,
    all_workspaces: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Delete for good what is in the trash: runs with all they logged and their files, and experiments.

    A run whose files cannot be deleted stays for the next time. The names of deleted experiments become free.

    \b
    Examples:
      mlflow gc --older-than 30d --dry-run
      mlflow gc --backend-store-uri sqlite:///mlflow.db --artifacts-destination ./mlartifacts
    """
    _refuse_later_parts(job_ids, workspace, jobs=jobs)
    from mlflow.transfer.trash import Trash

    chosen = listed(run_ids), listed(experiment_ids), listed(logged_model_ids)
    trash = Trash(_database(backend_store_uri), _age(older_than), *chosen)
    try:
        if dry_run:
            _show_due(trash.due(), as_json=as_json)
            return
        with progress("Deleting runs") as tell:
            collected = trash.empty(artifacts_destination, tracking_uri, tell)
    finally:
        trash.close()
    _show(collected, as_json=as_json)
    if collected.left or collected.models_left:
        raise SystemExit(1)


def _database(named: str | None) -> str:
    from mlflow.stores import is_database
    from mlflow.tracking.uris import get_tracking_uri, normalized

    uri = normalized(named) if named else get_tracking_uri()
    if not is_database(uri):
        raise InvalidParameterValue(
            f"'{uri}' is no database. Name the one behind the server with --backend-store-uri, and the server itself "
            "with --tracking-uri."
        )
    return uri


def _age(text: str | None) -> int:
    """A duration in milliseconds."""
    match = _AGE.fullmatch(text or "0s")
    if match is None or not any(match.groups()):
        raise click.BadParameter(f"'{text}' is no age; write it like 30d or 1d2h3m4s.", param_hint="--older-than")
    parts = zip(match.groups(), _SECONDS, strict=True)
    return sum(int(number or 0) * seconds for number, seconds in parts) * 1000


def _refuse_later_parts(job_ids: str | None, workspace: str | None, *, jobs: bool) -> None:
    if workspace not in {None, "", "default"}:
        raise InvalidParameterValue(f"This version has no workspaces, so there is no trash of '{workspace}'.")
    if jobs or job_ids:
        click.echo("This version keeps no jobs; there are none to delete.", err=True)


def _show_due(due: Due, *, as_json: bool) -> None:
    if as_json:
        print_json({"run_ids": due.run_ids, "experiment_ids": due.experiment_ids, "model_ids": due.model_ids})
        return
    for run_id in due.run_ids:
        click.echo(f"run {run_id}")
    for model_id in due.model_ids:
        click.echo(f"logged model {model_id}")
    for experiment_id in due.experiment_ids:
        click.echo(f"experiment {experiment_id}")
    counts = f"{len(due.run_ids)} runs, {len(due.model_ids)} logged models and {len(due.experiment_ids)} experiments"
    click.echo(f"{counts} would be deleted.", err=True)


def _show(collected: Collected, *, as_json: bool) -> None:
    if as_json:
        left = {run.run_id: run.reason for run in collected.left} | collected.models_left
        counts = {"runs": collected.runs, "models": collected.models, "experiment_ids": collected.experiments}
        print_json({**counts, "left": left})
        return
    models = f", {collected.models} logged models" if collected.models else ""
    click.echo(f"Deleted {collected.runs} runs{models} and {len(collected.experiments)} experiments.")
    _show_left("logged model", collected.models_left)
    _show_left("run", {run.run_id: run.reason for run in collected.left})


def _show_left(noun: str, left: Mapping[str, str]) -> None:
    """Say what stays: once for each cause, as thousands of runs may have the same one."""
    causes: dict[str, list[str]] = {}
    for name, reason in left.items():
        causes.setdefault(reason.replace(name, "<id>"), []).append(name)
    for cause, names in causes.items():
        if len(names) == 1:
            click.echo(
                f"{noun.capitalize()} {names[0]} stays, for its files cannot be deleted: {left[names[0]]}", err=True
            )
        else:
            some = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
            click.echo(f"{len(names)} {noun}s stay ({some}), for their files cannot be deleted: {cause}", err=True)
