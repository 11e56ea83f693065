"""The same requests to this server and to a published one: status, error code and parsed answer are the same."""

import json
from typing import Any

import pytest

from tests.compat.differences import DIFFERENCES
from tests.compat.requests_table import CASES, Case
from tests.compat.world import Outcome, World
from tests.fixtures.servers import TrackingServer

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def outcomes(tracking_server: TrackingServer, published_server: TrackingServer) -> dict[str, tuple[Outcome, Outcome]]:
    """What ours and the published server answered, by the case's id; the cases run in order, once."""
    ours, theirs = World(tracking_server.url), World(published_server.url)
    return {case.id: (_ask(ours, case), _ask(theirs, case)) for case in CASES}


def _ask(world: World, case: Case) -> Outcome:
    body, headers = case.content, dict(case.headers or {})
    if body is not None and not isinstance(body, bytes):
        body = world.filled(json.dumps(body)).encode()
        headers.setdefault("Content-Type", "application/json")
    return Outcome.of(world, world.send(case.method, case.path, body, headers))


def test_ids_are_unique():
    assert len({case.id for case in CASES}) == len(CASES)


def test_every_difference_has_its_request():
    assert set(DIFFERENCES) <= {case.id for case in CASES}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_both_servers_answer_alike(outcomes: dict[str, Any], case: Case):
    ours, theirs = outcomes[case.id]
    different = DIFFERENCES.get(case.id)
    if different is None:
        assert ours == theirs
    else:
        assert ours != theirs, "they agree by now: take the case off the list of differences"
        assert (ours.status, ours.code) == different.ours
