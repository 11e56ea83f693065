"""What is counted of the requests of an experiment.

Requests are grouped by slot: one phase between changes of the weights, one variant, one version of its model. Each slot
has a tally.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import msgspec

from mlflow.serving.ab.intervals import Moments

__all__ = ["Slot", "Tally", "total"]

_FASTEST = 1e-4  # seconds; the first bound of the histogram
_STEP = math.log(1.1)  # bounds are 10 % apart, so a percentile is off by that at most
_BOUNDS = 160  # up to 400 s


class Slot(msgspec.Struct, frozen=True):
    """Where a request is counted.

    Attributes:
        phase: the version of the routing that assigned it.
        variant: who answered.
        version: of its model.
        weights: those that held, of all variants.
    """

    phase: int
    variant: str
    version: str
    weights: tuple[tuple[str, float], ...]

    def share(self, challenger: str, control: str) -> float:
        """With which probability a request of the pair goes to the challenger; 0 when none of them gets any."""
        given = dict(self.weights)
        both = given.get(challenger, 0.0) + given.get(control, 0.0)
        return given.get(challenger, 0.0) / both if both else 0.0


class Tally(msgspec.Struct):
    """Counts of some requests.

    Attributes:
        requests: that were answered.
        failures: those for which the variant is to blame.
        seconds: all their time.
        times: how many took how long, by bounds that are 10 % apart.
        bad: for each guardrail, how many count against it.
        rewards: what they earned.
    """

    requests: int = 0
    failures: int = 0
    seconds: float = 0.0
    times: dict[int, int] = {}
    bad: list[int] = []
    rewards: Moments = Moments()

    def count(self, seconds: float, failed: bool, bad: Iterable[bool]) -> None:
        """Count a request."""
        self.requests += 1
        self.failures += failed
        self.seconds += seconds
        place = min(_BOUNDS, max(0, math.ceil(math.log(max(seconds, _FASTEST) / _FASTEST) / _STEP)))
        self.times[place] = self.times.get(place, 0) + 1
        self.bad = _sums(self.bad, map(int, bad))

    def add(self, other: Tally) -> None:
        """Add what another one counted."""
        self.requests += other.requests
        self.failures += other.failures
        self.seconds += other.seconds
        for place, number in other.times.items():
            self.times[place] = self.times.get(place, 0) + number
        self.bad = _sums(self.bad, other.bad)
        self.rewards += other.rewards

    @property
    def error_rate(self) -> float:
        """The share of requests that failed; 0 when there are none."""
        return self.failures / self.requests if self.requests else 0.0

    @property
    def mean_seconds(self) -> float:
        """The mean time of a request; 0 when there are none."""
        return self.seconds / self.requests if self.requests else 0.0

    def percentile(self, percent: float) -> float:
        """The time within which so many percent of the requests were answered, up to 10 % too high."""
        wanted, seen = self.requests * percent / 100, 0
        for place in sorted(self.times):
            seen += self.times[place]
            if seen >= wanted:
                return _FASTEST * math.exp(place * _STEP)
        return 0.0


def total(tallies: Mapping[Slot, Tally], variant: str, version: str | None = None) -> Tally:
    """All that was counted of a variant, or of one version of it."""
    found = Tally()
    for slot, tally in tallies.items():
        if slot.variant == variant and version in {None, slot.version}:
            found.add(tally)
    return found


def _sums(one: list[int], other: Iterable[int]) -> list[int]:
    added = list(other)
    if not one or not added:  # of a tally that has counted no request
        return one or added
    return [a + b for a, b in zip(one, added, strict=True)]
