"""What handlers work with: the stores, the callers, and the threads that blocking calls run in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mlflow.asgi.responses import Scope
from mlflow.asgi.threads import Threads
from mlflow.contract.caller import Caller
from mlflow.contract.store import TrackingStore
from mlflow.server.authorization import Authorizer
from mlflow.server.settings import ServerSettings

__all__ = ["Context", "Identify"]

T = TypeVar("T")
Identify = Callable[[Scope], Caller]


@dataclass(frozen=True)
class Context:
    """One server's parts.

    `identify` says who a request is from. `threads` run everything that blocks.
    """

    settings: ServerSettings
    store: TrackingStore
    identify: Identify
    authorizer: Authorizer
    threads: Threads

    async def blocking(self, call: Callable[..., T], *args: Any) -> T:
        """Run a blocking call in the pool."""
        return await self.threads.run(call, *args)
