"""Callers with some rights: every way to a resource asks for the same ones. CVE-2024-4263, CVE-2025-14297 and kin."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from mlflow.asgi.responses import Scope
from mlflow.contract.caller import EVERYONE, Caller, Permission
from tests.server.served import Answer, Served, served

PROXY = "/api/2.0/mlflow-artifacts/artifacts"


class World(NamedTuple):
    server: Served
    own: str
    foreign: str
    own_run: str
    foreign_run: str


class Rights:
    """Who the next requests are from."""

    caller: Caller = EVERYONE

    def __call__(self, scope: Scope) -> Caller:
        return self.caller


@contextmanager
def being(world: World, level: Permission, default: Permission = Permission.NONE) -> Iterator[None]:
    """As one who has a level on `own`, nothing on `foreign`, and the default on all else."""
    grants = {("experiment", world.own): level, ("experiment", world.foreign): Permission.NONE}
    rights.caller = Caller("somebody", default=default, grants=grants)
    try:
        yield
    finally:
        rights.caller = EVERYONE


rights = Rights()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with served(tmp_path_factory.mktemp("access"), rights) as server:
        own, foreign = server.new_experiment("own"), server.new_experiment("foreign")
        runs = [server.new_run(own), server.new_run(foreign)]
        for experiment, run in zip((own, foreign), runs, strict=True):
            server.send("PUT", f"{PROXY}/{experiment}/{run}/artifacts/a.txt", b"a")
        yield World(server, own, foreign, *runs)


def ways_to_read(world: World, experiment: str, run: str) -> list[Answer]:
    server = world.server
    below = f"{experiment}/{run}/artifacts"
    return [
        server.get(f"/get-artifact?run_id={run}&path=a.txt"),
        server.get(f"/get-artifact?run_uuid={run}&path=a.txt"),
        server.get(f"/api/2.0/mlflow/artifacts/list?run_id={run}"),
        server.get(f"/ajax-api/2.0/mlflow/artifacts/list?run_uuid={run}"),
        server.get(f"{PROXY}/{below}/a.txt"),
        server.get(f"/ajax-api/2.0/mlflow-artifacts/artifacts/{below}/a.txt"),
        server.send("HEAD", f"{PROXY}/{below}/a.txt"),
        server.get(f"{PROXY}/./{below}/a.txt"),
        server.get(f"{PROXY}/{below}//a.txt"),
        server.get(f"{PROXY}/.%2f{below}/a.txt"),
        server.get(f"{PROXY}?path={below}"),
        server.get(f"{PROXY}?path=./{below}"),
        server.get(f"/api/ext/v1/artifacts/bundle/{below}"),
        server.get(f"/api/ext/v1/artifacts/bundle/./{below}"),
        server.get(f"/api/2.0/mlflow/runs/get?run_id={run}"),
        server.get(f"/api/2.0/mlflow/runs/get?run_uuid={run}"),
        server.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=m"),
        server.get(f"/api/ext/v1/metrics/history?run_uuid={run}&metric_key=m"),
        server.get(f"/api/2.0/mlflow/experiments/get?experiment_id={experiment}"),
        server.get(f"/api/ext/v1/experiments/{experiment}/columns"),
    ]


def ways_to_edit(world: World, experiment: str, run: str) -> list[Answer]:
    server = world.server
    below = f"{experiment}/{run}/artifacts"
    return [
        server.send("PUT", f"{PROXY}/{below}/new.txt", b"x"),
        server.send("PUT", f"{PROXY}/./{below}/new.txt", b"x"),
        server.send("PUT", f"/api/ext/v1/artifacts/bundle/{below}", b"MLBUNDL1\0\0\0\0"),
        server.send("PUT", f"/api/ext/v1/artifacts/bundle/./{below}", b"MLBUNDL1\0\0\0\0"),
        server.post("/api/ext/v1/artifacts/uploads", {"path": f"{below}/u", "size": 1}),
        server.post("/api/ext/v1/artifacts/uploads", {"path": f".//{below}/u", "size": 1}),
        server.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=x", b"x"),
        server.post("runs/create", {"experiment_id": experiment}),
        server.post("runs/log-batch", {"run_id": run}),
        server.post("runs/log-batch", {"runId": run}),
        server.post("runs/set-tag", {"run_uuid": run, "key": "k"}),
        server.post("runs/log-inputs", {"run_id": run}),
        server.post("experiments/set-experiment-tag", {"experiment_id": experiment, "key": "k"}),
    ]


def ways_to_delete(world: World, experiment: str, run: str) -> list[Answer]:
    server = world.server
    return [
        server.send("DELETE", f"{PROXY}/{experiment}/{run}/artifacts/a.txt"),
        server.send("DELETE", f"{PROXY}/./{experiment}"),
        server.post("runs/delete", {"run_id": run}),
        server.post("experiments/delete", {"experiment_id": experiment}),
    ]


DEFAULTS = [Permission.NONE, Permission.MANAGE]


@pytest.mark.parametrize("default", DEFAULTS, ids=["else nothing", "else everything"])
@pytest.mark.parametrize("ways", [ways_to_read, ways_to_edit, ways_to_delete])
def test_no_way_leads_to_a_foreign_experiment(world: World, ways: object, default: Permission):
    with being(world, Permission.MANAGE, default):
        answers = ways(world, world.foreign, world.foreign_run)  # type: ignore[operator]
    assert [answer.status for answer in answers] == [403] * len(answers)


def test_reading_is_enough_to_read_and_not_to_edit(world: World):
    with being(world, Permission.READ):
        read, edited = ways_to_read(world, world.own, world.own_run), ways_to_edit(world, world.own, world.own_run)
    assert {answer.status for answer in read} == {200}
    assert {answer.status for answer in edited} == {403}


def test_editing_is_enough_to_edit_and_not_to_delete_cve_2024_4263(world: World):
    with being(world, Permission.EDIT):
        edited = ways_to_edit(world, world.own, world.own_run)
        deleted = ways_to_delete(world, world.own, world.own_run)
    assert {answer.status for answer in edited} == {200}
    assert {answer.status for answer in deleted} == {403}


def test_an_upload_of_another_cannot_be_touched_cve_2026_2651(world: World):
    server = world.server
    created = server.post("/api/ext/v1/artifacts/uploads", {"path": f"{world.foreign}/x", "size": 1})
    upload = f"/api/ext/v1/artifacts/uploads/{created.json['upload_id']}"
    with being(world, Permission.MANAGE, Permission.MANAGE):
        answers = [
            server.get(upload),
            server.send("PUT", f"{upload}/parts/1", b"x", {"X-Content-SHA256": "0" * 64}),
            server.post(f"{upload}/complete", {"sha256": "0" * 64}),
            server.send("DELETE", upload, b"{}"),
        ]
    assert [answer.status for answer in answers] == [403] * 4


def test_lists_leave_out_what_may_not_be_read_cve_2026_2734_cve_2026_3198(world: World):
    server, both = world.server, [world.own, world.foreign]
    with being(world, Permission.READ):
        answers = [
            server.post("experiments/search", {"max_results": 100}),
            server.post("runs/search", {"experiment_ids": both}),
            server.post("/api/ext/v1/runs/count", {"experiment_ids": both}),
            server.post("/api/ext/v1/runs/liveness", {"run_ids": [world.own_run, world.foreign_run]}),
            server.get("/api/ext/v1/changes?since=0"),
            server.post("/api/ext/v1/experiments/activity", {"experiment_ids": both}),
        ]
    texts = json.dumps([answer.json for answer in answers])
    assert world.own_run in texts
    assert world.foreign_run not in texts
    assert '"foreign"' not in texts
    assert answers[2].json == {"count": len(answers[1].json["runs"])}
    assert [activity["experiment_id"] for activity in answers[5].json["activity"]] == [world.own]


def test_bulk_edits_leave_foreign_runs_alone(world: World):
    runs = {"run_ids": [world.own_run, world.foreign_run]}
    with being(world, Permission.MANAGE):
        tagged = world.server.post("/api/ext/v1/runs/tag", {**runs, "set": {"k": "v"}})
        deleted = world.server.post("/api/ext/v1/runs/delete", {"run_ids": [world.foreign_run]})
    assert tagged.json["changed"] == 1
    assert [refusal["run_id"] for refusal in tagged.json["refused"]] == [world.foreign_run]
    assert deleted.json["changed"] == 0
    info = world.server.get(f"/api/2.0/mlflow/runs/get?run_id={world.foreign_run}").json["run"]["info"]
    assert info["lifecycle_stage"] == "active"
