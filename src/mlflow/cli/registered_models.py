"""`mlflow models copy` and `mlflow models history`: registered models between servers, and what happened to them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import columns, print_json, time_text
from mlflow.contract.registry_history import RegistryEvent

__all__ = ["copy", "history"]

_PAGE = 1000


@click.command()
@click.argument("src_model_uri")
@click.argument("dst_name")
@click.option("--to", "registry_uri", help="The other registry, with its files; the same one when omitted.")
@as_json
def copy(src_model_uri: str, dst_name: str, registry_uri: str | None, as_json: bool) -> None:
    """Register a version again, under another name or in another registry.

    The files go along into another registry, in a run that tells where they came from.

    Example: mlflow models copy models:/fraud@champion fraud --to https://production.example.com
    """
    from mlflow.tracking.client import MlflowClient

    version = MlflowClient().copy_model_version(src_model_uri, dst_name, registry_uri)
    if as_json:
        print_json({"name": version.name, "version": str(version.version), "source": version.source})
    else:
        click.echo(f"Copied '{src_model_uri}' to version {version.version} of '{version.name}'.")


@click.command()
@click.argument("name")
@click.option("--version", "-v", help="Of one version only.")
@click.option("--max-results", type=click.IntRange(1), help="At most this many; all when omitted.")
@as_json
def history(name: str, version: str | None, max_results: int | None, as_json: bool) -> None:
    """List what happened to a registered model, the latest first: who, when, and what was there before.

    Example: mlflow models history fraud --max-results 20
    """
    import msgspec

    events = list(itertools.islice(_events(name, version), max_results))
    if as_json:
        print_json([msgspec.to_builtins(event) for event in events])
        return
    titles = ("Time", "User", "Action", "Version", "Subject", "Before", "After", "Checks")
    columns(titles, [_row(event) for event in events])


def _events(name: str, version: str | None) -> Iterator[RegistryEvent]:
    from mlflow.tracking.client import MlflowClient

    client, token = MlflowClient(), None
    while True:
        page = client.get_registry_history(name, version, _PAGE, token)
        yield from page
        token = page.token
        if not token:
            return


def _row(event: RegistryEvent) -> tuple[str, ...]:
    checks = ", ".join(f"{found.check}: {'passed' if found.passed else 'refused'}" for found in event.evidence)
    values = (event.version, event.subject, _short(event.before), _short(event.after))
    return (time_text(event.time), event.user_id, event.action, *(value or "" for value in values), checks)


def _short(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"
