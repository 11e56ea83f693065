"""What outcomes are sent to, and what an operator sees and does, over HTTP.

`POST /rewards` takes outcomes; `GET /ab` tells how the experiment stands, and `POST /ab` asks for something.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from mlflow.asgi.bodies import read_body
from mlflow.asgi.responses import Receive, Scope, Send, send_json
from mlflow.exceptions import BadRequest, InvalidParameterValue
from mlflow.serving.ab.ledger import Outcome, Reward
from mlflow.serving.ab.live import LiveExperiment
from mlflow.serving.ab.measures import ExperimentMeasures
from mlflow.serving.ab.plan import Plan
from mlflow.serving.ab.records import Command
from mlflow.serving.app import Application
from mlflow.serving.control import refuse_pages
from mlflow.serving.requests import JSON, UNREADABLE, UnsupportedMediaType, media_type

__all__ = ["MOST_REWARDS", "Endpoints", "mount_experiment"]

MOST_REWARDS = 10_000
"""In one request."""

_MOST_BYTES = 4 << 20
_UNTIL_KEPT = 0.6  # seconds after which another process has kept the requests that it answered
_TRIES = 2


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    request_id: str | None = None
    reward: float | None = None
    rewards: list[Reward] | None = None

    def listed(self) -> list[Reward]:
        if self.rewards is not None and self.request_id is None and self.reward is None:
            return self.rewards
        if self.request_id is None or self.reward is None or self.rewards is not None:
            raise InvalidParameterValue(f"Invalid input. The body has neither a reward nor a list. {_FORM}")
        return [Reward(self.request_id, self.reward)]


def mount_experiment(application: Application, plan: Plan, remembered: int, timeout: float) -> None:
    """Run an experiment on the traffic of a server.

    Args:
        application: of the server.
        plan: what the experiment is told.
        remembered: requests whose rewards may still come.
        timeout: seconds that a request may take.
    """
    variants = application.variants

    def versions() -> dict[str, str]:
        return {name: variant.loaded.version for name, variant in variants.items()}

    experiment = LiveExperiment(plan, application.traffic, versions, remembered, slowest=timeout)
    endpoints = Endpoints(experiment, shared=application.traffic.state.folder is not None)
    application.beside.append(experiment)
    application.measures.share(ExperimentMeasures(experiment))
    application.mount("/rewards", ["POST"], endpoints.reward)
    application.mount("/ab", ["GET"], endpoints.show)
    application.mount("/ab", ["POST"], endpoints.act)


class Endpoints:
    """The endpoints of an experiment.

    Args:
        experiment: of the server.
        shared: whether other processes of the server answer requests too.
    """

    def __init__(self, experiment: LiveExperiment, shared: bool) -> None:
        self._experiment, self._shared = experiment, shared

    async def reward(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take rewards, and answer how many were joined to their requests."""
        rewards = _rewards(await _json(scope, receive))
        outcomes = await _in_thread(self._experiment.reward, rewards)
        for _ in range(_TRIES if self._shared else 0):
            if "unknown" not in outcomes or not self._experiment.may_learn():
                break
            await asyncio.sleep(_UNTIL_KEPT)
            outcomes = await _in_thread(self._experiment.retry, rewards, outcomes)
        await send_json(send, 200, msgspec.json.encode(_answer(rewards, outcomes)))

    async def show(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer how the experiment stands."""
        await send_json(send, 200, msgspec.json.encode(await _in_thread(self._experiment.status)))

    async def act(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Do what an operator asks, and answer how the experiment stands then."""
        refuse_pages(dict(scope["headers"]))
        await _in_thread(self._experiment.ask, _decoded(await _json(scope, receive), Command))
        await self.show(scope, receive, send)


async def _json(scope: Scope, receive: Receive) -> bytes:
    kind = media_type(dict(scope["headers"]).get(b"content-type"))
    if kind != JSON:
        raise UnsupportedMediaType(f"Content-Type '{kind}' is not read here. Send {JSON}.")
    return await read_body(receive, _MOST_BYTES)


def _rewards(body: bytes) -> list[Reward]:
    """One reward, a list of them, or an object with such a list."""
    given: list[Reward] | _Body = _decoded(body, list[Reward] | _Body)
    found = given if isinstance(given, list) else given.listed()
    if not found or len(found) > MOST_REWARDS:
        raise InvalidParameterValue(f"The request has {len(found)} rewards. Send 1 to {MOST_REWARDS}.")
    return found


def _decoded(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as exc:
        raise InvalidParameterValue(f"Invalid input. {exc}. {_FORM}") from exc
    except UNREADABLE as exc:
        raise BadRequest(f"Invalid input. The body is not JSON: {exc}. {_FORM}") from exc


_FORM = (
    'Rewards are sent as {"request_id": "…", "reward": 1} or a list of such objects; requests to /ab as '
    '{"verb": "stop"} with start, stop, promote or rollback, and perhaps "variant" and "reason".'
)


def _answer(rewards: Sequence[Reward], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    ids: dict[Outcome, list[str]] = {"counted": [], "repeated": [], "unknown": []}
    for one, outcome in zip(rewards, outcomes, strict=True):
        ids[outcome].append(one.request_id)
    return {"counted": len(ids["counted"]), "repeated": ids["repeated"], "unknown": ids["unknown"]}


async def _in_thread(call: Any, *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, call, *args)
