"""The OpenAPI document: valid, complete, and true of what the server answers."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.specs.openapi.checks import response_schema_conformance

from mlflow.version import VERSION
from tests.server.served import Served, served

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def document(server: Served) -> Any:
    return server.get("/openapi.json").json


def test_the_document_is_valid_openapi(document: Any):
    assert [str(problem) for problem in OpenAPIV31SpecValidator(document).iter_errors()] == []
    assert document["info"]["version"] == VERSION


def test_every_endpoint_is_in_it(server: Served, document: Any):
    described = {
        operation["operationId"]
        for operations in document["paths"].values()
        for method, operation in operations.items()
    }
    assert {endpoint.route.name for endpoint in server.application.table} <= described


def test_every_operation_says_what_access_it_needs(document: Any):
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["x-access"]
            assert operation["summary"]


def test_parameters_of_an_upload_are_described(document: Any):
    upload = document["paths"]["/ajax-api/2.0/mlflow/upload-artifact"]["post"]
    assert {(given["name"], given["in"]) for given in upload["parameters"]} == {
        ("run_uuid", "query"),
        ("path", "query"),
    }


def test_the_page_that_shows_it_may_run_its_own_script_only(server: Served):
    page = server.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'sha256-" in page.headers["content-security-policy"]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("fuzzed")) as running:
        yield running


def test_answers_are_as_described(fuzzed: Served):
    whole = schemathesis.openapi.from_url(f"{fuzzed.url}/openapi.json")
    chosen = whole.exclude(path_regex="/ext/v1/events|/metrics$|/static-files")
    for operation in chosen.get_all_operations():
        _check(operation.ok())


def _check(operation: Any) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    def check(case: Any) -> None:
        answer = case.call()
        assert answer.status_code != 405
        if answer.status_code >= 500:
            assert answer.json()["error_code"] in {"NOT_IMPLEMENTED", "INVALID_STATE", "DATA_LOSS"}, answer.text
        case.validate_response(answer, checks=[response_schema_conformance])

    check()
