"""The same requests about the model registry to this server and to a published one, answered alike."""

from typing import Any

import pytest

from mlflow import MlflowClient
from tests.compat.registry_differences import REGISTRY_DIFFERENCES
from tests.compat.registry_table import REGISTRY_CASES
from tests.compat.requests_table import Case
from tests.compat.test_requests import _ask
from tests.compat.world import Outcome, World
from tests.fixtures.servers import TrackingServer

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def outcomes(tracking_server: TrackingServer, published_server: TrackingServer) -> dict[str, tuple[Outcome, Outcome]]:
    """What ours and the published server answered, by the case's id; the cases run in order, once."""
    for server in (tracking_server, published_server):
        _clear(server)
    ours, theirs = World(tracking_server.url, "registry"), World(published_server.url, "registry")
    for world in (ours, theirs):
        experiment = world.names.pop("main")  # whose number would be taken for a version's
        world.names["root"] = f"mlflow-artifacts:/{experiment}/{world.names['one']}/artifacts"
        del world.names["trash"]
    return {case.id: (_ask(ours, case), _ask(theirs, case)) for case in REGISTRY_CASES}


def _clear(server: TrackingServer) -> None:
    """Take away what other files' tests have registered: some cases ask for all models."""
    client = MlflowClient(server.url)
    for model in client.search_registered_models(max_results=1000):
        client.delete_registered_model(model.name)


def test_ids_are_unique():
    assert len({case.id for case in REGISTRY_CASES}) == len(REGISTRY_CASES)


def test_every_difference_has_its_request():
    assert set(REGISTRY_DIFFERENCES) <= {case.id for case in REGISTRY_CASES}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in REGISTRY_CASES])
def test_both_servers_answer_alike(outcomes: dict[str, Any], case: Case):
    ours, theirs = outcomes[case.id]
    different = REGISTRY_DIFFERENCES.get(case.id)
    if different is None:
        assert ours == theirs
    else:
        assert ours != theirs, "they agree by now: take the case off the list of differences"
        assert (ours.status, ours.code) == different.ours
