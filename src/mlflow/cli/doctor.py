"""`mlflow doctor`: versions and settings, and checks of what can be checked."""

from __future__ import annotations

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import print_json

__all__ = ["doctor"]


@click.command()
@click.option("--mask-envs", is_flag=True, help="Hide the values of environment variables.")
@as_json
def doctor(mask_envs: bool, as_json: bool) -> None:
    """Show versions and settings, and check that the store answers and the journal can be written.

    Example: mlflow doctor --mask-envs
    """
    from mlflow.diagnosis import diagnose

    report = diagnose(mask_envs=mask_envs)
    if as_json:
        print_json(report.plain())
        return
    click.echo(report.text())
    if report.problems:
        raise SystemExit(1)
