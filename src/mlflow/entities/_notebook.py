"""How entities show themselves in a notebook: small HTML tables with every value escaped."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.entities.experiment import Experiment
    from mlflow.entities.run import Run

_ROWS = 30  # a card is a summary: more rows than this are counted, not shown


def run_card(run: Run) -> str:
    """A run as HTML: its facts, then metrics, params and the user's tags."""
    info = run.info
    facts = {"run id": info.run_id, "status": info.status, "started": _time(info.start_time), "took": _took(run)}
    own_tags = {key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")}
    metrics = {key: f"{value:.6g}" for key, value in run.data.metrics.items()}
    parts = [("metrics", metrics), ("params", run.data.params), ("tags", own_tags)]
    body = "".join(_table(title, rows) for title, rows in parts if rows)
    return f"<div><b>{escape(info.run_name or info.run_id)}</b>{_table('', facts)}{body}</div>"


def experiment_card(experiment: Experiment) -> str:
    """An experiment as HTML: its facts and tags."""
    facts = {
        "experiment id": experiment.experiment_id,
        "artifacts": experiment.artifact_location,
        "created": _time(experiment.creation_time),
        "stage": experiment.lifecycle_stage,
    }
    return f"<div><b>{escape(experiment.name)}</b>{_table('', facts)}{_table('tags', experiment.tags)}</div>"


def _table(title: str, rows: Mapping[str, str]) -> str:
    cells = "".join(
        f"<tr><td>{escape(key)}</td><td><code>{escape(str(value))}</code></td></tr>"
        for key, value in list(rows.items())[:_ROWS]
    )
    more = f"<tr><td colspan=2>… and {len(rows) - _ROWS} more</td></tr>" if len(rows) > _ROWS else ""
    return f"<table><caption>{escape(title)}</caption>{cells}{more}</table>" if rows else ""


def _time(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "–"
    return f"{datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC):%Y-%m-%d %H:%M:%S} UTC"


def _took(run: Run) -> str:
    if run.info.start_time is None or run.info.end_time is None:
        return "–"
    return str(datetime.timedelta(milliseconds=run.info.end_time - run.info.start_time))
