"""Several requests answered by one call of the model, each as if it had been asked alone.

Whether a model's answer to a row depends on the row alone cannot be known, so it is tested: models of frameworks that
promise it are joined, Python models only when their metadata say `micro_batching: true`. The example is answered both
ways when the model is loaded, and of some batches one request is answered alone as well. At the first difference, be it
in the last digit, the model is never joined again; what was about to be sent is answered alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.models.manifest import Model
from mlflow.pyfunc.loaded_model import PyFuncModel
from mlflow.serving.answers import encode_answer, split_answer
from mlflow.serving.wire import Form, Schemas

__all__ = ["Answer", "Asked", "Together", "may_be_joined"]

_LOG = logging.getLogger(__name__)
_FLAG = "micro_batching"
_ROW_BY_ROW = frozenset(
    f"mlflow.{name}"
    for name in ("catboost", "keras", "lightgbm", "onnx", "pytorch", "sklearn", "tensorflow", "xgboost")
)
_OFTEN = 1024  # batches between two that are tested, once the first ones were

Answer = bytes | Exception
Watch = Callable[[str, float], None]
Alone = Callable[["Asked", Watch], bytes]


class Asked(msgspec.Struct, eq=False):
    """One request.

    Attributes:
        form: how it is written.
        body: as it came.
        rows: what a `FrameReader` made of it; None where that cannot read it.
        seconds: that this took.
    """

    form: Form
    body: bytes
    rows: Any = None
    seconds: float = 0.0


class _Part(msgspec.Struct, eq=False):
    place: int
    data: Any
    write: Callable[[Any], bytes] = encode_answer
    params: dict[str, Any] | None = None


def may_be_joined(manifest: Model) -> bool:
    """Whether a model answers each row by itself, as far as its framework or its metadata promise."""
    said = (manifest.metadata or {}).get(_FLAG)
    if isinstance(said, bool):
        return said
    schema = manifest.get_input_schema()
    loader = manifest.flavors.get("python_function", {}).get("loader_module")
    return loader in _ROW_BY_ROW and schema is not None and not schema.is_tensor_spec()


class Together:
    """Joins requests to one model.

    Args:
        model: as a function.
        call: answers the rows of an `Asked`, or of several, one below the other.
        alone: answers one request by itself.
        joins: whether the model may be asked for several at once.
    """

    def __init__(self, model: PyFuncModel, call: Callable[[Any], Any], alone: Alone, *, joins: bool) -> None:
        self._model, self._call, self._alone, self.joins = model, call, alone, joins
        self._schemas = Schemas.of(model.metadata)
        self._batches = 0

    def answer(self, asked: Sequence[Asked], watch: Watch) -> list[Answer]:
        """The answers, each bytes or what asking alone raised."""
        answers: list[Answer | None] = [None] * len(asked)
        for parts in self._groups(asked) if self.joins and len(asked) > 1 else ():
            if len(parts) > 1:
                self._join(parts, asked, answers, watch)
        pairs = zip(asked, answers, strict=True)
        return [self._by_itself(one, watch) if found is None else found for one, found in pairs]

    def test(self, asked: Asked) -> None:
        """Answer a request among copies of itself, which as the first batch is compared with asking it alone."""
        self.answer([asked] * 3, _unwatched)

    def _groups(self, asked: Sequence[Asked]) -> list[list[_Part]]:
        """Those that may be joined: of the same columns and parameters."""
        groups: dict[Hashable, list[_Part]] = {}
        for place, one in enumerate(asked):
            found = self._part(place, one)
            if found is not None:
                key, part = found
                groups.setdefault(key, []).append(part)
        return list(groups.values())

    def _part(self, place: int, one: Asked) -> tuple[Hashable, _Part] | None:
        if one.rows is not None:
            return None, _Part(place, one.rows)
        try:
            given = one.form.read(one.body, self._schemas)
            data, params = self._model.enforce(given.input.data, given.input.params)
        except Exception:  # noqa: BLE001 - asked alone, it says what is wrong
            return None
        if given.input.is_chat or not hasattr(data, "iloc") or not len(data):
            return None
        return (tuple(data.columns), tuple(map(str, data.dtypes)), repr(params)), _Part(
            place, data, given.write, params
        )

    def _join(self, parts: list[_Part], asked: Sequence[Asked], answers: list[Answer | None], watch: Watch) -> None:
        sizes = [len(part.data) for part in parts]
        began = time.perf_counter()
        try:
            predictions = self._predicted(parts)
            predicted = time.perf_counter()
            pieces = split_answer(predictions, sizes)
            if pieces is None:
                self._stop(f"it returned a '{type(predictions).__name__}', not a prediction for each row")
                return
            encoded = [part.write(piece) for part, piece in zip(parts, pieces, strict=True)]
        except BaseException:  # noqa: BLE001 - one of the rows is to blame, be it by sys.exit; asked alone, it says so
            return
        watch("predict", predicted - began)
        watch("write", time.perf_counter() - predicted)
        for part, size in zip(parts, sizes, strict=True):
            watch("rows", size)
            watch("read", asked[part.place].seconds)
        tested = self._batches % len(parts)
        if self._is_tested() and not self._compare(asked[parts[tested].place], encoded[tested]):
            return
        for part, answer in zip(parts, encoded, strict=True):
            answers[part.place] = answer

    def _predicted(self, parts: list[_Part]) -> Any:
        pieces = [part.data for part in parts]
        if hasattr(pieces[0], "iloc"):
            import pandas as pd

            return self._model.predict_enforced(pd.concat(pieces, ignore_index=True), parts[0].params)
        import numpy as np

        return self._call(np.concatenate(pieces))

    def _is_tested(self) -> bool:
        self._batches += 1
        return self._batches & (self._batches - 1) == 0 or self._batches % _OFTEN == 0

    def _compare(self, asked: Asked, joint: Answer) -> bool:
        alone = self._by_itself(asked, _unwatched)
        if alone == joint or isinstance(joint, Exception) or isinstance(alone, Exception):
            return True
        self._stop("its answer to a row depends on the rows beside it, be it in the last digit")
        return False

    def _stop(self, reason: str) -> None:
        self.joins = False
        _LOG.info("The model is asked for each request by itself: %s.", reason)

    def _by_itself(self, asked: Asked, watch: Watch) -> Answer:
        try:
            return self._alone(asked, watch)
        except MlflowException as exc:
            return exc


def _unwatched(name: str, value: float) -> None:
    """For answers that no caller waits for."""
