"""``store``: a remote store over a live server whose caller is the one that each call names."""

import base64
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import msgspec
import pytest

from mlflow.asgi.responses import Scope
from mlflow.contract.caller import EVERYONE, Caller, Permission
from mlflow.contract.store import TrackingStore, interfaces
from mlflow.remote.store import remote_store
from mlflow.remote.transport import Transport
from tests.server.served import Served, served

pytest.register_assert_rewrite("mlflow.testing")

_caller: ContextVar[Caller] = ContextVar("caller", default=EVERYONE)


def headers() -> dict[str, str]:
    """Stands in for credentials: the whole caller, as a header."""
    caller = _caller.get()
    grants = [[kind, name, int(level)] for (kind, name), level in caller.grants.items()]
    members = [caller.user, caller.workspace, int(caller.default), grants]
    return {"X-Caller": base64.b64encode(msgspec.json.encode(members)).decode()}


def identify(scope: Scope) -> Caller:
    header = dict(scope["headers"]).get(b"x-caller")
    if header is None:
        return EVERYONE
    user, workspace, default, grants = msgspec.json.decode(base64.b64decode(header))
    return Caller(
        user, workspace, Permission(default), {(kind, name): Permission(level) for kind, name, level in grants}
    )


class AsCaller:
    """A part of a remote store that signs on as the caller each call names."""

    def __init__(self, part: Any) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._part, name)

        def call(caller: Caller, *args: Any, **kwargs: Any) -> Any:
            token = _caller.set(caller)
            try:
                return method(caller, *args, **kwargs)
            finally:
                _caller.reset(token)

        return call


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("remote"), identify) as running:
        yield running


@pytest.fixture(scope="session")
def store(server: Served) -> Iterator[TrackingStore]:
    transport = Transport(server.url, headers, max_retries=0)
    opened = remote_store(transport)
    yield TrackingStore(**{part: AsCaller(getattr(opened, part)) for part in interfaces()})
    transport.close()
