"""Outcomes and operators over HTTP: what is taken, what is answered, what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from mlflow.serving.ab.plan import collect_plan
from tests.serving.within import Within, within

ASKED = {"inputs": [1]}


@pytest.fixture(scope="module")
def server(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Within]:
    """A server of two routes that counts conversions."""
    free = models / "free"
    plan = collect_plan("conversion", ["error_rate<0.5"])
    with within(f"a={free}", f"b={free}", state=tmp_path_factory.mktemp("state"), plan=plan) as found:
        yield found


def answered(server: Within) -> str:
    return server.post(ASKED).headers["x-request-id"]


def reward(server: Within, body: object) -> dict[str, object]:
    reply = server.post(body, "/rewards")
    assert reply.status == 200
    return reply.json()


def test_a_reward_of_an_answer_counts_once(server: Within) -> None:
    request = answered(server)
    assert reward(server, {"request_id": request, "reward": 1}) == {"counted": 1, "repeated": [], "unknown": []}
    assert reward(server, {"request_id": request, "reward": 1}) == {"counted": 0, "repeated": [request], "unknown": []}


def test_an_unknown_request_is_said(server: Within) -> None:
    named = server.post(ASKED, "/variants/a/invocations").headers["x-request-id"]
    body = [{"request_id": "nobody", "reward": 0}, {"request_id": named, "reward": 1}]
    assert reward(server, body) == {"counted": 0, "repeated": [], "unknown": ["nobody", named]}


def test_many_rewards_come_as_a_list_or_in_an_object(server: Within) -> None:
    requests = [answered(server) for _ in range(4)]
    listed = [{"request_id": request, "reward": 0} for request in requests]
    assert reward(server, listed[:2])["counted"] == 2
    assert reward(server, {"rewards": listed})["counted"] == 2


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        pytest.param(b'{"request_id": ', "BAD_REQUEST", "not JSON", id="half of an object"),
        pytest.param(b"", "BAD_REQUEST", "not JSON", id="empty"),
        pytest.param(b'{"request_id": "x", "reward": NaN}', "BAD_REQUEST", "not JSON", id="NaN"),
        pytest.param([], "INVALID_PARAMETER_VALUE", "0 rewards", id="no rewards"),
        pytest.param([1], "INVALID_PARAMETER_VALUE", "request_id", id="a number"),
        pytest.param({"request_id": "x"}, "INVALID_PARAMETER_VALUE", "neither", id="no reward"),
        pytest.param({"request_id": "x", "reward": "1"}, "INVALID_PARAMETER_VALUE", "reward", id="text"),
        pytest.param({"request_id": 5, "reward": 1}, "INVALID_PARAMETER_VALUE", "request_id", id="id is a number"),
        pytest.param({"request_id": "x", "reward": 0.5}, "INVALID_PARAMETER_VALUE", "conversion:mean", id="no rate"),
        pytest.param({"request_id": "x", "rewards": []}, "INVALID_PARAMETER_VALUE", "neither", id="both"),
        pytest.param({"id": "x", "reward": 1}, "INVALID_PARAMETER_VALUE", "`id`", id="another name"),
        pytest.param(b'{"request_id": "x", "reward": 1e999}', "INVALID_PARAMETER_VALUE", "range", id="infinite"),
        pytest.param(b"[" * 100_000, "INVALID_PARAMETER_VALUE", "Expected", id="nested"),
    ],
)
def test_what_is_wrong_with_a_reward_is_named(server: Within, body: object, code: str, words: str) -> None:
    reply = server.post(body, "/rewards")
    assert (reply.status, reply.json()["error_code"]) == (400, code)
    assert words in reply.json()["message"]


def test_rewards_are_json(server: Within) -> None:
    assert server.post(b"x,1", "/rewards", kind="text/csv").status == 415


def test_the_status_has_a_row_for_each_variant(server: Within) -> None:
    request = answered(server)
    reward(server, {"request_id": request, "reward": 1})
    status = server.get("/ab").json()
    assert (status["metric"], status["kind"], status["control"], status["ended"]) == ("conversion", "rate", "a", None)
    assert [shown["variant"] for shown in status["variants"]] == ["a", "b"]
    assert [shown["share"] for shown in status["variants"]] == [0.5, 0.5]
    assert status["variants"][1]["verdict"] == "undecided"
    json.dumps(status, allow_nan=False)


def test_the_measures_have_rewards_and_how_things_stand(server: Within) -> None:
    answer = server.post(ASKED)
    reward(server, {"request_id": answer.headers["x-request-id"], "reward": 1})
    server.application.beside[0].decider.look()
    shown = {one["variant"]: one for one in server.get("/ab").json()["variants"]}
    lines = server.get("/metrics").body.decode().splitlines()
    measured = {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[:1] != "#")}
    for name, version in ((name, one["version"]) for name, one in shown.items()):
        labels = f'{{variant="{name}",version="{version}"}}'
        earned = shown[name]["rewards"] * (shown[name]["reward"]["value"] or 0.0)
        assert measured.get(f"mlflow_ab_reward_count{labels}", 0) == shown[name]["rewards"]
        assert measured.get(f"mlflow_ab_reward_sum{labels}", 0) == pytest.approx(earned)
        assert measured.get(f"mlflow_ab_requests_total{labels}", 0) == shown[name]["requests"]
    assert measured['mlflow_ab_experiment{experiment="1"}'] == 1
    assert measured["mlflow_ab_split_fits"] == 1
    assert measured['mlflow_ab_verdict{variant="b",verdict="undecided"}'] == 1
    assert measured['mlflow_ab_standing{standing="control",variant="a"}'] == 1
    assert measured['mlflow_ab_standing{standing="running",variant="b"}'] == 1


def test_the_document_of_the_server_has_the_endpoints(server: Within) -> None:
    document = server.get("/openapi.json").json()
    validate(document)
    assert {"/rewards", "/ab"} <= set(document["paths"])


def test_a_verb_that_is_none_is_refused(server: Within) -> None:
    reply = server.post({"verb": "win"}, "/ab")
    assert (reply.status, reply.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert "rollback" in reply.json()["message"]


def test_pages_of_a_browser_cannot_drive_it(server: Within) -> None:
    reply = server.post({"verb": "stop"}, "/ab", origin="http://evil.example")
    assert (reply.status, reply.json()["error_code"]) == (403, "PERMISSION_DENIED")


def test_an_operator_drives_it_over_http(server: Within) -> None:
    server.application.beside[0].start()
    other = server.post({"verb": "rollback", "variant": "a"}, "/ab")
    assert (other.status, other.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    stopped = server.post({"verb": "stop", "reason": "enough"}, "/ab")
    assert (stopped.status, stopped.json()["outcome"]) == (200, "enough")
    late = server.post({"verb": "rollback"}, "/ab")
    assert (late.status, late.json()["error_code"]) == (409, "RESOURCE_CONFLICT")
    assert server.post({"verb": "start"}, "/ab").json()["experiment"] == 2


def test_a_server_without_an_experiment_has_none_of_this(models: Path) -> None:
    with within(f"a={models / 'free'}") as plain:
        assert plain.get("/ab").status == plain.post({}, "/rewards").status == 404
