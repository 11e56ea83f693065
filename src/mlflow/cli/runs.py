"""`mlflow runs`: manage, compare, export and import runs."""

from __future__ import annotations

import json

import click
from click.core import ParameterSource

from mlflow.cli.lazy import Lazy, LazyGroup
from mlflow.cli.named import experiment_named
from mlflow.cli.options import as_json, view
from mlflow.cli.output import columns, print_json, time_text
from mlflow.entities import Run, ViewType
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NOTE

__all__ = ["runs"]

_PAGE = 1000
_TRANSFERS = {
    "compare": Lazy("mlflow.cli.compare:compare", "Show what differs between runs, and what it did."),
    "export": Lazy("mlflow.cli.transfer:export", "Write runs, their histories and files to a folder or file."),
    "import": Lazy("mlflow.cli.transfer:import_", "Read exported runs, or runs of another store, into this one."),
}

_run = click.option("--run-id", required=True, help="The run's id.")


@click.group(cls=LazyGroup, commands_by_name=_TRANSFERS)
def runs() -> None:
    """Manage, compare, export and import runs.

    Of the store that MLFLOW_TRACKING_URI names, else mlflow.db in this folder.
    """


@runs.command("list", help="List an experiment's runs, the latest started first.\n\nExample: mlflow runs list -x 1")
@click.option("--experiment-id", "-x", envvar="MLFLOW_EXPERIMENT_ID", help="The experiment's id.")
@click.option("--experiment-name", "-n", help="The same, by name.")
@view
@click.option("--filter", "filter_string", default="", help='Only the runs that match, e.g. "metrics.loss < 0.3".')
@click.option("--order-by", multiple=True, help='E.g. "min(metrics.loss)"; may be given more than once.')
@click.option("--max-results", type=click.IntRange(1), help="At most this many; all when omitted.")
@as_json
@click.pass_context
def list_runs(
    context: click.Context,
    experiment_id: str | None,
    experiment_name: str | None,
    view: str,
    filter_string: str,
    order_by: tuple[str, ...],
    max_results: int | None,
    as_json: bool,
) -> None:
    """List an experiment's runs."""
    if experiment_name is not None:
        if context.get_parameter_source("experiment_id") is ParameterSource.COMMANDLINE:
            raise click.UsageError("Give either --experiment-id or --experiment-name.")
        experiment_id = experiment_named(experiment_name).experiment_id
    if experiment_id is None:
        raise click.UsageError("Missing option '--experiment-id' / '-x', or '--experiment-name' / '-n'.")
    found = _pages(experiment_id, ViewType.from_string(view), filter_string, list(order_by), max_results)
    if as_json:
        print_json([run.to_dictionary() for run in found])
        return
    stale = _stale([run.info.run_id for run in found if run.info.status == "RUNNING"])
    rows = [(time_text(r.info.start_time), r.info.run_name or "", r.info.run_id, _status(r, stale)) for r in found]
    columns(("Date", "Name", "ID", "Status"), rows)


@runs.command()
@_run
def describe(run_id: str) -> None:
    """Print everything about one run but its histories, as JSON.

    Example: mlflow runs describe --run-id 0a1b…
    """
    click.echo(json.dumps(MlflowClient().get_run(run_id).to_dictionary(), indent=4))


@runs.command()
@click.option("--experiment-id", envvar="MLFLOW_EXPERIMENT_ID", help="The experiment's id.")
@click.option(
    "--experiment-name", envvar="MLFLOW_EXPERIMENT_NAME", help="The experiment's name; made if there is none."
)
@click.option("--run-name", help="A name for people; made up when omitted.")
@click.option("--description", help="Markdown shown with the run.")
@click.option("--tags", "-t", multiple=True, metavar="KEY=VALUE", help="May be given more than once.")
@click.option(
    "--status", type=click.Choice(["FINISHED", "FAILED", "KILLED"], case_sensitive=False), default="FINISHED",
    show_default=True, help="How the run ended.",
)  # fmt: skip
@click.option("--parent-run-id", help="Nest it in this run.")
def create(
    experiment_id: str | None,
    experiment_name: str | None,
    run_name: str | None,
    description: str | None,
    tags: tuple[str, ...],
    status: str,
    parent_run_id: str | None,
) -> None:
    """Create a run that has ended, to log to by hand or to hold what another tool made.

    Example: mlflow runs create --experiment-name sweep --run-name baseline -t team=vision
    """
    client = MlflowClient()
    given = dict(_pair(tag) for tag in tags)
    extra = {MLFLOW_RUN_NOTE: description, MLFLOW_PARENT_RUN_ID: parent_run_id}
    given |= {key: value for key, value in extra.items() if value}
    run = client.create_run(_experiment(client, experiment_id, experiment_name), tags=given, run_name=run_name)
    client.set_terminated(run.info.run_id, status.upper())
    made = {
        "run_id": run.info.run_id,
        "experiment_id": run.info.experiment_id,
        "status": status.upper(),
        "run_name": run.info.run_name,
    }
    click.echo(json.dumps(made, indent=2))


@runs.command()
@_run
def delete(run_id: str) -> None:
    """Move a run to the trash; `mlflow gc` empties it.

    Example: mlflow runs delete --run-id 0a1b…
    """
    MlflowClient().delete_run(run_id)
    click.echo(f"Run with ID {run_id} has been deleted.")


@runs.command()
@_run
def restore(run_id: str) -> None:
    """Take a run out of the trash.

    Example: mlflow runs restore --run-id 0a1b…
    """
    MlflowClient().restore_run(run_id)
    click.echo(f"Run with id {run_id} has been restored.")


def _pages(experiment_id: str, view_type: int, text: str, order_by: list[str], limit: int | None) -> list[Run]:
    client, found, token = MlflowClient(), list[Run](), None
    while token != "" and (limit is None or len(found) < limit):
        size = min(_PAGE, limit - len(found)) if limit else _PAGE
        page = client.search_runs([experiment_id], text, view_type, size, order_by, token)
        found += page
        token = page.token or ""
    return found


def _stale(run_ids: list[str]) -> set[str]:
    """The runs whose process has not been heard of for too long."""
    from mlflow.contract.caller import EVERYONE
    from mlflow.tracking.backend import tracking_backend

    backend = tracking_backend() if run_ids else None
    if backend is None or not backend.extensions:
        return set()
    found: set[str] = set()
    for start in range(0, len(run_ids), _PAGE):
        some = backend.store.runs.get_liveness(EVERYONE, run_ids[start : start + _PAGE])
        found.update(run.run_id for run in some if run.stale)
    return found


def _status(run: Run, stale: set[str]) -> str:
    return f"{run.info.status} (stale)" if run.info.run_id in stale else run.info.status


def _pair(tag: str) -> tuple[str, str]:
    key, equals, value = tag.partition("=")
    if not equals or not key:
        raise InvalidParameterValue(f"'{tag}' is no tag; write it as key=value.")
    return key, value


def _experiment(client: MlflowClient, experiment_id: str | None, name: str | None) -> str:
    if (experiment_id is None) == (name is None):
        raise click.UsageError("Give either --experiment-id or --experiment-name.")
    if name is None:
        return client.get_experiment(str(experiment_id)).experiment_id
    found = client.get_experiment_by_name(name)
    if found is None:
        return client.create_experiment(name)
    if found.lifecycle_stage != "active":
        raise ResourceDoesNotExist(f"Experiment '{name}' is in the trash; restore it, or choose another name.")
    return found.experiment_id
