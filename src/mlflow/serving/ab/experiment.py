"""An experiment as it stands: what a restart goes on with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from mlflow.serving.ab.ledger import Arrival
from mlflow.serving.ab.plan import Plan
from mlflow.serving.ab.ratio import Division
from mlflow.serving.ab.sequential import Difference
from mlflow.serving.traffic.routes import Route, Routes

__all__ = ["Contestant", "Experiment", "RunIds", "Standing", "begun"]

Standing = Literal["running", "promoted", "rolled_back", "refused"]
"""Of a challenger: refused when the registry did not let it have the alias."""


class RunIds(msgspec.Struct):
    """The runs that results are logged to: one for the experiment, one for each variant."""

    parent: str
    children: dict[str, str]


class Contestant(msgspec.Struct):
    """A challenger.

    Attributes:
        name: of its route.
        version: of its model, and of the control's, that rewards are compared for.
        difference: the evidence that it differs from the control.
        standing: what was decided.
        step: of the rule's ramp that was taken last; -1 before the first.
        rewards_at_step: its rewards then.
    """

    name: str
    version: tuple[str, str] = ("", "")
    difference: Difference = msgspec.field(default_factory=Difference)
    standing: Standing = "running"
    step: int = -1
    rewards_at_step: int = 0


class Experiment(msgspec.Struct, kw_only=True):
    """One experiment.

    Attributes:
        plan: what it was told.
        routes: what the server was started with; the first one that answers is the control.
        contestants: the others.
        started: in milliseconds of UTC.
        ended: likewise; 0 while it goes on.
        outcome: how it ended, for people.
        runs: where results are logged; None until there are any.
        division: how the requests were divided.
        problem: what keeps a decision from taking effect, for people; empty while nothing does.
    """

    plan: Plan
    routes: Routes
    contestants: list[Contestant]
    started: int
    ended: int = 0
    outcome: str = ""
    runs: RunIds | None = None
    division: Division = msgspec.field(default_factory=Division)
    problem: str = ""

    @property
    def answering(self) -> tuple[Route, ...]:
        """The variants that take part."""
        return tuple(route for route in self.routes.routes if not route.shadow)

    @property
    def control(self) -> Route:
        """What the others are compared with."""
        return self.answering[0]

    @property
    def running(self) -> list[Contestant]:
        """The challengers about which nothing is decided."""
        return [one for one in self.contestants if one.standing == "running"]

    @property
    def alpha(self) -> float:
        """The level of each comparison, so that all of them together hold the plan's (Bonferroni)."""
        return self.plan.alpha / max(1, len(self.contestants))

    def contestant(self, name: str) -> Contestant | None:
        """The challenger of that name; None when there is none."""
        return next((one for one in self.contestants if one.name == name), None)

    def end(self, at: int, outcome: str) -> None:
        """Note that it is over."""
        self.ended, self.outcome = at, outcome

    def take(self, arrivals: Sequence[Arrival]) -> None:
        """Go on with rewards, in the order in which they came.

        A late one says nothing to the test: who answered its request is known from the 0 that it counted as, and no
        chance any more, on which alone the test rests.
        """
        arrivals = [found for found in arrivals if not found.late]
        for one in self.contestants:
            pair = {one.name: one.version[0], self.control.name: one.version[1]}
            told = [found for found in arrivals if pair.get(found.slot.variant) == found.slot.version]
            if told:
                one.difference.update(
                    np.array([found.reward for found in told]),
                    np.array([found.slot.variant == one.name for found in told]),
                    np.array([found.slot.share(one.name, self.control.name) for found in told]),
                )


def begun(plan: Plan, routes: Routes, at: int) -> Experiment:
    """An experiment at its beginning."""
    _, *others = (route for route in routes.routes if not route.shadow)
    return Experiment(plan=plan, routes=routes, contestants=[Contestant(route.name) for route in others], started=at)
