"""What a model takes and gives: schemas of inputs and outputs, and parameters."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from typing import Any

from mlflow._lazy import attach
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.types import ParamSchema, Schema

__all__ = ["InvalidSignature", "InvalidSignatureType", "ModelSignature", "infer_signature"]

# set_signature works on stored models, which build on signatures; pickled models name _TypeHints here
_NAMES = {"set_signature": "mlflow.models.edits:set_signature", "_TypeHints": "mlflow.types.type_hints:TypeHints"}
__getattr__, __dir__ = attach(__name__, _NAMES)
_LOG = logging.getLogger(__name__)


class InvalidSignature(InvalidParameterValue, ValueError):
    """A signature with neither inputs nor outputs nor parameters, or whose stored form is broken."""


class InvalidSignatureType(InvalidSignature, TypeError):
    """A part of a signature is not a schema."""


class ModelSignature:
    """Schemas of a model's inputs and outputs, and its parameters.

    Args:
        inputs: a `Schema`, a dataclass or an instance of one, or None.
        outputs: the same for what the model returns.
        params: a `ParamSchema`, or None.

    Raises:
        InvalidSignature: all three are None; a ValueError too.
        InvalidSignatureType: a part has another type; a TypeError too.
    """

    def __init__(self, inputs: Any = None, outputs: Any = None, params: ParamSchema | None = None) -> None:
        given: Any = params
        if inputs is None and outputs is None and given is None:
            raise InvalidSignature("A signature needs inputs, outputs or params. Give at least one of them.")
        if given is not None and not isinstance(given, ParamSchema):
            raise InvalidSignatureType(f"Signature params are '{type(given).__name__}'. Pass a ParamSchema.")
        self.inputs = _schema("inputs", inputs)
        self.outputs = _schema("outputs", outputs)
        self.params = params
        self._is_signature_from_type_hint = False
        self._is_type_hint_from_example = False

    def to_dict(self) -> dict[str, Any]:
        """The manifest's form: `inputs`, `outputs` and `params`, each a JSON text or None."""
        parts = {"inputs": self.inputs, "outputs": self.outputs, "params": self.params}
        return {name: part.to_json() if part is not None else None for name, part in parts.items()}

    @classmethod
    def from_dict(cls, signature_dict: Mapping[str, Any]) -> ModelSignature:
        """The signature of the manifest's form; absent keys count as None.

        Raises:
            InvalidSignature: no part is there.
            SchemaError: a part's JSON text is broken.
        """
        inputs, outputs, params = (_text(signature_dict, name) for name in ("inputs", "outputs", "params"))
        return cls(
            Schema.from_json(inputs) if inputs else None,
            Schema.from_json(outputs) if outputs else None,
            ParamSchema.from_json(params) if params else None,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModelSignature):
            return NotImplemented
        return (self.inputs, self.outputs, self.params) == (other.inputs, other.outputs, other.params)

    __hash__ = None  # type: ignore[assignment] # as its schemas

    def __repr__(self) -> str:
        return f"inputs: \n  {self.inputs!r}\noutputs: \n  {self.outputs!r}\nparams: \n  {self.params!r}\n"


def _schema(part: str, given: Any) -> Schema | None:
    if given is None or isinstance(given, Schema):
        return given
    if dataclasses.is_dataclass(given):
        from mlflow.types.schema import convert_dataclass_to_schema

        return convert_dataclass_to_schema(given if isinstance(given, type) else type(given))
    raise InvalidSignatureType(f"Signature {part} are '{type(given).__name__}'. Pass a Schema or a dataclass.")


def _text(signature: Mapping[str, Any], part: str) -> str | None:
    found = signature.get(part)
    if found is not None and not isinstance(found, str):
        raise InvalidSignatureType(f"Signature {part} are stored as '{type(found).__name__}'. Store them as JSON text.")
    return found


def infer_signature(
    model_input: Any = None, model_output: Any = None, params: dict[str, Any] | None = None
) -> ModelSignature:
    """The signature that fits examples of a model's data.

    Args:
        model_input: a DataFrame, Series, array, sparse matrix, scalar, list or dictionary as the model is called with;
            or a dataclass.
        model_output: what the model returned for it.
        params: parameters with their default values.

    Returns:
        A signature; a part whose schema cannot be inferred accepts anything, and a warning says why.

    Raises:
        InvalidSignature: nothing was given.
        SchemaError: a parameter has a value that parameters cannot have.
    """
    from mlflow.types.inference import infer_param_schema

    schema = infer_param_schema(params) if params is not None else None
    return ModelSignature(_inferred("inputs", model_input), _inferred("outputs", model_output), schema)


def _inferred(part: str, example: Any) -> Any:
    from mlflow.types import ColSpec
    from mlflow.types.inference import infer_schema
    from mlflow.types.nested import AnyType

    if example is None or dataclasses.is_dataclass(example):
        return example
    try:
        return infer_schema(example)
    except MlflowException as exc:
        _LOG.warning("No schema of the %s was inferred, so they are not checked: %s", part, exc.message)
        return Schema([ColSpec(AnyType())])
