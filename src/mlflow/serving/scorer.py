"""A loaded model that answers requests: from the bytes of one to the bytes of the other."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

from mlflow.exceptions import BadRequest, MlflowException
from mlflow.models.code_paths import forget_code
from mlflow.models.manifest import Model
from mlflow.models.places import model_folder
from mlflow.models.serving_input import ServingInput, read_serving_input
from mlflow.pyfunc.loaded_model import PyFuncModel
from mlflow.pyfunc.loading import load_folder
from mlflow.serving.answers import count_rows, encode_answer
from mlflow.serving.failures import in_words
from mlflow.serving.frames import FrameReader
from mlflow.serving.requests import JSON
from mlflow.serving.scoring import ScoringForm
from mlflow.serving.together import Answer, Asked, Together, may_be_joined
from mlflow.serving.wire import Form, Schemas

__all__ = ["STAGES", "Answer", "Asked", "ModelFailed", "Scorer", "Watch"]

_LOG = logging.getLogger(__name__)
_TRACE = 20_000  # characters of a stack trace, which ends in what the exception says

STAGES = ("read", "predict", "write")
"""What a request goes through, once a thread has taken it."""

Watch = Callable[[str, float], None]
_EXAMPLE = ScoringForm(JSON)


class ModelFailed(BadRequest):
    """The model raised an exception for this input."""


class Scorer:
    """One model.

    Args:
        model: as a function.
        example: the request that was saved with it; None when there is none.

    Attributes:
        schemas: of its signature.
    """

    def __init__(self, model: PyFuncModel, example: str | None = None) -> None:
        self.model, self.example = model, example
        self.schemas = Schemas.of(model.metadata)
        self._reader = _reader_of(model)
        self._by_rows = model.by_rows(self._reader.names) if self._reader is not None else None
        self._together = Together(model, self._call, self.answer_asked, joins=may_be_joined(model.metadata))

    @classmethod
    def load(cls, model_uri: str, *, beside: bool = False) -> Self:
        """Load a model.

        Args:
            model_uri: from wherever it is.
            beside: whether other models of this process may have brought modules of the same names.

        Raises:
            MlflowException: there is none, or it cannot be loaded.
        """
        folder = model_folder(model_uri)
        manifest = Model.load(folder)
        if beside:
            forget_code(folder, manifest.flavors.get("python_function", {}).get("code"))
        return cls(load_folder(folder, model_uri), read_serving_input(folder, manifest.saved_input_example_info))

    def warm_up(self) -> bool:
        """Answer the model's own example, so that no caller waits for what a model does at first; False if it fails."""
        try:
            self.check()
        except MlflowException as exc:
            _LOG.warning("The model fails for its own input example: %s", exc.message)
            return False
        return True

    @property
    def joins(self) -> bool:
        """Whether several requests may be answered by one call of the model."""
        return self._together.joins

    def check(self) -> None:
        """Answer the model's own example, if it has one; alone, and among others if they may be joined.

        Raises:
            MlflowException: it cannot.
        """
        if self.example is not None:
            body = self.example.encode()
            self._test_rows(self.glance(_EXAMPLE, body))
            self.answer(_EXAMPLE, body)
            self._together.test(self.glance(_EXAMPLE, body))

    def glance(self, form: Form, body: bytes) -> Asked:
        """A request, read already if that takes microseconds."""
        if self._reader is None or form.kind != JSON:
            return Asked(form, body)
        began = time.perf_counter()
        rows = self._reader.read(body)
        return Asked(form, body, rows, time.perf_counter() - began)

    def answer_together(self, asked: Sequence[Asked], watch: Watch = lambda name, value: None) -> list[Answer]:
        """The bodies of the answers to several requests, or what `answer` raises for them."""
        return self._together.answer(asked, watch)

    def answer(self, form: Form, body: bytes, watch: Watch = lambda name, value: None) -> bytes:
        """The body of the answer.

        Args:
            form: how the request is written.
            body: of the request.
            watch: told how many `rows` there are, and how many seconds each of STAGES took.

        Raises:
            BadRequest: the body cannot be read.
            SchemaEnforcementFailed: it does not fit the model's signature.
            ModelFailed: the model raised.
            AnswerNotEncodable: what it returned has no counterpart in JSON.
        """
        return self.answer_asked(self.glance(form, body), watch)

    def answer_asked(self, asked: Asked, watch: Watch = lambda name, value: None) -> bytes:
        """The same for a request that was glanced at."""
        began = time.perf_counter()
        if asked.rows is None:
            given = asked.form.read(asked.body, self.schemas)
            rows, write, call = count_rows(given.input.data), given.write, partial(self.predict, given.input)
        else:
            rows, write, call = len(asked.rows), encode_answer, partial(_told, self._call, asked.rows)
        watch("rows", rows)
        read = time.perf_counter()
        watch("read", asked.seconds + read - began)
        predictions = call()
        predicted = time.perf_counter()
        watch("predict", predicted - read)
        answer = write(predictions)
        watch("write", time.perf_counter() - predicted)
        return answer

    def predict(self, given: ServingInput) -> Any:
        """What the model returns.

        Raises:
            SchemaEnforcementFailed: the input does not fit the model's signature.
            ModelFailed: the model raised.
        """
        return _told(self.model.predict, given.data, given.params)

    def _call(self, rows: Any) -> Any:
        """What the model returns for what the reader has read."""
        assert self._reader is not None
        if self._by_rows is not None:
            return self._by_rows(self._reader.columnar(rows))
        return self.model.predict_enforced(self._reader.frame(rows))

    def _test_rows(self, example: Asked) -> None:
        """Compare what the model makes of an array and of a table; at any difference it gets tables."""
        if self._by_rows is None or self._reader is None or example.rows is None:
            return
        table = self._reader.frame(example.rows)
        try:
            same = encode_answer(self._call(example.rows)) == encode_answer(self.model.predict_enforced(table))
        except Exception:  # noqa: BLE001 - the model's own; asked the usual way, it says what is wrong
            same = False
        if not same:
            self._by_rows = None
            _LOG.info("The model is called with tables, as its answers for arrays differ.")


def _told(call: Callable[..., Any], *args: Any) -> Any:
    """What a model returns; what it raises becomes `ModelFailed`."""
    try:
        return call(*args)
    except MlflowException:
        raise
    except BaseException as exc:  # a model that calls sys.exit must not end the server
        if isinstance(exc, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
            raise
        # a log's file, or whoever reads it, may not take what is no text
        trace = "".join(traceback.format_exception(exc)).encode("utf-8", "backslashreplace").decode()
        _LOG.warning("The model raised.\n%s", trace)
        raise ModelFailed(
            f"The model raised {type(exc).__name__} for this input: {in_words(exc)}. Check the input against what "
            "the model takes.",
            stack_trace=trace[:_TRACE],
        ) from exc


def _reader_of(model: PyFuncModel) -> FrameReader | None:
    """What reads the simplest bodies; None for a model whose data or parameters need a closer look."""
    signature = model.metadata.signature
    if signature is None or signature.params is not None or signature._is_signature_from_type_hint:
        return None
    return FrameReader.of(signature.inputs)
