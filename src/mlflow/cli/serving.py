"""`mlflow models serve` and `predict`: models that answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["pair", "predict", "serve"]

F = TypeVar("F", bound=Callable[..., Any])
_MANAGERS = ["local", "virtualenv", "uv", "conda"]


def _model(command: F) -> F:
    """The options of every command that calls a model."""
    for option in (
        click.option(
            "--model-uri", "-m", metavar="URI", required=True, help="A folder, or a models:, runs:, s3: … URI."
        ),
        click.option(
            "--env-manager",
            type=click.Choice(_MANAGERS),
            default="virtualenv",
            show_default=True,
            help="What builds the environment that the model asks for; local runs it in this one.",
        ),
        click.option("--install-mlflow", is_flag=True, hidden=True),  # what runs here is inside in any case
    ):
        command = option(command)
    return command


@click.command()
@_model
@click.option(
    "--host", "-h", envvar="MLFLOW_HOST", default="127.0.0.1", show_default=True, help="Address to listen on."
)
@click.option("--port", "-p", envvar="MLFLOW_PORT", default=5000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers",
    "-w",
    envvar="MLFLOW_MODELS_WORKERS",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes; each loads the model.",
)
@click.option(
    "--timeout",
    "-t",
    envvar="MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help="Seconds a request may take.",
)
@click.option("--no-conda", is_flag=True, help="The same as --env-manager local.")
def serve(
    model_uri: str,
    env_manager: str,
    install_mlflow: bool,
    host: str,
    port: int,
    workers: int,
    timeout: int,
    no_conda: bool,
) -> None:
    """Answer requests with a model, over HTTP.

    POST /invocations takes MLflow's JSON, CSV, Parquet and Arrow streams; /ping, /health, /version, /metrics and
    /openapi.json tell about the server. MLFLOW_SCORING_SERVER_TOKEN sets a token that callers must send.

    \b
    Examples:
      mlflow models serve -m models:/churn/1 --env-manager local
      mlflow models serve -m models:/churn@champion -p 8080 --workers 4 --env-manager uv
    """
    if not no_conda and env_manager != "local":
        options = ["-h", host, "-p", str(port), "-w", str(workers), "-t", str(timeout)]
        _go_on("serve", model_uri, env_manager, options)
    from mlflow.serving.run import serve as serve_model
    from mlflow.serving.settings import ServingSettings

    serve_model(ServingSettings.from_environment(model_uri, timeout, workers), host, port, workers)


@click.command()
@_model
@click.option("--input-path", "-i", metavar="PATH", help="A file, or a folder of files.  [default: stdin]")
@click.option(
    "--output-path",
    "-o",
    metavar="FILE",
    help="Where predictions go: .json, .jsonl, .csv or .parquet.  [default: stdout, as JSON]",
)
@click.option(
    "--content-type",
    "-t",
    type=click.Choice(["json", "jsonl", "csv", "parquet"]),
    help="What the input is.  [default: by its name, else json]",
)
@click.option(
    "--batch-rows", type=click.IntRange(1), default=10_000, show_default=True, help="Rows that are in memory at a time."
)
@click.option(
    "--pip-requirements-override",
    "-r",
    metavar="LINES",
    help="Requirements, separated by commas, in place of the model's own for the same packages.",
)
@click.option("--env", metavar="NAME=VALUE", multiple=True, help="A variable for the model's process; repeatable.")
def predict(
    model_uri: str,
    env_manager: str,
    install_mlflow: bool,
    input_path: str | None,
    output_path: str | None,
    content_type: str | None,
    batch_rows: int,
    pip_requirements_override: str | None,
    env: tuple[str, ...],
) -> None:
    """Write a model's predictions for a file or folder; files larger than memory are read in pieces.

    JSON is one scoring request, as `mlflow models serve` takes it; JSON Lines, CSV and Parquet are rows.

    \b
    Examples:
      mlflow models predict -m models:/churn/1 -i rows.csv -o churn.parquet --env-manager local
      mlflow models predict -m ./model -t json < request.json
    """
    variables = dict(map(pair, env))
    requirements = [line.strip() for line in (pip_requirements_override or "").split(",") if line.strip()]
    if env_manager != "local":
        options = ["--batch-rows", str(batch_rows)]
        for name, value in (("-i", input_path), ("-o", output_path), ("-t", content_type)):
            options += [name, value] if value is not None else []
        _go_on("predict", model_uri, env_manager, options, requirements, variables)
    if requirements:
        raise click.UsageError("--pip-requirements-override changes an environment that is built; not with local.")
    import os
    from pathlib import Path

    os.environ.update(variables)
    from mlflow.cli.output import progress
    from mlflow.serving.batch.predictions import predict_files
    from mlflow.serving.scorer import Scorer

    scorer = Scorer.load(model_uri)
    source, target = (Path(path) if path is not None else None for path in (input_path, output_path))
    with progress("Predicting", "rows") as tell:
        predict_files(scorer, source, target, content_type, batch_rows, tell)


def _go_on(
    command: str,
    model_uri: str,
    env_manager: str,
    options: list[str],
    requirements: list[str] | None = None,
    variables: dict[str, str] | None = None,
) -> None:
    """Run the same command in the model's own environment, in place of this process."""
    from mlflow.serving.environment import activate, go_on_inside

    activation = activate(model_uri, env_manager, requirements or ())
    go_on_inside(activation, ["models", command, "-m", model_uri, "--env-manager", "local", *options], variables or {})


def pair(text: str) -> tuple[str, str]:
    """A variable and its value, from NAME=VALUE."""
    name, found, value = text.partition("=")
    if not found or not name:
        raise click.BadParameter(f"'{text}' is not NAME=VALUE.", param_hint="--env")
    return name, value
