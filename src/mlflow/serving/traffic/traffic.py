"""Who answers a request, how that changes, and who is told."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.serving.traffic.observations import Observation
from mlflow.serving.traffic.ramps import Ramp
from mlflow.serving.traffic.routes import Routes
from mlflow.serving.traffic.split import Split, bucket_of
from mlflow.serving.traffic.state import Count, Event, Routing, State, now_ms
from mlflow.serving.wire import Address

__all__ = ["Observer", "Tick", "Traffic"]

_LOG = logging.getLogger(__name__)
_LOOK = 0.5  # seconds until a process sees what another one changed, and until counts are kept

Observer = Callable[[Observation], None]
Tick = Callable[[], None]


class Traffic:
    """The traffic of one server, as one of its processes sees it.

    Args:
        routes: the variants, and what decides among them.
        state: what the processes share.
        clock: the time, in milliseconds of UTC.

    Attributes:
        answering: the variants that answer.
        shadows: those that get copies.
    """

    def __init__(self, routes: Routes, state: State, clock: Callable[[], int] = now_ms) -> None:
        self.routes, self.state, self._clock = routes, state, clock
        self.answering = tuple(route for route in routes.routes if not route.shadow)
        self.shadows = tuple(route for route in routes.routes if route.shadow)
        self._routing = _started(routes, state, clock())
        self._observers: list[Observer] = []
        self._ticks: list[Tick] = []
        self._counts: defaultdict[Count, float] = defaultdict(float)
        self._counting = threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def routing(self) -> Routing:
        """How traffic is divided, as far as this process has seen."""
        return self._routing

    @property
    def weights(self) -> dict[str, float]:
        """The weights that hold now."""
        return dict(self._routing.weights)

    def choose(self, key: str, among: Collection[str] | None = None) -> str:
        """The variant for a key; microseconds.

        Args:
            key: what stays with its variant.
            among: some of the variants; who would get another one is divided among them by their weights.

        Raises:
            ResourceDoesNotExist: no requests go to those.
        """
        routing = self._routing
        found = routing.split.choose(bucket_of(key))
        if among is None or found in among:
            return found
        weights = {name: routing.weights.get(name, 0.0) for name in among}
        if not any(weights.values()):
            raise ResourceDoesNotExist(
                f"No requests go to {' or '.join(among)} now, as their weights are 0. Ask for one by its name."
            )
        return Split.of(weights).choose(bucket_of(key, "among"))

    def find(self, address: Address, key: str) -> str:
        """The variant that answers a request.

        Args:
            address: whom its caller asks.
            key: what stays with its variant.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        return self.named(address.variant) if address.variant is not None else self.choose(key, address.among)

    def divides(self, address: Address) -> bool:
        """Whether all that answer are asked by an address, so that who answers tells about the split."""
        names = address.among
        return address.variant is None and (names is None or all(route.name in names for route in self.answering))

    def named(self, name: str) -> str:
        """The variant that a caller asks for by its name.

        Raises:
            ResourceDoesNotExist: there is none of that name.
        """
        names = [route.name for route in self.routes.routes]
        if name not in names:
            raise ResourceDoesNotExist(f"There is no variant '{name[:200]}'. This server has {', '.join(names)}.")
        return name

    def set_weights(
        self, weights: Mapping[str, float], reason: str, evidence: Mapping[str, Any] | None = None
    ) -> Routing:
        """Divide the traffic anew, for all processes within a second; a ramp under way ends.

        Args:
            weights: for each variant that answers.
            reason: why, for the list of events.
            evidence: the numbers behind it.

        Raises:
            InvalidParameterValue: the weights are not for these variants, or divide nothing.
        """
        given = self._checked(weights)

        def decide(now: Routing | None) -> tuple[Routing, Event]:
            routing = _divided(now or self._routing, given, None)
            return routing, Event(kind="weights", message=reason, evidence={**(evidence or {}), "weights": given})

        return self._take(self.state.change(decide))

    def set_ramp(self, ramp: Ramp, reason: str) -> Routing:
        """Begin a ramp at its first step.

        Raises:
            InvalidParameterValue: its variant does not answer here, or answers alone.
        """
        ramp.check(self._routing.weights)

        def decide(now: Routing | None) -> tuple[Routing, Event]:
            return _at_step(now or self._routing, ramp.begun(self._clock()), reason)

        return self._take(self.state.change(decide))

    def observe(self, observer: Observer) -> None:
        """Have every answer told, after it was sent, in the event loop: return in microseconds, keep what is needed."""
        self._observers.append(observer)

    def every_tick(self, tick: Tick) -> None:
        """Have something called twice a second, in a thread where it may block."""
        self._ticks.append(tick)

    def tell(self, observation: Observation) -> None:
        """Tell the observers of an answer, and count it."""
        self.count(
            observation.variant, observation.version, requests=1, seconds=observation.seconds, failed=observation.failed
        )
        for observer in self._observers:
            try:
                observer(observation)
            except Exception:  # noqa: BLE001 - the answer is out: whoever watches must not stop the next
                _LOG.exception("An observer of the traffic failed.")

    def count(self, variant: str, version: str, **values: float) -> None:
        """Add to what is counted of a variant; kept within a second."""
        with self._counting:
            for name, value in values.items():
                self._counts[variant, version, name] += value

    def start(self) -> None:
        """Begin to look at what is shared."""
        self._thread = threading.Thread(target=self._run, name="mlflow-traffic", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Keep what was counted, and let go of the state."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        self.tick()
        self.state.close()

    def tick(self) -> None:
        """Look once: take what others changed, go on with the ramp, keep counts, call who wants to be called."""
        for step in (self._look, self._climb, self._keep, *self._ticks):
            try:
                step()
            except Exception:  # noqa: BLE001 - a full disk must not end what comes after
                _LOG.exception("Looking after the traffic failed.")

    def _run(self) -> None:
        while not self._ending.wait(_LOOK):
            self.tick()

    def _look(self) -> None:
        if self.state.version() != self._routing.version:
            self._take(self.state.routing())

    def _climb(self) -> None:
        ramp = self._routing.ramp
        if ramp is None or ramp.advanced(self._clock()) is ramp:
            return

        def decide(now: Routing | None) -> tuple[Routing, Event] | None:
            if now is None or now.ramp is None:
                return None
            ahead = now.ramp.advanced(self._clock())
            return None if ahead is now.ramp else _at_step(now, ahead, "The ramp's next step is due.")

        self._take(self.state.change(decide))

    def _keep(self) -> None:
        with self._counting:
            counts, self._counts = self._counts, defaultdict(float)
        if not counts:
            return
        try:
            self.state.add(counts)
        except sqlite3.Error:  # a full disk, or a file that is busy: kept with the next tick
            with self._counting:
                for key, value in counts.items():
                    self._counts[key] += value
            raise

    def _take(self, routing: Routing | None) -> Routing:
        if routing is not None and routing.version > self._routing.version:  # another thread may have seen a newer one
            self._routing = routing
        return self._routing

    def _checked(self, weights: Mapping[str, float]) -> dict[str, float]:
        names = [route.name for route in self.answering]
        if set(weights) != set(names):
            raise InvalidParameterValue(
                f"Weights are given for {', '.join(weights) or 'nobody'}. Give one for each of {', '.join(names)}."
            )
        return {name: float(weights[name]) for name in names}


def _divided(now: Routing, weights: Mapping[str, float], ramp: Ramp | None) -> Routing:
    split = now.split.moved_to(weights)
    return msgspec.structs.replace(now, weights=dict(weights), split=split, ramp=ramp)


def _at_step(now: Routing, ramp: Ramp, reason: str) -> tuple[Routing, Event]:
    weights = ramp.weights(now.told.weights)
    evidence = {"weights": weights, "step": ramp.position + 1, "of": len(ramp.steps)}
    return _divided(now, weights, ramp), Event(kind="ramp", variant=ramp.variant, message=reason, evidence=evidence)


def _started(routes: Routes, state: State, time: int) -> Routing:
    """The routing of a server that starts: what held before, if it was started with the same, else what it is told."""

    def decide(now: Routing | None) -> tuple[Routing, Event] | None:
        if now is not None and (now.told.routes, now.told.ramp) == (routes.routes, routes.ramp):
            return None
        weights = routes.weights
        split = now.split.moved_to(weights) if now is not None else Split.of(weights)
        routing = Routing(told=routes, weights=weights, split=split)
        message = "The server starts with these routes."
        if routes.ramp is not None:
            return _at_step(routing, routes.ramp.begun(time), message)
        return routing, Event(kind="start", message=message, evidence={"weights": weights})

    found = state.change(decide)
    assert found is not None
    return found
