"""A server of several models: who answers, what its answers carry, and how it is steered."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import mlflow
from tests.serving.samples import CODE, until
from tests.serving.within import Within, within

BODY = {"dataframe_split": {"columns": ["a"], "data": [[1], [2]]}}
USERS = [f"user-{number}" for number in range(40)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models that answer 1, 2 and 1.5, and of one that fails."""
    folder = tmp_path_factory.mktemp("told")
    for name, answer in {"one": 1, "two": 2, "near": 1.5, "failing": "fail"}.items():
        script = str(CODE / "told.py")
        options = {"model_config": {"answer": answer}, "pip_requirements": ["pandas"]}
        mlflow.pyfunc.save_model(folder / name, python_model=script, **options)
    return folder


def shadowed(server: Within) -> int:
    """How many copies were compared."""
    text = server.get("/metrics").body.decode()
    return sum(int(float(count)) for count in re.findall(r"shadow_answers_total{.*} (\S+)", text))


@pytest.fixture
def server(told: Path) -> Iterator[Within]:
    routes = f"old={told}/one:50", f"new={told}/two:50", f"next={told}/near:shadow"
    with within(*routes, sticky_header="X-User") as server:
        yield server


def test_callers_stay_with_their_variant_and_all_variants_answer(server: Within) -> None:
    first = {user: server.post(BODY, x_user=user).variant for user in USERS}
    assert set(first.values()) == {"old", "new"}
    for user in USERS:
        answer = server.post(BODY, x_user=user)
        assert answer.variant == first[user]
        assert answer.json() == {"predictions": [1, 1] if first[user] == "old" else [2, 2]}


def test_every_answer_says_who_gave_it_and_what_it_is_called(server: Within, told: Path) -> None:
    answer = server.post(BODY, x_request_id="asked-1")
    assert answer.headers["x-request-id"] == "asked-1"
    assert answer.headers["x-model-version"]
    refused = server.post(b"{", x_request_id="not well formed")
    assert refused.status == 400
    assert len(refused.headers["x-request-id"]) == 32
    assert refused.variant in {"old", "new"}
    assert len(server.post(b"x", kind="text/plain").headers["x-request-id"]) == 32


def test_a_request_without_a_key_goes_where_its_id_leads(server: Within) -> None:
    ids = [f"id-{number}" for number in range(40)]
    first = [server.post(BODY, x_request_id=one).variant for one in ids]
    assert set(first) == {"old", "new"}
    assert [server.post(BODY, x_request_id=one).variant for one in ids] == first


@pytest.mark.parametrize("name", ["old", "new", "next"])
def test_a_variant_can_be_asked_by_its_name(server: Within, name: str) -> None:
    assert server.post(BODY, x_model_variant=name).variant == name
    assert server.post(BODY, f"/variants/{name}/invocations").variant == name


def test_a_variant_that_is_not_there_is_told(server: Within) -> None:
    for answer in (server.post(BODY, x_model_variant="other"), server.post(BODY, "/variants/other/invocations")):
        assert (answer.status, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
        assert "old, new, next" in answer.json()["message"]
    assert server.get("/variants/other/invocations").status == 405


def test_a_key_in_the_body_decides_too(told: Path) -> None:
    with within(f"old={told}/one", f"new={told}/two", sticky_key="user") as server:
        for user in USERS[:10]:
            body = {"dataframe_records": [{"user": user}]}
            answers = [server.post(body), server.post({"dataframe_split": BODY["dataframe_split"], "user": user})]
            assert len({answer.variant for answer in answers}) == 1


def test_new_weights_hold_at_once_and_are_shown(server: Within) -> None:
    answer = server.post({"weights": {"old": 0, "new": 1}, "reason": "a test"}, "/traffic/weights")
    assert answer.status == 200
    assert {server.post(BODY, x_user=user).variant for user in USERS} == {"new"}
    status = server.get("/traffic").json()
    assert {one["name"]: one["share"] for one in status["variants"]} == {"old": 0, "new": 1, "next": 0}
    assert status["events"][0]["message"] == "a test"
    assert 'mlflow_scoring_weight{variant="new"} 1.0' in server.get("/metrics").body.decode()


def test_a_ramp_begins_when_it_is_asked_for(server: Within) -> None:
    assert server.post({"ramp": "new=5,50:1h"}, "/traffic/ramp").json()["ramp"]["position"] == 0
    assert server.application.traffic.weights == {"old": 95, "new": 5}


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ({"weights": {"old": 1}}, "weights", "old, new"),
        ({"weights": {"old": -1, "new": 1}}, "weights", "-1"),
        ({"weights": [1]}, "weights", "expected"),
        (b"{", "weights", "expected"),
        (b'{"ramp": "\xff"}', "ramp", "expected"),
        (b'{"weights": ' + b"[" * 30_000, "weights", "expected"),
        ({"ramp": "new"}, "ramp", "form"),
        ({"ramp": "next=1:1m"}, "ramp", "none of the routes"),
    ],
)
def test_what_the_traffic_cannot_become_is_refused(server: Within, body: object, path: str, words: str) -> None:
    answer = server.post(body, f"/traffic/{path}")
    assert answer.status == 400
    assert words in answer.json()["message"]
    assert server.application.traffic.weights == {"old": 50, "new": 50}


def test_pages_of_a_browser_cannot_change_the_traffic(server: Within) -> None:
    weights = {"weights": {"old": 0, "new": 1}}
    assert server.post(weights, "/traffic/weights", origin="http://evil.example").status == 403
    assert server.post(weights, "/traffic/weights", kind="text/csv").status == 400


def test_the_traffic_is_nobodys_business_without_the_token(told: Path) -> None:
    with within(f"old={told}/one", f"new={told}/two", token="s3cret") as server:
        assert server.get("/traffic").status == 401
        assert server.post({"weights": {"old": 0, "new": 1}}, "/traffic/weights").status == 401
        assert server.post(BODY, "/variants/new/invocations").status == 401


def test_shadows_are_compared_and_never_seen(told: Path, tmp_path: Path) -> None:
    shadows = f"same={told}/one:shadow", f"near={told}/near:shadow", f"failing={told}/failing:shadow"
    with within(f"old={told}/one", *shadows, state=tmp_path / "state") as server:
        for _ in range(3):
            assert server.post(BODY).json() == {"predictions": [1, 1]}
        until(lambda: shadowed(server) == 9)
        text = server.get("/metrics").body.decode()
        server.application.traffic.tick()
        status = {one["name"]: one["counts"] for one in server.get("/traffic").json()["variants"]}
    for name, outcome in (("same", "same"), ("near", "different"), ("failing", "failed")):
        assert f'mlflow_scoring_shadow_answers_total{{outcome="{outcome}",variant="{name}"}} 3.0' in text
        (counts,) = status[name].values()
        assert counts[f"shadow_{outcome}"] == 3
    (near,) = status["near"].values()
    assert near["difference"] == 1.5


def test_a_variant_that_fails_is_counted_as_such_and_a_callers_mistake_is_not(told: Path) -> None:
    with within(f"bad={told}/failing") as server:
        seen: list[tuple[int, bool, str]] = []
        server.application.traffic.observe(lambda one: seen.append((one.status, one.failed, one.request_id)))
        server.post(BODY, x_request_id="a")
        server.post(b"{", x_request_id="b")
        server.application.traffic.tick()
        (status,) = server.get("/traffic").json()["variants"]
        text = server.get("/metrics").body.decode()
    assert seen == [(400, True, "a"), (400, False, "b")]
    (counts,) = status["counts"].values()
    assert (counts["requests"], counts["failed"]) == (2, 1)
    assert 'mlflow_scoring_answers_total{status="400",variant="bad",version=' in text
