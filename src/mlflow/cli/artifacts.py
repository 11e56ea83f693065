"""`mlflow artifacts`: the files of runs."""

from __future__ import annotations

from pathlib import Path

import click

from mlflow.cli.options import run_id
from mlflow.cli.output import print_json
from mlflow.tracking.client import MlflowClient

__all__ = ["artifacts"]

_below = click.option("--artifact-path", "-a", help="Below this path of the run's artifacts.")


@click.group()
def artifacts() -> None:
    """List, upload and download the files of runs.

    Of the store that MLFLOW_TRACKING_URI names, else mlflow.db in this folder.
    """


@artifacts.command("log-artifact")
@click.option("--local-file", "-l", required=True, type=click.Path(exists=True, dir_okay=False), help="The file.")
@run_id
@_below
def log_artifact(local_file: str, run_id: str, artifact_path: str | None) -> None:
    """Upload a file.

    Example: mlflow artifacts log-artifact -l model.bin -r 0a1b… -a models
    """
    MlflowClient().log_artifact(run_id, local_file, artifact_path)
    click.echo(f"Logged artifact from local file {local_file} to artifact_path={artifact_path}")


@artifacts.command("log-artifacts")
@click.option("--local-dir", "-l", required=True, type=click.Path(exists=True, file_okay=False), help="The folder.")
@run_id
@_below
def log_artifacts(local_dir: str, run_id: str, artifact_path: str | None) -> None:
    """Upload all files of a folder.

    Example: mlflow artifacts log-artifacts -l ./plots -r 0a1b… -a plots
    """
    MlflowClient().log_artifacts(run_id, local_dir, artifact_path)
    click.echo(f"Logged artifact from local dir {local_dir} to artifact_path={artifact_path}")


@artifacts.command("list")
@run_id
@_below
def list_artifacts(run_id: str, artifact_path: str | None) -> None:
    """Print what a folder of a run holds, as JSON.

    Example: mlflow artifacts list -r 0a1b… -a plots
    """
    print_json([dict(info) for info in MlflowClient().list_artifacts(run_id, artifact_path)])


@artifacts.command()
@click.option("--run-id", "-r", help="The run's id.")
@_below
@click.option("--artifact-uri", "-u", help="A whole URI instead: runs:/<id>/path, s3://…, a local path.")
@click.option(
    "--dst-path",
    "-d",
    type=click.Path(file_okay=False, path_type=Path),
    help="Into this folder.  [default: a new one among temporary files]",
)
def download(run_id: str | None, artifact_path: str | None, artifact_uri: str | None, dst_path: Path | None) -> None:
    """Download a file or folder and print where it is.

    Example: mlflow artifacts download -u runs:/0a1b…/plots -d out
    """
    from mlflow.artifacts import download_artifacts

    if (run_id is None) == (artifact_uri is None):
        raise click.UsageError("Give either --run-id (with --artifact-path) or --artifact-uri.")
    if dst_path is not None:
        dst_path.mkdir(parents=True, exist_ok=True)
    destination = None if dst_path is None else str(dst_path)
    click.echo(
        download_artifacts(
            artifact_uri=artifact_uri,
            run_id=run_id,
            artifact_path=artifact_path if run_id else None,
            dst_path=destination,
        )
    )
