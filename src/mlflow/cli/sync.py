"""`mlflow sync`: ship what earlier processes logged but could not send."""

from __future__ import annotations

from pathlib import Path

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import columns, print_json

__all__ = ["sync"]


@click.command()
@click.option(
    "--journal-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Of another folder of journals.",
)
@click.option("--rejected", is_flag=True, help="List the records that a store refused, and why; ship nothing.")
@click.option("--dry-run", is_flag=True, help="List what would be shipped; ship nothing.")
@as_json
def sync(journal_dir: Path | None, rejected: bool, dry_run: bool, as_json: bool) -> None:
    """Ship journals that their process left behind, each to the store it was meant for.

    A process that was killed, or ended while its server was down, leaves a journal on this machine. Records that
    arrived already are not sent twice.

    \b
    Examples:
      mlflow sync
      mlflow sync --rejected --json
    """  # noqa: D301 - \b is click's mark for a verbatim block
    from mlflow.tracking.sync import list_rejected, sync_journals

    if rejected:
        refusals = [dict(refusal) for refusal in list_rejected(journal_dir)]
        _show(refusals, ("journal", "offset", "error_code", "message"), "Nothing was rejected.", as_json=as_json)
        return
    shipped = [dict(report) for report in sync_journals(journal_dir, dry_run=dry_run)]
    _show(
        shipped, ("journal", "destination", "state", "bytes", "rejected"), "Nothing is left to ship.", as_json=as_json
    )
    if any(report["state"] == "unreachable" for report in shipped):
        raise SystemExit(1)


def _show(rows: list[dict[str, object]], titles: tuple[str, ...], nothing: str, *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        columns(titles, [[row[title] for title in titles] for row in rows])
    else:
        click.echo(nothing)
