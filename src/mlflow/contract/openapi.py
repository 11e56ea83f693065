"""The OpenAPI 3.1 document of a set of interfaces, derived from their routes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args, get_origin

import msgspec

from mlflow.contract.pages import Page
from mlflow.contract.route import Route
from mlflow.contract.wire.answers import WIRE
from mlflow.exceptions import MlflowException

__all__ = ["openapi"]

_REF = "#/components/schemas/{name}"


def openapi(routes: Iterable[Route], version: str, prefix: str = "") -> dict[str, Any]:
    """The document; each operation says what access it needs in `x-access`.

    Only the first path of each route is listed: the twins below /ajax-api behave alike.
    """
    declared = list(routes)
    answers = [_answer(route) for route in declared]
    types = [t for route, answer in zip(declared, answers, strict=True) for t in (route.params, answer)]
    schemas, components = _with_special_numbers(msgspec.json.schema_components(types, ref_template=_REF))
    paths: dict[str, Any] = {}
    for number, route in enumerate(declared):
        operations = paths.setdefault(prefix + re.sub(r":\w+}", "}", route.paths[0]), {})
        sent, answered = schemas[2 * number], schemas[2 * number + 1]
        for method in route.methods:
            operations[method.lower()] = _operation(route, method, _resolved(sent, components), answered)
    components["Error"] = _error_schema()
    return {
        "openapi": "3.1.0",
        "info": {"title": "MLflow REST API", "version": version, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {"schemas": components},
    }


def _with_special_numbers(schema: Any) -> Any:
    """The schema with doubles as they travel: JSON has no NaN and no infinities."""
    if isinstance(schema, dict):
        if schema.get("type") == "number":
            return {"anyOf": [schema, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
        return {name: _with_special_numbers(part) for name, part in schema.items()}
    return [_with_special_numbers(part) for part in schema] if isinstance(schema, list | tuple) else schema


def _answer(route: Route) -> Any:
    """The type of the whole answer."""
    if route.raw or route.returns is type(None):
        return dict[str, Any]
    if route.envelope is None:
        return route.returns
    origin = get_origin(route.returns)
    many = origin in {list, Page}  # an empty list is left out
    inner = get_args(route.returns)[0] if many else route.returns
    wire = WIRE.get(inner, inner)
    fields: list[Any] = [(route.envelope, list.__class_getitem__(wire), []) if many else (route.envelope, wire)]
    if origin is Page:
        fields.append(("next_page_token", str | None, None))
    return msgspec.defstruct(f"{route.params.__name__}Answer", fields)


def _operation(route: Route, method: str, sent: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    summary = route.doc.partition("\n")[0]
    operation: dict[str, Any] = {
        "operationId": route.name if method == route.methods[0] else f"{route.name}_{method.lower()}",
        "tags": [route.interface],
        "summary": summary,
        "description": route.doc,
        "x-access": str(route.access),
        "responses": {
            str(route.status): {"description": summary, "content": _content(route, answered)},
            "default": {"description": "A failure", "content": _json({"$ref": _REF.format(name="Error")})},
        },
    }
    properties, required = sent.get("properties", {}), set(sent.get("required", ()))
    outside = [name for name in properties if name not in route.in_path]
    in_query = outside if route.raw or method == "GET" else []
    operation["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": properties[name]} for name in sorted(route.in_path)
    ] + [{"name": name, "in": "query", "required": name in required, "schema": properties[name]} for name in in_query]
    if method in {"POST", "PUT", "PATCH"} or (method == "DELETE" and outside):
        operation["requestBody"] = {"required": True, "content": _body(route, sent)}
    return operation


def _body(route: Route, sent: dict[str, Any]) -> dict[str, Any]:
    if route.raw:
        return {"application/octet-stream": {}}
    members = {name: schema for name, schema in sent.get("properties", {}).items() if name not in route.in_path}
    required = [name for name in sent.get("required", ()) if name in members]
    return _json({"type": "object", "properties": members, "required": required})


def _content(route: Route, answered: dict[str, Any]) -> dict[str, Any]:
    return {"*/*": {}} if route.raw else _json(answered)


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A schema in place of the reference to it."""
    resolved: dict[str, Any] = components[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    return resolved


def _error_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["error_code", "message"],
        "properties": {
            "error_code": {"type": "string", "examples": sorted(MlflowException.by_code)},
            "message": {"type": "string"},
            "sqlstate": {"type": "string"},
            "error_class": {"type": "string"},
        },
    }
