"""`mlflow db`: look after a tracking database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlflow.cli.options import as_json
from mlflow.cli.output import print_json

if TYPE_CHECKING:
    from mlflow.sql.store import SqlStore

__all__ = ["db"]

_url = click.argument("url")


@click.group()
def db() -> None:
    """Look after a tracking database.

    URL is its address: sqlite:///mlflow.db, postgresql://user@host/name, mysql://….
    """


@db.command()
@_url
def upgrade(url: str) -> None:
    """Bring a database's tables to this version; make them when it is empty.

    A server does so itself when it starts. Make a backup first.

    Example: mlflow db upgrade sqlite:///mlflow.db
    """
    from mlflow.sql.schema import HEAD

    with _opened(url, make=True):
        click.echo(f"The database has the tables of version {HEAD}.")


@db.command()
@_url
@as_json
def check(url: str, as_json: bool) -> None:
    """Read everything and look for damage: lost rows, series that disagree with their summary.

    Example: mlflow db check sqlite:///mlflow.db
    """
    from mlflow.sql.care import check as find_problems

    with _opened(url) as store:
        store.fold.settle()
        problems = find_problems(store.database)
    if as_json:
        print_json({"problems": problems})
    else:
        for problem in problems:
            click.echo(problem)
        click.echo(f"{len(problems) or 'No'} problems found.", err=True)
    if problems:
        raise SystemExit(1)


@db.command()
@_url
@as_json
def info(url: str, as_json: bool) -> None:
    """Show how much is in a database, and how large it is.

    Example: mlflow db info sqlite:///mlflow.db --json
    """
    from mlflow.sql.care import describe

    with _opened(url) as store:
        facts = describe(store.database)
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        click.echo(f"{name:<22}: {value}")


@db.command()
@_url
def seal(url: str) -> None:
    """Pack the points of all runs, as a server does by itself for runs that are over.

    Example: mlflow db seal sqlite:///mlflow.db
    """
    with _opened(url) as store:
        store.fold.settle()
    click.echo("All points are packed.")


@db.command()
@_url
def vacuum(url: str) -> None:
    """Rewrite a SQLite file without its free room, after much was deleted.

    Example: mlflow db vacuum sqlite:///mlflow.db
    """
    from mlflow.sql.care import vacuum as rewrite

    with _opened(url) as store:
        before, after = rewrite(store.database)
    click.echo(f"The file has {after} bytes, {before - after} fewer than before.")


@contextmanager
def _opened(url: str, *, make: bool = False) -> Iterator[SqlStore]:
    from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
    from mlflow.sql.store import open_store
    from mlflow.stores import default_artifact_root, is_database
    from mlflow.tracking.uris import normalized

    uri = normalized(url)
    if not is_database(uri):
        raise InvalidParameterValue(f"'{url}' is no database; write sqlite:///file, postgresql://… or mysql://….")
    path = Path(uri.removeprefix("sqlite:///"))
    if uri.startswith("sqlite:///") and not make and not path.is_file():
        raise ResourceDoesNotExist(f"There is no file '{path}'. Check the address.")
    store = open_store(uri, default_artifact_root(uri))
    try:
        yield store
    finally:
        store.close()
