"""A model called on files, piece by piece."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
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
        target: where to write: a file, or a folder that is there, for a file an input; None for stdout.
        form: of the inputs; None to go by the name.
        rows: at a time.
        progress: told how many rows are done, of how many.

    Raises:
        BadRequest: an input cannot be read, or the model fails for it; with the place.
    """
    found: tuple[list[Any], str] = ([sys.stdin.buffer], form or "json") if source is None else find_inputs(source, form)
    files, kind = found
    pieces = read_pieces(files, kind, scorer.model.input_schema, rows)
    if target is not None and target.is_dir():
        return _into_folder(scorer, pieces, [Path(file) for file in files if source], source, target, progress)
    if kind == "json" and len(files) > 1:
        raise InvalidParameterValue(
            f"'{source}' has {len(files)} scoring requests. Name an existing folder as the output, for an answer to "
            "each; or give rows as JSON Lines, CSV or Parquet."
        )
    with open_output(target) as output:
        return _write(scorer, pieces, output, 0, progress)


def _into_folder(
    scorer: Scorer,
    pieces: Iterator[Piece],
    files: Sequence[Path],
    source: Path | None,
    target: Path,
    progress: Progress,
) -> int:
    """A file of predictions for each of the inputs, of its name and form; those without rows too."""
    if source is None:
        raise InvalidParameterValue(f"stdin has no name, which its predictions in '{target}' could have. Name a file.")
    root, done, written = source if source.is_dir() else source.parent, 0, set()
    if root.resolve() == target.resolve():
        raise InvalidParameterValue(f"'{target}' is where the inputs are, which are not overwritten. Name another.")
    for place, group in itertools.groupby(pieces, key=lambda piece: piece.place):
        with open_output(_below(target, Path(place), root)) as output:
            done = _write(scorer, group, output, done, progress)
        written.add(Path(place))
    for file in files:
        if file not in written:
            with open_output(_below(target, file, root)) as output:
                output.finish()
    return done


def _below(target: Path, file: Path, root: Path) -> Path:
    found = target / file.relative_to(root)
    found.parent.mkdir(parents=True, exist_ok=True)
    return found


def _write(scorer: Scorer, pieces: Iterable[Piece], output: Output, done: int, progress: Progress) -> int:
    """Write predictions; `done` rows were written before, and as many are now."""
    for piece in pieces:
        predictions = _predicted(scorer, piece, done)
        if not piece.is_table:
            output.whole(predictions, bare=piece.given.is_chat)
            return done + 1
        _add(output, predictions, piece)
        done += piece.rows
        progress(done, piece.total)
    output.finish()
    return done


def _predicted(scorer: Scorer, piece: Piece, before: int) -> Any:
    try:
        return scorer.predict(piece.given)
    except MlflowException as exc:
        if not piece.is_table:
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
