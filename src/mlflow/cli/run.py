"""`mlflow run`: an entry point of a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

__all__ = ["run"]


@click.command()
@click.argument("uri")
@click.option("--entry-point", "-e", metavar="NAME", default="main", show_default=True, help="What to run.")
@click.option("--version", "-v", metavar="VERSION", help="A branch, tag or commit of the repository.")
@click.option("--param-list", "-P", metavar="NAME=VALUE", multiple=True, help="A parameter; repeatable.")
@click.option(
    "--docker-args", "-A", metavar="NAME=VALUE", multiple=True, help="An option of `docker run`, or a flag; repeatable."
)
@click.option("--experiment-name", envvar="MLFLOW_EXPERIMENT_NAME", help="The experiment; made where there is none.")
@click.option("--experiment-id", envvar="MLFLOW_EXPERIMENT_ID", type=click.STRING, help="The experiment, by its id.")
@click.option(
    "--backend",
    "-b",
    metavar="NAME",
    default="local",
    show_default=True,
    help="local, kubernetes, spark or another's.",
)
@click.option("--backend-config", "-c", metavar="FILE", help="JSON for the backend, or a file that holds it.")
@click.option(
    "--env-manager", metavar="NAME", help="local, virtualenv, uv or conda. The project says it unless this is given."
)
@click.option(
    "--storage-dir",
    envvar="MLFLOW_TMP_DIR",
    help="Where remote files of parameters of type path are downloaded to; their address is passed on without it.",
)
@click.option("--run-id", metavar="RUN_ID", help="An existing run to use, instead of a new one.")
@click.option("--run-name", metavar="NAME", help="The name of the run.")
@click.option("--build-image", is_flag=True, default=False, help="Build an image with the project's files in it.")
@click.option("--no-wait", is_flag=True, help="Print the run's id and return; the command goes on.")
def run(
    uri: str,
    entry_point: str,
    version: str | None,
    param_list: tuple[str, ...],
    docker_args: tuple[str, ...],
    experiment_name: str | None,
    experiment_id: str | None,
    backend: str,
    backend_config: str | None,
    env_manager: str | None,
    storage_dir: str | None,
    run_id: str | None,
    run_name: str | None,
    build_image: bool,
    no_wait: bool,
) -> None:
    """Run an entry point of the project at URI: a folder, a git address or a zip; #sub/folder chooses a part of it.

    Exit code 0: the command succeeded; 1: it failed, or could not be run; 2: an option is wrong.

    \b
    Examples:
      mlflow run . -P alpha=0.5
      mlflow run https://example.com/team/project.git#training -v main -e train -P epochs=10
    """
    from mlflow.projects import settings
    from mlflow.projects.launch import run as run_project

    if experiment_name is not None and experiment_id is not None:
        raise click.UsageError("Specify only one of 'experiment-name' or 'experiment-id' options.")
    config: Any = backend_config
    if no_wait:
        config = _with_detached(backend_config, settings.DETACHED)
    submitted = run_project(
        uri,
        entry_point,
        version,
        parameters=_pairs(param_list, "-P", "parameter", flags=False),
        docker_args=_pairs(docker_args, "-A", "docker argument", flags=True),
        experiment_name=experiment_name,
        experiment_id=experiment_id,
        backend=backend,
        backend_config=config,
        storage_dir=storage_dir,
        synchronous=not no_wait,
        run_id=run_id,
        run_name=run_name,
        env_manager=env_manager,
        build_image=build_image,
    )
    if no_wait:
        click.echo(submitted.run_id)


def _with_detached(given: str | None, key: str) -> dict[str, Any]:
    from mlflow.projects.launch import read_config

    return {**read_config(given), key: True}


def _pairs(given: Sequence[str], option: str, what: str, *, flags: bool) -> dict[str, Any]:
    """`NAME=VALUE` words as a mapping; a name alone is True where flags are allowed."""
    found: dict[str, Any] = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not name or not (sign or flags):
            raise click.UsageError(f"Invalid format for {option} parameter: '{word}'. Use {option} name=value.")
        if name in found:
            raise click.UsageError(f"Repeated {what}: '{name}'")
        found[name] = value if sign else True
    return found
