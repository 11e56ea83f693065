"""`mlflow sync`: ship what earlier processes logged but could not send."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import columns, print_json

if TYPE_CHECKING:
    from mlflow.journal.inventory import JournalInfo

__all__ = ["sync"]

_SHIPPED = ("journal_id", "destination", "bytes", "rejected", "error")
_WAITING = ("journal_id", "destination", "bytes", "state")
_REJECTED = ("journal_id", "offset", "error_code", "message")


@click.command()
@click.option(
    "--journal-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another folder of journals than this user's.",
)
@click.option("--destination", metavar="URI", help="Only what was logged for this tracking store.")
@click.option("--foreign", is_flag=True, help="Also journals of other machines; make sure that their processes ended.")
@click.option("--rejected", is_flag=True, help="List the records that a store refused, and why; ship nothing.")
@click.option("--dry-run", is_flag=True, help="List the journals that wait; ship nothing.")
@as_json
def sync(
    journal_dir: Path | None, destination: str | None, foreign: bool, rejected: bool, dry_run: bool, as_json: bool
) -> None:
    """Ship journals that their process left behind, each to the store it was meant for.

    A process that was killed, or ended while its server was down, leaves a journal on this machine. Records that
    arrived already are not sent twice.

    \b
    Examples:
      mlflow sync
      mlflow sync --rejected --json
    """
    from mlflow.tracking import sync as shipping

    if rejected:
        refused = shipping.rejected(journal_dir)
        rows = [{name: getattr(frame, name) for name in _REJECTED} for frame in refused]
        _show(rows, _REJECTED, "Nothing was rejected.", as_json=as_json)
        return
    if dry_run:
        waiting = [_waiting(journal) for journal in shipping.journals(journal_dir)]
        _show(waiting, _WAITING, "Nothing is left to ship.", as_json=as_json)
        return
    shipped = [
        {name: getattr(report, name) for name in _SHIPPED}
        for report in shipping.sync(journal_dir, destination, foreign=foreign)
    ]
    _show(shipped, _SHIPPED, "Nothing is left to ship.", as_json=as_json)
    if any(report["error"] for report in shipped):
        raise SystemExit(1)


def _waiting(journal: JournalInfo) -> dict[str, Any]:
    state = "in use" if journal.live else "of another machine" if journal.foreign else "waits"
    return {
        "journal_id": journal.journal_id,
        "destination": journal.destination,
        "bytes": journal.pending,
        "state": f"damaged: {journal.damaged}" if journal.damaged else state,
    }


def _show(rows: list[dict[str, Any]], titles: tuple[str, ...], nothing: str, *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        columns(titles, [["" if row[title] is None else row[title] for title in titles] for row in rows])
    else:
        click.echo(nothing)
