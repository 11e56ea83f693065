"""`mlflow reproduce`: repeat a run, and say how well that went."""

from __future__ import annotations

from pathlib import Path

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import print_json

__all__ = ["reproduce"]

_DIFFERENT = 3


@click.command()
@click.argument("run_id")
@click.option(
    "--environment",
    type=click.Choice(["lock", "local"]),
    default="lock",
    show_default=True,
    help="Rebuild the recorded packages, or take those of this environment.",
)
@click.option("--rtol", type=float, default=1e-6, show_default=True, help="Relative tolerance of a metric's point.")
@click.option("--atol", type=float, default=1e-9, show_default=True, help="Absolute tolerance of a metric's point.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="An empty or new folder for the code, which is kept.",
)
@click.option("--dry-run", is_flag=True, help="Say what was not recorded; run nothing.")
@as_json
def reproduce(
    run_id: str, environment: str, rtol: float, atol: float, folder: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Repeat a run from what it recorded: its commit, uncommitted changes, packages and command.

    The verdict is EXACT (every metric bit for bit and every file), WITHIN TOLERANCE, or DIFFERENT, with the first step
    at which curves part and what may explain it. It becomes a tag and a file of both runs.

    Exit code 0: EXACT or WITHIN TOLERANCE; 3: DIFFERENT; 1: it could not be run.

    \b
    Examples:
      mlflow reproduce 0a1b…
      mlflow reproduce 0a1b… --environment local --rtol 1e-4
    """
    from mlflow.projects.reproduction.metrics import Tolerance
    from mlflow.projects.reproduction.reproduce import reproduce as repeat

    if dry_run:
        _tell_gaps(run_id)
        return
    report = repeat(
        run_id,
        environment="local" if environment == "local" else "lock",
        tolerance=Tolerance(rtol, atol),
        folder=folder,
        said=lambda text: click.echo(text, err=True),
    )
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(report.to_markdown(), nl=False)
    if report.verdict == "DIFFERENT":
        raise click.exceptions.Exit(_DIFFERENT)


def _tell_gaps(run_id: str) -> None:
    from mlflow.projects.reproduction.record import read_record
    from mlflow.tracking.client import MlflowClient

    gaps = read_record(MlflowClient(), run_id).gaps()
    for gap in gaps:
        click.echo(f"{'Needed, but not' if gap.fatal else 'Not'} recorded: {gap.what}")
    if not gaps:
        click.echo("Everything was recorded.")
