"""`mlflow models serve` and `predict`: models that answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mlflow.cli.monitoring import monitoring_options, settings_of
from mlflow.cli.options import listed, listening

__all__ = ["pair", "predict", "serve"]

F = TypeVar("F", bound=Callable[..., Any])
_MANAGERS = ["local", "virtualenv", "uv", "conda"]


def _environment(command: F) -> F:
    """The options of every command that calls a model."""
    for option in (
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
@click.option("--model-uri", "-m", metavar="URI", help="A folder, or a models:, runs:, s3: … URI.")
@_environment
@listening
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
@click.option(
    "--route",
    "routes",
    metavar="NAME=URI[:WEIGHT|:shadow]",
    multiple=True,
    help="One of several models, and its share of the requests; repeatable, in place of --model-uri.",
)
@click.option("--route-file", type=click.Path(), metavar="FILE", help="The routes as YAML or JSON.")
@click.option("--sticky-header", metavar="NAME", help="The header whose value stays with its model.")
@click.option("--sticky-key", metavar="NAME", help="The parameter, key or column of the body that does.")
@click.option("--ramp", metavar="NAME=PERCENT,…:TIME", help="Steps by which the share of a route grows.")
@click.option(
    "--max-batch-size",
    type=click.IntRange(1),
    default=64,
    show_default=True,
    help="Requests that one call of a model may answer, if it answers row by row; 1 for one at a time.",
)
@click.option(
    "--batch-latency-ms",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    metavar="MS",
    help="How much longer a request may take for being answered with others.",
)
@click.option(
    "--reload-interval",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How often to look where an alias, a stage or latest leads; 0 to stay with the version at the start.",
)
@click.option("--reward-metric", metavar="NAME[:rate|:mean]", help="What POST /rewards tells: an A/B test of routes.")
@click.option("--reward-window", metavar="TIME", help="After so long, an answer without a reward counts as one of 0.")
@click.option(
    "--guardrail",
    "guardrails",
    metavar="LIMIT",
    multiple=True,
    help="What rolls a route back at once when broken: error_rate<0.02, latency_p95<200ms; repeatable.",
)
@click.option(
    "--rule", metavar="WORDS", help="What follows from rewards: promote, rollback, ramp=10/25/50, every=N, limit=N."
)
@click.option(
    "--alpha",
    type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="How often a difference may be found where there is none.",
)
@click.option(
    "--state-dir",
    type=click.Path(),
    metavar="FOLDER",
    help="Where weights, ramps and counts are kept.  [default: a folder of this user for each port]",
)
@monitoring_options
def serve(
    model_uri: str | None,
    env_manager: str,
    install_mlflow: bool,
    host: str,
    port: int,
    workers: int,
    timeout: int,
    no_conda: bool,
    routes: tuple[str, ...],
    route_file: str | None,
    sticky_header: str | None,
    sticky_key: str | None,
    ramp: str | None,
    max_batch_size: int,
    batch_latency_ms: float,
    reload_interval: float,
    reward_metric: str | None,
    reward_window: str | None,
    guardrails: tuple[str, ...],
    rule: str | None,
    alpha: float,
    state_dir: str | None,
    **monitoring: Any,
) -> None:
    """Answer requests with a model, or with several, over HTTP.

    POST /invocations takes MLflow's JSON, CSV, Parquet and Arrow streams; /ping, /health, /version, /metrics and
    /openapi.json tell about the server. MLFLOW_SCORING_SERVER_TOKEN sets a token that callers must send.

    \b
    Examples:
      mlflow models serve -m models:/churn/1 --env-manager local
      mlflow models serve -m models:/churn@champion -p 8080 --workers 4 --env-manager uv
      mlflow models serve --route old=models:/churn@champion:90 --route new=models:/churn@challenger:10
      mlflow models serve --route old=models:/churn@champion --route new=models:/churn@challenger \\
        --reward-metric conversion --guardrail "error_rate<0.01" --rule promote,rollback
    """
    from pathlib import Path

    from mlflow.serving.ab.plan import collect_plan
    from mlflow.serving.traffic.routes import collect_routes

    file = Path(route_file) if route_file is not None else None
    wanted = collect_routes(model_uri, routes, file, sticky_header, sticky_key, ramp)
    plan = collect_plan(reward_metric, guardrails, rule, alpha, reward_window, wanted)
    monitor = settings_of([(route.name, route.model_uri) for route in wanted.routes], monitoring)
    if not no_conda and env_manager != "local":
        _go_on("serve", [route.model_uri for route in wanted.routes], env_manager, _same_command())
    from mlflow.serving.run import default_state_folder
    from mlflow.serving.run import serve as serve_model
    from mlflow.serving.settings import ServingSettings

    state = Path(state_dir).absolute() if state_dir is not None else None
    if state is None and model_uri is None and port:
        state = default_state_folder(port)
    settings = ServingSettings.from_environment(
        wanted,
        timeout,
        workers,
        state_folder=state,
        plan=plan,
        reload_interval=reload_interval,
        max_batch_size=max_batch_size,
        batch_latency=batch_latency_ms / 1000,
    )
    serve_model(settings, host, port, workers, monitor)


@click.command()
@click.option("--model-uri", "-m", metavar="URI", required=True, help="A folder, or a models:, runs:, s3: … URI.")
@_environment
@click.option("--input-path", "-i", metavar="PATH", help="A file, or a folder of files.  [default: stdin]")
@click.option(
    "--output-path",
    "-o",
    metavar="PATH",
    help="Where predictions go: a .json, .jsonl, .csv or .parquet file, or a folder/ for a file an input.  "
    "[default: stdout, as JSON]",
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
      mlflow models predict -m models:/churn/1 -i customers/ -o scores/ --env-manager uv
      mlflow models predict -m ./model -t json < request.json
    """
    variables = dict(map(pair, env))
    requirements = list(listed(pip_requirements_override))
    if env_manager != "local":
        left_out = frozenset({"pip_requirements_override", "env"})
        _go_on("predict", [model_uri], env_manager, _same_command(left_out), requirements, variables)
    if requirements:
        raise click.UsageError("--pip-requirements-override changes an environment that is built; not with local.")
    import os
    from pathlib import Path

    os.environ.update(variables)
    from mlflow.cli.output import progress
    from mlflow.serving.batch.predictions import predict_files
    from mlflow.serving.scorer import Scorer

    scorer = Scorer.load(model_uri)
    if output_path is not None and output_path.endswith("/"):
        Path(output_path).mkdir(parents=True, exist_ok=True)
    source, target = (Path(path) if path is not None else None for path in (input_path, output_path))
    with progress("Predicting", "rows") as tell:
        predict_files(scorer, source, target, content_type, batch_rows, tell)


def _go_on(
    command: str,
    model_uris: list[str],
    env_manager: str,
    options: list[str],
    requirements: list[str] | None = None,
    variables: dict[str, str] | None = None,
) -> None:
    """Run the same command in the models' own environment, in place of this process."""
    from mlflow.pyfunc.environment import activate_for, go_on_inside

    activation = activate_for(model_uris, env_manager, requirements or ())
    go_on_inside(activation, ["models", command, "--env-manager", "local", *options], variables or {})


def _same_command(left_out: frozenset[str] = frozenset()) -> list[str]:
    """The options of the running command, as it would be given them, but for what builds an environment."""
    context = click.get_current_context()
    found: list[str] = []
    for option in context.command.params:
        value = context.params.get(option.name or "")
        if option.name in left_out | {"env_manager", "install_mlflow", "no_conda"} or value is None:
            continue
        if isinstance(value, bool):
            found += option.opts[:1] if value else []
            continue
        for one in value if isinstance(value, tuple) else (value,):
            found += [option.opts[0], str(one)]
    return found


def pair(text: str) -> tuple[str, str]:
    """A variable and its value, from NAME=VALUE."""
    name, found, value = text.partition("=")
    if not found or not name:
        raise click.BadParameter(f"'{text}' is not NAME=VALUE.", param_hint="--env")
    return name, value
