"""`mlflow models`: stored models."""

from __future__ import annotations

from typing import Literal

import click

from mlflow.cli.images import build_docker, generate_dockerfile, generate_kubernetes
from mlflow.cli.monitoring import profile
from mlflow.cli.registered_models import copy, history
from mlflow.cli.serving import predict, serve

__all__ = ["models"]


@click.group()
def models() -> None:
    """Look after stored models, and have them answer."""


@models.command("update-pip-requirements")
@click.option("--model-uri", "-m", required=True, help="The model's folder.")
@click.argument("operation", type=click.Choice(["add", "remove"]))
@click.argument("requirement_strings", nargs=-1)
def update_pip_requirements(
    model_uri: str, operation: Literal["add", "remove"], requirement_strings: tuple[str, ...]
) -> None:
    """Add requirements to a model, or remove some, in requirements.txt and conda.yaml alike.

    Example: mlflow models update-pip-requirements -m ./model add scipy==1.17.1
    """
    from mlflow.models import update_model_requirements

    update_model_requirements(model_uri, operation, list(requirement_strings))
    click.echo(f"Requirements of '{model_uri}' are updated.", err=True)


models.add_command(build_docker)
models.add_command(copy)
models.add_command(generate_dockerfile)
models.add_command(generate_kubernetes)
models.add_command(history)
models.add_command(predict)
models.add_command(profile)
models.add_command(serve)
