"""A model in a process of the environment that it asks for, which another process calls on columns.

`ScoringProcess` is that other one's end; `python -m mlflow.pyfunc.scoring_process FOLDER CONFIG` is the process. It
ends when its standard input does, and so with whoever started it, however that ends.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.pyfunc.environment import inside
from mlflow.pyfunc.scoring_columns import Answer, Asked, from_columns, receive, send, to_columns

if TYPE_CHECKING:
    import pandas as pd

    from mlflow.environments.built import Activation

__all__ = ["ScoringFailed", "ScoringProcess", "main"]


class ScoringFailed(MlflowException):
    """The process that a model runs in ended, or the model raised."""


class ScoringProcess:
    """A model in another environment.

    Args:
        activation: of the environment.
        folder: of the model.
        model_config: overrides the configuration that the model was saved with.
        variables: further variables of its environment.

    Raises:
        ScoringFailed: the model cannot be loaded there.
    """

    def __init__(
        self,
        activation: Activation,
        folder: Path,
        model_config: dict[str, Any] | None,
        variables: Mapping[str, str],
    ) -> None:
        words = ["-m", "mlflow.pyfunc.scoring_process", str(folder), msgspec.json.encode(model_config).decode()]
        command, environment = inside(activation, words, variables)
        self._process = subprocess.Popen(  # noqa: S603 - an argument list
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self._calling = threading.Lock()
        weakref.finalize(self, _end, self._process)
        self._answer()

    def predict(self, part: tuple[Any, ...], params: dict[str, Any] | None) -> pd.DataFrame:
        """What the model answers for columns, a row for each of theirs.

        Args:
            part: Series in the order of the model's inputs, or one DataFrame.
            params: of the model.

        Raises:
            ScoringFailed: the model raised, or its process ended.
            MlflowException: the model does not take this.
        """
        assert self._process.stdin is not None
        asked = Asked([to_columns(one) for one in part], pickle.dumps(params))
        with self._calling:
            try:
                send(self._process.stdin, asked)
            except BrokenPipeError:
                self._ended()
            table = self._answer().table
        assert table is not None
        found: pd.DataFrame = from_columns(table)
        return found

    def _answer(self) -> Answer:
        assert self._process.stdout is not None
        content = receive(self._process.stdout)
        if content is None:
            self._ended()
        answer = msgspec.msgpack.decode(content or b"", type=Answer)
        if answer.message:
            raise ScoringFailed(answer.message, answer.error_code)
        return answer

    def _ended(self) -> None:
        status = self._process.wait()
        raise ScoringFailed(
            f"The process that the model runs in ended with status {status}. What it says stands in the executor's log."
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    process.wait()


def main(folder: str, config: str) -> int:
    """Answer until the input ends."""
    asking = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as answering:
        os.dup2(2, 1)  # what a model prints is no answer
        return _serve(asking, answering, Path(folder), msgspec.json.decode(config))


def _serve(asking: IO[bytes], answering: IO[bytes], folder: Path, config: dict[str, Any] | None) -> int:
    from mlflow.pyfunc.loading import load_model

    try:
        model = load_model(str(folder), suppress_warnings=True, model_config=config)
    except Exception as exc:  # noqa: BLE001 - whatever keeps a model from being loaded is told to who asked
        send(answering, _failure("The model cannot be loaded in its environment", exc))
        return 1
    send(answering, Answer())
    while (content := receive(asking)) is not None:
        asked = msgspec.msgpack.decode(content, type=Asked)
        try:
            answer = _predicted(model, asked)
        except Exception as exc:  # noqa: BLE001 - a model's own code
            answer = _failure("The model raised", exc)
        send(answering, answer)
    return 0


def _predicted(model: Any, asked: Asked) -> Answer:
    from mlflow.pyfunc.batches import as_table
    from mlflow.pyfunc.spark_columns import to_frame

    frame = to_frame(tuple(map(from_columns, asked.part)), model.input_schema)
    params = pickle.loads(asked.params)  # noqa: S301 - from the process that started this one
    return Answer(to_columns(as_table(model.predict(frame, params), "prediction")))


def _failure(doing: str, exc: Exception) -> Answer:
    if isinstance(exc, MlflowException):
        return Answer(error_code=exc.error_code, message=exc.message)
    return Answer(error_code="BAD_REQUEST", message=f"{doing}: {type(exc).__name__}: {exc}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
