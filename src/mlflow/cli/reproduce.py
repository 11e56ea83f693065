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
@click.option("--ignore-data", is_flag=True, help="Repeat it although its data changed or is gone.")
@click.option("--dry-run", is_flag=True, help="Say what was not recorded and which data changed; run nothing.")
@as_json
def reproduce(
    run_id: str,
    environment: str,
    rtol: float,
    atol: float,
    folder: Path | None,
    ignore_data: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Repeat a run from what it recorded: its commit, uncommitted changes, packages and command.

    The verdict is EXACT (every metric bit for bit and every file), WITHIN TOLERANCE, or DIFFERENT, with the first step
    at which curves part and what may explain it. It becomes a tag and a file of both runs. A workflow's run is repeated
    step by step; its verdict is the worst of them.

    Data sets are checked before anything runs; one that changed or is gone stops it, unless --ignore-data is given.

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
        ignore_data=ignore_data,
        said=lambda text: click.echo(text, err=True),
    )
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(report.to_markdown(), nl=False)
    if report.verdict == "DIFFERENT":
        raise click.exceptions.Exit(_DIFFERENT)


def _tell_gaps(run_id: str) -> None:
    from mlflow.projects.reproduction.reproduce import examine

    gaps = examine(run_id)
    for gap in gaps:
        click.echo(f"{'Needed: ' if gap.fatal else ''}{gap}")
    if not gaps:
        click.echo("Everything was recorded, and no data changed.")
