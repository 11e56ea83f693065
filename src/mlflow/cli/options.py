"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["as_json", "experiment_id", "listed", "listening", "run_id", "view"]

F = TypeVar("F", bound=Callable[..., Any])


def as_json(command: F) -> F:
    """--json: print JSON for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def experiment_id(command: F) -> F:
    """--experiment-id, required."""
    return click.option("--experiment-id", "-x", required=True, help="The experiment's id.")(command)


def listed(text: str | None) -> tuple[str, ...]:
    """What an option names, separated by commas."""
    return tuple(item.strip() for item in (text or "").split(",") if item.strip())


def listening(command: F) -> F:
    """--host and --port, of a server."""
    port = click.option(
        "--port",
        "-p",
        envvar="MLFLOW_PORT",
        type=click.IntRange(0, 65535),
        default=5000,
        show_default=True,
        help="Port to listen on; 0 for a free one.",
    )
    host = click.option(
        "--host", "-h", envvar="MLFLOW_HOST", default="127.0.0.1", show_default=True, help="Address to listen on."
    )
    return host(port(command))


def run_id(command: F) -> F:
    """--run-id, required."""
    return click.option("--run-id", "-r", required=True, help="The run's id.")(command)


def view(command: F) -> F:
    """--view: which lifecycle stages to show."""
    return click.option(
        "--view",
        "-v",
        type=click.Choice(["active_only", "deleted_only", "all"], case_sensitive=False),
        default="active_only",
        show_default=True,
        help="Show what is active, in the trash, or both.",
    )(command)
