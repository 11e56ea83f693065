"""A model called on files, piece by piece."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlflow.exceptions import BadRequest, InvalidParameterValue, MlflowException
from mlflow.serving.answers import count_rows
from mlflow.serving.batch.inputs import Piece, find_inputs, read_pieces
from mlflow.serving.batch.outputs import Output, open_output
from mlflow.serving.scorer import Scorer

__all__ = ["predict_files"]

Progress = Callable[[int, int | None], None]


def predict_files(
    scorer: Scorer,
    source: Path | None,
    target: Path | None,
    form: str | None,
    rows: int,
    progress: Progress,
) -> int:
    """Write the predictions for a file or folder; returns for how many rows.

    Args:
        scorer: the model.
        source: what to read; None for stdin.
        target: where to write; None for stdout.
        form: of the inputs; None to go by the name.
        rows: at a time.
        progress: told how many rows are done, of how many.

    Raises:
        BadRequest: an input cannot be read, or the model fails for it; with the place.
    """
    found: tuple[list[Any], str] = ([sys.stdin.buffer], form or "json") if source is None else find_inputs(source, form)
    files, kind = found
    if kind == "json" and len(files) > 1:
        raise InvalidParameterValue(
            f"'{source}' has {len(files)} scoring requests. Give one, or rows as JSON Lines, CSV or Parquet."
        )
    done = 0
    with open_output(target) as output:
        for piece in read_pieces(files, kind, scorer.model.input_schema, rows):
            if kind == "json":
                output.whole(_predicted(scorer, piece, done), bare=piece.given.is_chat)
                return 1
            predictions = _predicted(scorer, piece, done)
            _add(output, predictions, piece)
            done += piece.rows
            progress(done, piece.total)
        output.finish()
    return done


def _predicted(scorer: Scorer, piece: Piece, before: int) -> Any:
    try:
        return scorer.predict(piece.given)
    except MlflowException as exc:
        if not piece.rows:
            raise
        raise BadRequest(
            f"{exc.message} This is among the rows {before + 1} to {before + piece.rows}, in '{piece.place}'."
        ) from exc


def _add(output: Output, predictions: Any, piece: Piece) -> None:
    if isinstance(predictions, (str, bytes, dict)) or not hasattr(predictions, "__len__"):
        raise InvalidParameterValue(
            f"The model returned a '{type(predictions).__name__}', not a row for each input, so that predictions of "
            "several pieces cannot be joined. Give it one scoring request (JSON)."
        )
    if count_rows(predictions) != piece.rows:
        raise InvalidParameterValue(
            f"The model returned {count_rows(predictions)} predictions for {piece.rows} rows of '{piece.place}', so "
            "that they cannot be told apart. Give it one scoring request (JSON)."
        )
    output.add(predictions)
