"""Routes are read off the methods that declare them."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from mlflow.contract.access import read
from mlflow.contract.artifacts import RunArtifacts
from mlflow.contract.caller import EVERYONE, NOBODY, Caller, Permission
from mlflow.contract.openapi import openapi
from mlflow.contract.proxy import ArtifactProxy, ArtifactUploads
from mlflow.contract.route import Route, Text, route, routes_of
from mlflow.contract.server import Pages, Server
from mlflow.contract.store import routes

EVERY_ROUTE: list[Route] = [
    *(declared for part in routes().values() for declared in part),
    *(declared for of in (Server, Pages, RunArtifacts, ArtifactProxy, ArtifactUploads) for declared in routes_of(of)),
]


def test_a_method_without_a_route_is_refused():
    class Forgetful(Protocol):
        def get_thing(self, caller: Caller) -> None: ...

    with pytest.raises(TypeError, match=r"get_thing declares no route"):
        routes_of(Forgetful)


def test_a_route_without_an_access_rule_cannot_be_declared():
    with pytest.raises(TypeError, match="access"):
        route("GET", "2.0/mlflow/things")  # type: ignore[call-arg]


def test_a_store_that_forgets_a_method_cannot_be_made():
    class Things(Protocol):
        @route("GET", "2.0/mlflow/things", access=read())
        def get_thing(self, caller: Caller, thing_id: Text) -> str: ...

    class Empty(Things):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Empty()


def test_each_path_is_served_below_api_and_its_twin():
    (search,) = [declared for declared in EVERY_ROUTE if declared.name == "search_runs"]
    assert search.paths == ("/api/2.0/mlflow/runs/search", "/ajax-api/2.0/mlflow/runs/search")


def test_no_two_routes_answer_the_same_request():
    requests = [(method, path) for declared in EVERY_ROUTE for method in declared.methods for path in declared.paths]
    assert len(requests) == len(set(requests))


def test_names_are_unique_because_handlers_are_found_by_them():
    names = [declared.name for declared in EVERY_ROUTE]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("declared", EVERY_ROUTE, ids=lambda declared: declared.name)
def test_every_rule_names_an_argument_that_the_route_has(declared: Route):
    argument = declared.access.argument
    assert argument is None or argument in declared.params.__struct_fields__


@pytest.mark.parametrize("declared", EVERY_ROUTE, ids=lambda declared: declared.name)
def test_every_route_that_changes_something_demands_more_than_reading(declared: Route):
    changes = set(declared.methods) & {"PUT", "PATCH", "DELETE"}
    if changes and not declared.access.filtered:
        assert declared.access.level >= Permission.EDIT


def test_the_document_describes_every_route_once():
    document = openapi(EVERY_ROUTE, "1", "/prefix")
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert {operation["operationId"] for operation in operations} >= {declared.name for declared in EVERY_ROUTE}
    assert all(path.startswith("/prefix/") for path in document["paths"])
    assert all(operation["x-access"] for operation in operations)


def test_the_document_refers_only_to_schemas_it_has():
    document = openapi(EVERY_ROUTE, "1")
    assert references(document) <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


@pytest.mark.parametrize(
    ("caller", "may"),
    [
        pytest.param(EVERYONE, True, id="everyone"),
        pytest.param(NOBODY, False, id="nobody"),
        pytest.param(Caller(grants={("experiment", "7"): Permission.READ}), True, id="granted"),
        pytest.param(
            Caller(default=Permission.MANAGE, grants={("experiment", "7"): Permission.NONE}), False, id="withdrawn"
        ),
    ],
)
def test_a_grant_overrides_the_default(caller: Caller, may: bool):
    assert caller.may(Permission.READ, "experiment", "7") is may


def test_hidden_and_shown_follow_the_default():
    grants = {("experiment", "1"): Permission.READ, ("experiment", "2"): Permission.NONE}
    assert Caller(grants=grants).shown("experiment") == {"1"}
    assert Caller(default=Permission.READ, grants=grants).shown("experiment") is None
    assert Caller(default=Permission.READ, grants=grants).hidden("experiment") == {"2"}
