"""A client of a scoring server: predictions, what they turned out to be worth, and the experiment about that."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from mlflow.environment_variables import MLFLOW_SCORING_SERVER_TOKEN
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist, RestException
from mlflow.models.json_values import to_plain
from mlflow.remote.transport import Answer, Transport

__all__ = ["Prediction", "RewardsAnswer", "ServingClient"]

_JSON = {"Content-Type": "application/json"}
_PASSING = frozenset({"REQUEST_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED", "TEMPORARILY_UNAVAILABLE"})  # not a model's own
_AT_ONCE = 10_000  # rewards in one request, the most that a server takes


class Prediction(msgspec.Struct, frozen=True):
    """An answer, and who gave it.

    Attributes:
        predictions: what the model returned; tables as lists of records.
        request_id: what a reward names.
        variant: who answered, of several models.
        version: of that model.
    """

    predictions: Any
    request_id: str
    variant: str
    version: str


class RewardsAnswer(msgspec.Struct, frozen=True):
    """What became of rewards.

    Attributes:
        counted: how many were joined to their requests.
        repeated: requests that had a reward already, which stays.
        unknown: requests that the server has not answered, has forgotten, or that take no part in the experiment.
    """

    counted: int
    repeated: tuple[str, ...]
    unknown: tuple[str, ...]


class ServingClient:
    """Calls one scoring server.

    Safe to use from several threads. While the server cannot be reached, as when it starts anew, requests are tried
    again as MLFLOW_HTTP_REQUEST_MAX_RETRIES says; what a model fails with is raised at once. A reward that was sent
    again after a lost answer counts once.

    Args:
        url: the server's address, such as `http://127.0.0.1:5000`.
        token: that the server asks for; MLFLOW_SCORING_SERVER_TOKEN when omitted.
        timeout: seconds to wait for an answer; MLFLOW_HTTP_REQUEST_TIMEOUT when omitted.
    """

    def __init__(self, url: str, token: str | None = None, timeout: float | None = None) -> None:
        self._token = token
        self._transport = Transport(url, self._headers, timeout=timeout, passing=_PASSING)

    def predict(
        self,
        data: Any,
        params: Mapping[str, Any] | None = None,
        request_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Prediction:
        """Ask for predictions.

        Args:
            data: a DataFrame, or what goes below `inputs`: columns or tensors by name, one tensor, or any value.
            params: of the model.
            request_id: a name for the request, under which its reward is sent; the server's own when omitted.
            headers: further ones, such as the one that keeps a user with a variant.

        Raises:
            RestException: the server refuses, or the model failed.
            Unreachable: there is no such server.
        """
        body = _table(data) if type(data).__name__ == "DataFrame" else {"inputs": data}
        if params:
            body["params"] = dict(params)
        sent = {**_JSON, **(headers or {}), **({"X-Request-Id": request_id} if request_id else {})}
        text = json.dumps(body, default=to_plain).encode()
        answer = self._transport.request("POST", "/invocations", body=text, headers=sent)
        content = json.loads(answer.body)
        wrapped = isinstance(content, dict) and content.keys() == {"predictions"}
        return Prediction(
            content["predictions"] if wrapped else content,
            answer.headers.get("X-Request-Id", ""),
            answer.headers.get("X-Model-Variant", ""),
            answer.headers.get("X-Model-Version", ""),
        )

    def reward(self, request_id: str, reward: float) -> bool:
        """Tell what an answer turned out to be worth, at any time after it.

        Args:
            request_id: of the answer.
            reward: more is better; 0 or 1 where the server measures a rate.

        Returns:
            False if the request had a reward already, which stays.

        Raises:
            ResourceDoesNotExist: the server knows no such request.
        """
        found = self.rewards({request_id: reward})
        if found.unknown:
            raise ResourceDoesNotExist(
                f"The server knows no request '{request_id}' that takes a reward. Send the X-Request-Id of an answer, "
                "before the server has forgotten it."
            )
        return found.counted == 1

    def rewards(self, rewards: Mapping[str, float] | Iterable[tuple[str, float]]) -> RewardsAnswer:
        """Tell what many answers turned out to be worth.

        Args:
            rewards: by the ids of the requests, or pairs of both.

        Raises:
            RestException: one is no reward of what the server measures; none of its batch counts then.
        """
        pairs = iter(rewards.items() if isinstance(rewards, Mapping) else rewards)
        counted, repeated, unknown = 0, [], []
        while batch := list(itertools.islice(pairs, _AT_ONCE)):
            body = [{"request_id": request, "reward": float(reward)} for request, reward in batch]
            found = _decoded(self._transport.request("POST", "/rewards", body=_encoded(body), headers=_JSON))
            counted += found["counted"]
            repeated += found["repeated"]
            unknown += found["unknown"]
        return RewardsAnswer(counted, tuple(repeated), tuple(unknown))

    def experiment(self) -> dict[str, Any]:
        """How the experiment on this server's traffic stands, with every variant's figures.

        Raises:
            InvalidParameterValue: the server runs none.
        """
        return self._experiment("GET", None)

    def ask(self, verb: str, variant: str = "", reason: str = "") -> dict[str, Any]:
        """Drive the experiment: `stop`, `promote`, `rollback`, or `start` another one; how it stands then.

        Args:
            verb: what to do.
            variant: with whom; may be left out where there is one challenger.
            reason: why, for the record.

        Raises:
            RestException: it cannot be done.
        """
        told = {"verb": verb, "variant": variant, "reason": reason}
        return self._experiment("POST", {name: value for name, value in told.items() if value})

    def _experiment(self, method: str, told: Mapping[str, str] | None) -> dict[str, Any]:
        body = _encoded(told) if told is not None else None
        try:
            return _decoded(self._transport.request(method, "/ab", body=body, headers=_JSON))
        except RestException as exc:
            if exc.get_http_status_code() != 404:
                raise
            raise InvalidParameterValue(
                f"The server at {self._transport.uri} runs no experiment. Start it with two --route and "
                "--reward-metric or --guardrail."
            ) from exc

    def _headers(self) -> dict[str, str]:
        token = self._token or MLFLOW_SCORING_SERVER_TOKEN.get()
        return {"Authorization": f"Bearer {token}"} if token else {}


def _table(frame: Any) -> dict[str, Any]:
    split = frame.to_dict(orient="split")
    return {"dataframe_split": {"columns": split["columns"], "data": split["data"]}}


def _encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def _decoded(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.body)
    return found
