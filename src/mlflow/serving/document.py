"""The OpenAPI 3.1 document of a scoring server: MLflow's protocol, with the columns and parameters of this model."""

from __future__ import annotations

from typing import Any

from mlflow.models.manifest import Model
from mlflow.serving.requests import ARROW, CSV, JSON, PARQUET
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.nested import AnyType, Array, Map, Object
from mlflow.version import VERSION

__all__ = ["describe"]

_SCALARS: dict[DataType, dict[str, Any]] = {
    DataType.boolean: {"type": "boolean"},
    DataType.integer: {"type": "integer", "format": "int32"},
    DataType.long: {"type": "integer", "format": "int64"},
    DataType.float: {"type": "number", "format": "float"},
    DataType.double: {"type": "number", "format": "double"},
    DataType.string: {"type": "string"},
    DataType.binary: {"type": "string", "contentEncoding": "base64"},
    DataType.datetime: {"type": "string", "format": "date-time"},
}
_NUMBERS = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}
_ERROR = {
    "type": "object",
    "properties": {
        "error_code": {"type": "string"},
        "message": {"type": "string"},
        "stack_trace": {"type": "string", "description": "Where the model raised."},
    },
    "required": ["error_code", "message"],
}
_REASONS = {
    "400": "The body cannot be read, does not fit the model, or the model raised.",
    "401": "The token is missing or wrong.",
    "413": "The body is too large.",
    "504": "The request took too long.",
}


def describe(manifest: Model, *, secured: bool) -> dict[str, Any]:
    """The document.

    Args:
        manifest: of the model.
        secured: whether callers need a token.
    """
    components: dict[str, Any] = {"schemas": {"Error": _ERROR}}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": f"Scoring server of {_name(manifest)}", "version": VERSION},
        "paths": {
            "/invocations": {"post": _invocations(manifest)},
            "/ping": {"get": _probe("Whether the server is up.", JSON)},
            "/health": {"get": _probe("Whether the server is up.", JSON)},
            "/version": {"get": _probe("The version of MLflow.", "text/plain")},
            "/metrics": {"get": _probe("What the server counts, in Prometheus' text format.", "text/plain")},
        },
        "components": components,
    }
    if secured:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
    return document


def _name(manifest: Model) -> str:
    return str(manifest.artifact_path or manifest.model_id or "a model")


def _probe(summary: str, kind: str) -> dict[str, Any]:
    return {"summary": summary, "responses": {"200": {"description": "As asked.", "content": {kind: {}}}}}


def _invocations(manifest: Model) -> dict[str, Any]:
    outputs = manifest.get_output_schema()
    predictions = {"predictions": _answer(outputs) if outputs is not None else {}}
    answer = {"type": "object", "properties": predictions, "required": ["predictions"]}
    failures = {
        status: {"description": reason, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}}
        for status, reason in _REASONS.items()
    }
    media = {JSON: {"schema": _body(manifest.get_input_schema(), manifest.get_params_schema())}}
    media |= {kind: {} for kind in (CSV, PARQUET, ARROW)}
    return {
        "summary": "Predictions of the model.",
        "requestBody": {"required": True, "content": media},
        "responses": {
            "200": {"description": "What the model returned.", "content": {JSON: {"schema": answer}}},
            "415": {"description": "The body is of a type that is not read.", "content": {"text/plain": {}}},
            **failures,
        },
    }


def _body(inputs: Schema | None, params: ParamSchema | None) -> dict[str, Any]:
    row = _row(inputs)
    split = {
        "type": "object",
        "properties": {
            "columns": {"type": "array", "items": {}},
            "index": {"type": "array"},
            "data": {"type": "array", "items": {"type": "array"}},
        },
        "required": ["data"],
    }
    if inputs is not None and not inputs.is_tensor_spec() and inputs.has_input_names():
        split["properties"]["columns"]["default"] = inputs.input_names()  # type: ignore[index]  # a literal above
    forms = {
        "dataframe_split": split,
        "dataframe_records": {"type": "array", "items": row},
        "instances": {"description": "Row by row, as TensorFlow Serving takes it."},
        "inputs": _tensors(inputs) if inputs is not None and inputs.is_tensor_spec() else {},
    }
    extra = {"params": _params(params)} if params is not None else {}
    return {
        "oneOf": [
            {"type": "object", "properties": {name: form, **extra}, "required": [name]} for name, form in forms.items()
        ]
    }


def _row(inputs: Schema | None) -> dict[str, Any]:
    if inputs is None or inputs.is_tensor_spec() or not inputs.has_input_names():
        return {"type": "object"}
    properties = {str(name): _value(spec.type) for name, spec in inputs.input_dict().items()}
    return {"type": "object", "properties": properties, "required": [str(n) for n in inputs.required_input_names()]}


def _answer(outputs: Schema) -> dict[str, Any]:
    if outputs.is_tensor_spec():
        return _tensors(outputs)
    if outputs.has_input_names():
        return {"type": "array", "items": {"type": "object", "properties": _row(outputs)["properties"]}}
    return {"type": "array", "items": _value(outputs.inputs[0].type) if len(outputs) == 1 else {}}


def _tensors(schema: Schema) -> dict[str, Any]:
    if not schema.has_input_names():
        return _tensor(schema.inputs[0])
    tensors = {str(name): _tensor(spec) for name, spec in schema.input_dict().items()}
    return {"type": "object", "properties": tensors}


def _tensor(spec: ColSpec | TensorSpec) -> dict[str, Any]:
    if isinstance(spec, ColSpec):
        return _value(spec.type)
    found: dict[str, Any] = {"type": _NUMBERS.get(spec.type.kind, "string")}
    for length in reversed(spec.shape):
        found = {"type": "array", "items": found}
        if length >= 0:
            found |= {"minItems": length, "maxItems": length}
    return found


def _params(params: ParamSchema) -> dict[str, Any]:
    return {"type": "object", "properties": {spec.name: _param(spec) for spec in params}}


def _param(spec: ParamSpec) -> dict[str, Any]:
    value = _value(spec.dtype)
    found = value if spec.shape is None else {"type": "array", "items": value}
    return {**found, "default": spec.to_dict()["default"]}


def _value(kind: Any) -> dict[str, Any]:
    """One value of a column's type."""
    match kind:
        case DataType():
            return _SCALARS[kind]
        case Array():
            return {"type": "array", "items": _value(kind.dtype)}
        case Object():
            required = [item.name for item in kind.properties if item.required]
            members = {item.name: _value(item.dtype) for item in kind.properties}
            return {"type": "object", "properties": members, "required": required}
        case Map():
            return {"type": "object", "additionalProperties": _value(kind.value_type)}
        case AnyType():
            return {}
    return {}
