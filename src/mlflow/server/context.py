"""What handlers work with: the stores, the callers, and the threads that blocking calls run in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from mlflow.contract.caller import Caller
from mlflow.contract.route import Route
from mlflow.contract.store import TrackingStore
from mlflow.server.authorization import Authorizer
from mlflow.server.responses import Scope
from mlflow.server.settings import ServerSettings

__all__ = ["Context", "Identify"]

T = TypeVar("T")
Identify = Callable[[Scope], Caller]


@dataclass(frozen=True)
class Context:
    """One server's parts.

    `identify` says who a request is from. `threads` run everything that blocks; the pool is no larger than the
    store's connections.
    """

    settings: ServerSettings
    store: TrackingStore
    identify: Identify
    authorizer: Authorizer
    threads: ThreadPoolExecutor

    async def blocking(self, call: Callable[..., T], *args: Any) -> T:
        """Run a blocking call in the pool."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, call, *args)

    async def authorized(self, route: Route, scope: Scope, argument: Callable[[str], Any]) -> Caller:
        """Who asks, once it is certain that they may; `argument` answers a request's argument by name.

        Raises:
            PermissionDenied: the caller lacks what the route demands.
        """
        caller = self.identify(scope)
        if not caller.unrestricted:
            await self.blocking(self.authorizer.check, caller, route, argument)
        return caller
