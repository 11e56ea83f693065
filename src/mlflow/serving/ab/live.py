"""An experiment on the traffic of one server, as one of its processes sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.ab.database import Database
from mlflow.serving.ab.decider import Decider, Versions
from mlflow.serving.ab.experiment import Experiment, begun
from mlflow.serving.ab.judgement import compare, figures_of, finite
from mlflow.serving.ab.ledger import Ledger, Outcome, Reward
from mlflow.serving.ab.plan import Plan
from mlflow.serving.ab.recorder import Recorder
from mlflow.serving.ab.records import Command, Records
from mlflow.serving.ab.tallies import Tally
from mlflow.serving.traffic.state import now_ms
from mlflow.serving.traffic.traffic import Traffic

__all__ = ["LiveExperiment"]

_PATIENCE = 60.0  # seconds that an operator waits for the registry


class LiveExperiment:
    """Counts what the variants earn, and decides about them.

    Args:
        plan: what the experiment is told. A server that starts again with the same plan and routes goes on with it.
        traffic: that is watched and divided.
        versions: tells which version answers for each variant now.
        keep: requests that are remembered for their rewards.
        slowest: seconds within which each request is answered, or has failed.
        logged: whether results are logged to the tracking server.

    Raises:
        InvalidParameterValue: there are not two variants to compare.
    """

    def __init__(
        self,
        plan: Plan,
        traffic: Traffic,
        versions: Versions,
        keep: int,
        *,
        slowest: float = 60.0,
        logged: bool = True,
    ) -> None:
        if len(traffic.answering) < 2:
            raise InvalidParameterValue(
                "An experiment compares variants, and one alone answers here. Give two --route or more that are no "
                "shadows."
            )
        self.plan = plan
        self._traffic, self._versions = traffic, versions
        self._database = Database.open(traffic.state.folder)
        self._records, self._ledger = Records(self._database), Ledger(self._database, keep)
        self._records.go_on(begun(plan, traffic.routes, now_ms()))
        self._recorder = Recorder(traffic, self._records, self._ledger)
        self.decider = Decider(
            traffic, self._database, self._records, self._ledger, versions, slowest=slowest, logged=logged
        )
        traffic.observe(self._recorder.observe)
        traffic.every_tick(self._recorder.keep)

    def start(self) -> None:
        """Begin to decide, as soon as no other process of the server does."""
        self.decider.start()

    def close(self) -> None:
        """Keep what was seen, and let go of the experiment."""
        self.decider.close()
        self._recorder.close()
        self._database.close()

    def reward(self, rewards: Sequence[Reward]) -> list[Outcome]:
        """Join rewards to their requests.

        Raises:
            InvalidParameterValue: one is none of the metric; nothing is joined then.
        """
        if self.plan.metric is None:
            raise InvalidParameterValue("This server measures no rewards. Start it with --reward-metric.")
        for one in rewards:
            self.plan.metric.check(one.reward)
        outcomes = self._ledger.reward(rewards)
        if "unknown" in outcomes:  # answered a moment ago, perhaps
            self._recorder.keep()
            outcomes = self._again(rewards, outcomes)
        return outcomes

    def may_learn(self) -> bool:
        """Whether a request that is unknown now may be known in a moment."""
        return self._recorder.may_learn()

    def retry(self, rewards: Sequence[Reward], outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Join those again that were unknown: another process may have kept their requests meanwhile."""
        return self._again(rewards, outcomes)

    def ask(self, command: Command, seconds: float = _PATIENCE) -> None:
        """Have the deciding process do something, within so many seconds.

        Raises:
            DeadlineExceeded: it was not done in time, and will not be; but a promotion that the registry is asked for
                already may come about.
            MlflowException: it cannot be done.
        """
        self._records.ask(command, seconds)

    def counted(self) -> dict[tuple[str, str], Tally]:
        """All that was counted in the newest experiment, by variant and version."""
        number, _ = self._records.newest() or (0, None)
        found: dict[tuple[str, str], Tally] = {}
        for slot, tally in self._ledger.tallies(number).items():
            found.setdefault((slot.variant, slot.version), Tally()).add(tally)
        return found

    def status(self) -> dict[str, Any]:
        """How things are, as JSON values; what is not known yet is None."""
        found = self._records.newest()
        assert found is not None
        number, experiment = found
        tallies, versions = self._ledger.tallies(number), self._versions()
        weights = (self._traffic.state.routing() or self._traffic.routing).weights  # as another process left them
        control = experiment.control.name
        version = next((one.version[1] for one in experiment.contestants if one.version[1]), versions[control])
        first = figures_of(experiment, tallies, control, version)
        variants: list[dict[str, Any]] = [{**msgspec.to_builtins(first), "standing": "control"}]
        for one in experiment.contestants:
            compared = msgspec.to_builtins(compare(experiment, one, tallies))
            compared.pop("control")
            variants.append({**compared.pop("figures"), **compared, "standing": one.standing})
        whole = sum(weights.values())
        for shown in variants:
            shown["share"] = weights[shown["variant"]] / whole
        split = experiment.division.shown()
        status: dict[str, Any] = finite({**_told(number, experiment), "split": split, "variants": variants})
        return status

    def _again(self, rewards: Sequence[Reward], outcomes: Sequence[Outcome]) -> list[Outcome]:
        unknown = [place for place, outcome in enumerate(outcomes) if outcome == "unknown"]
        found = list(outcomes)
        joined = self._ledger.reward([rewards[place] for place in unknown])
        for place, outcome in zip(unknown, joined, strict=True):
            found[place] = outcome
        return found


def _told(number: int, experiment: Experiment) -> dict[str, Any]:
    plan = experiment.plan
    return {
        "experiment": number,
        "metric": plan.metric.name if plan.metric is not None else None,
        "kind": plan.metric.kind if plan.metric is not None else None,
        "alpha": plan.alpha,
        "rule": plan.rule.text,
        "guardrails": [guardrail.text for guardrail in plan.guardrails],
        "started": experiment.started,
        "ended": experiment.ended or None,
        "outcome": experiment.outcome,
        "problem": experiment.problem,
        "control": experiment.control.name,
        "run_id": experiment.runs.parent if experiment.runs is not None else None,
    }
