"""`mlflow experiments`: manage experiments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mlflow.cli.named import experiment_named
from mlflow.cli.options import as_json, experiment_id, view
from mlflow.cli.output import columns, print_json, time_text
from mlflow.entities import Experiment, ViewType
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["experiments"]


@click.group()
def experiments() -> None:
    """Manage experiments.

    Of the store that MLFLOW_TRACKING_URI names, else mlflow.db in this folder.
    """


@experiments.command()
@click.option("--experiment-name", "-n", required=True, help="A name that no experiment has, deleted ones included.")
@click.option("--artifact-location", "-l", help="Where its runs keep files; the store's default when omitted.")
@as_json
def create(experiment_name: str, artifact_location: str | None, as_json: bool) -> None:
    """Create an experiment.

    Example: mlflow experiments create -n "image classifiers"
    """
    created = MlflowClient().create_experiment(experiment_name, artifact_location)
    if as_json:
        print_json({"experiment_id": created, "name": experiment_name})
    else:
        click.echo(f"Created experiment '{experiment_name}' with id {created}")


@experiments.command()
@view
@click.option("--max-results", type=click.IntRange(1), help="At most this many; all when omitted.")
@click.option("--filter", "filter_string", default="", help="Only those that match, e.g. \"name LIKE 'image%'\".")
@as_json
def search(view: str, max_results: int | None, filter_string: str, as_json: bool) -> None:
    """List experiments, the newest first.

    Example: mlflow experiments search --filter "tags.team = 'vision'"
    """
    found = _pages(ViewType.from_string(view), filter_string, max_results)
    if as_json:
        print_json([_plain(experiment) for experiment in found])
        return
    rows = [(e.experiment_id, e.name, e.artifact_location) for e in found]
    columns(("Experiment Id", "Name", "Artifact Location"), rows)


@experiments.command()
@click.option("--experiment-id", "-x", help="The experiment's id.")
@click.option("--experiment-name", "-n", help="The experiment's name.")
@click.option(
    "--output", type=click.Choice(["json", "table"]), default="table", show_default=True, help="json is --json."
)
@as_json
def get(experiment_id: str | None, experiment_name: str | None, output: str, as_json: bool) -> None:
    """Show one experiment, by id or by name.

    Example: mlflow experiments get -n Default --json
    """
    if (experiment_id is None) == (experiment_name is None):
        raise click.UsageError("Give either --experiment-id or --experiment-name.")
    experiment = (
        experiment_named(experiment_name) if experiment_name else MlflowClient().get_experiment(str(experiment_id))
    )
    if as_json or output == "json":
        print_json(_plain(experiment))
        return
    facts = {
        "Experiment ID": experiment.experiment_id,
        "Name": experiment.name,
        "Artifact Location": experiment.artifact_location,
        "Lifecycle Stage": experiment.lifecycle_stage,
        "Creation Time": time_text(experiment.creation_time),
        "Last Update Time": time_text(experiment.last_update_time),
        "Tags": ", ".join(f"{key}={value}" for key, value in experiment.tags.items()),
    }
    for name, value in facts.items():
        click.echo(f"{name:<19}: {value}".rstrip())


@experiments.command()
@experiment_id
def delete(experiment_id: str) -> None:
    """Move an experiment and its runs to the trash; `mlflow gc` empties it.

    Example: mlflow experiments delete -x 1
    """
    MlflowClient().delete_experiment(experiment_id)
    click.echo(f"Experiment with ID {experiment_id} has been deleted.")


@experiments.command()
@experiment_id
def restore(experiment_id: str) -> None:
    """Take an experiment and all its runs out of the trash.

    Example: mlflow experiments restore -x 1
    """
    MlflowClient().restore_experiment(experiment_id)
    click.echo(f"Experiment with id {experiment_id} has been restored.")


@experiments.command()
@experiment_id
@click.option("--new-name", required=True, help="A name that no experiment has.")
def rename(experiment_id: str, new_name: str) -> None:
    """Give an active experiment another name.

    Example: mlflow experiments rename -x 1 --new-name "image classifiers, 2024"
    """
    MlflowClient().rename_experiment(experiment_id, new_name)
    click.echo(f"Experiment with id {experiment_id} has been renamed to {new_name}.")


@experiments.command()
@experiment_id
@click.option(
    "--filename",
    "-o",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write.  [default: stdout]",
)
@click.option("--filter", "filter_string", default="", help="Only the runs that match.")
def csv(experiment_id: str, filename: Path | None, filter_string: str) -> None:
    """Write an experiment's runs as CSV: a row a run, a column a metric, param and tag.

    Example: mlflow experiments csv -x 1 -o runs.csv
    """
    from mlflow.tracking.fluent import search_runs

    frame = cast("pd.DataFrame", search_runs([experiment_id], filter_string))
    text = frame.to_csv(index=False)
    if filename is None:
        click.echo(text, nl=False)
        return
    filename.write_text(text, encoding="utf-8")
    click.echo(f"Experiment with ID {experiment_id} has been exported as a CSV to file: {filename}.", err=True)


def _pages(view_type: int, filter_string: str, limit: int | None) -> list[Experiment]:
    client, found, token = MlflowClient(), list[Experiment](), None
    while token != "" and (limit is None or len(found) < limit):
        size = min(1000, limit - len(found)) if limit else 1000
        page = client.search_experiments(view_type, size, filter_string, page_token=token)
        found += page
        token = page.token or ""
    return found


def _plain(experiment: Experiment) -> dict[str, object]:
    return dict(experiment)
