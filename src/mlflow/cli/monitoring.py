"""Options of `mlflow models serve` that have requests looked at, and `mlflow models profile`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from mlflow.serving.monitoring.settings import MonitoringSettings

__all__ = ["monitoring_options", "profile", "settings_of"]

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--sample-rate",
        type=click.FloatRange(0, 1, min_open=True),
        metavar="SHARE",
        help="Look at this share of the requests: drift, failures, your own monitors, as metrics of a run.",
    ),
    click.option("--log-requests", is_flag=True, help="Also store them with their answers, as files of that run."),
    click.option(
        "--redact", metavar="NAME", multiple=True, help="A column or parameter whose values are not stored; repeatable."
    ),
    click.option(
        "--baseline",
        metavar="PATH",
        help="What requests are compared with: a profile, or a table of rows.  [default: recorded with the model]",
    ),
    click.option(
        "--window", metavar="ROWS|TIME", help="How much one point of the metrics tells of.  [default: 1000 rows]"
    ),
    click.option(
        "--monitor",
        "monitors",
        metavar="MODULE:FUNCTION",
        multiple=True,
        help="A monitor of your own; repeatable.",
    ),
    click.option(
        "--alert", "alerts", metavar="METRIC>LIMIT", multiple=True, help="A limit; repeatable.  [default: psi>0.2]"
    ),
    click.option("--monitoring-experiment", metavar="NAME", help="Where the run goes.  [default: monitoring]"),
)


def monitoring_options(command: F) -> F:
    """The options of a server that is monitored."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings_of(models: list[tuple[str, str]], given: dict[str, Any]) -> MonitoringSettings | None:
    """What a monitor is told; None when nobody asks for one.

    Args:
        models: variants and the URIs of their models.
        given: values of the options by name.
    """
    from mlflow.serving.monitoring.settings import DEFAULT_ALERTS, MonitoringSettings, parse_alert, parse_window

    if given["sample_rate"] is None:
        if any(given.values()):
            raise click.UsageError("What is said of monitoring needs --sample-rate: the share of requests to look at.")
        return None
    return MonitoringSettings(
        sample_rate=given["sample_rate"],
        models=tuple(models),
        log_requests=given["log_requests"],
        redacted=given["redact"],
        baseline=given["baseline"],
        window=parse_window(given["window"] or "1000"),
        monitors=given["monitors"],
        alerts=tuple(map(parse_alert, given["alerts"] or DEFAULT_ALERTS)),
        experiment=given["monitoring_experiment"] or "monitoring",
    )


@click.command()
@click.option("--model-uri", "-m", metavar="URI", required=True, help="A folder, or a models:, runs:, s3: … URI.")
@click.option(
    "--input-path", "-i", metavar="PATH", required=True, help="The rows that it was trained on: CSV, Parquet, JSONL."
)
@click.option("--output-path", "-o", metavar="FILE", help="Where the profile goes.  [default: the model's run]")
def profile(model_uri: str, input_path: str, output_path: str | None) -> None:
    """Record what a model's training data looks like, so that a server of the model can tell drift.

    Shares of values, quantiles, and what the model answers for the rows. Without --output-path it becomes the file
    training_profile.json of the run that made the model, where `mlflow models serve --sample-rate` finds it.

    \b
    Examples:
      mlflow models profile -m models:/churn/1 -i train.parquet
      mlflow models profile -m ./model -i train.csv -o profile.json
    """
    from pathlib import Path

    from mlflow.serving.monitoring.baseline import keep_profile, profile_rows

    found = profile_rows(Path(input_path), model_uri)
    place = keep_profile(found, model_uri, Path(output_path) if output_path is not None else None)
    click.echo(f"The profile of {found.rows} rows is at {place}.", err=True)
