"""What the figures of an experiment say, and what follows from them. Nothing here changes anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from mlflow.serving.ab.excess import excess_evidence
from mlflow.serving.ab.experiment import Contestant, Experiment
from mlflow.serving.ab.intervals import Interval, Moments, difference_interval, mean_interval
from mlflow.serving.ab.plan import Guardrail
from mlflow.serving.ab.tallies import Slot, Tally, total

__all__ = [
    "HELD",
    "Comparison",
    "Figures",
    "Step",
    "Verdict",
    "Watched",
    "compare",
    "figures_of",
    "finite",
    "next_step",
]

Verdict = Literal["better", "worse", "undecided"]

HELD = "No rule promotes a challenger or raises its share meanwhile."
"""What follows where requests are not divided as their weights say: figures of the variants do not compare then."""


class Watched(msgspec.Struct, frozen=True):
    """A guardrail of a variant.

    Attributes:
        guardrail: as it was given.
        bad: the share of answers that count against it.
        evidence: the logarithm of the evidence that the share is above what is allowed.
        holds: whether that is not significant.
    """

    guardrail: str
    bad: float
    evidence: float
    holds: bool


class Figures(msgspec.Struct, frozen=True):
    """A variant in numbers, of the version that answers for it now.

    Attributes:
        variant: its name.
        version: of its model.
        requests: answered.
        rewards: how many have earned something, or are known to have earned nothing.
        reward: the rate or mean of the rewards, and its interval.
        error_rate: the share of failures.
        latency_ms: the mean, in milliseconds.
        latency_p95_ms: the 95th percentile, up to 10 % too high.
    """

    variant: str
    version: str
    requests: int
    rewards: int
    reward: Interval
    error_rate: float
    latency_ms: float
    latency_p95_ms: float


class Comparison(msgspec.Struct, frozen=True):
    """A challenger beside the control.

    Attributes:
        figures: the challenger.
        control: the control.
        difference: of the rewards, the challenger's less the control's.
        p_value: always valid.
        alpha: what it is compared with.
        verdict: what it says.
        watched: the guardrails.
    """

    figures: Figures
    control: Figures
    difference: Interval
    p_value: float
    alpha: float
    verdict: Verdict
    watched: tuple[Watched, ...]

    def evidence(self) -> dict[str, Any]:
        """The numbers behind a decision, for the registry's history."""
        found: dict[str, Any] = finite(msgspec.to_builtins(self))
        return found


class Step(msgspec.Struct, frozen=True):
    """Something to be done.

    Attributes:
        kind: what.
        variant: with whom; empty for the end of an experiment.
        reason: why.
        share: of the traffic, in percent, for a ramp.
    """

    kind: Literal["ramp", "promote", "rollback", "end"]
    variant: str
    reason: str
    share: float = 0.0


def figures_of(experiment: Experiment, tallies: Mapping[Slot, Tally], variant: str, version: str) -> Figures:
    """A variant in numbers."""
    tally = total(tallies, variant, version)
    return Figures(
        variant=variant,
        version=version,
        requests=tally.requests,
        rewards=int(tally.rewards.count),
        reward=_bounded(experiment, mean_interval(tally.rewards, experiment.plan.alpha), 0.0),
        error_rate=tally.error_rate,
        latency_ms=tally.mean_seconds * 1000,
        latency_p95_ms=tally.percentile(95) * 1000,
    )


def compare(experiment: Experiment, one: Contestant, tallies: Mapping[Slot, Tally]) -> Comparison:
    """A challenger beside the control."""
    version, control_version = one.version
    significant = one.difference.p_value <= experiment.alpha
    return Comparison(
        figures=figures_of(experiment, tallies, one.name, version),
        control=figures_of(experiment, tallies, experiment.control.name, control_version),
        difference=_bounded(experiment, difference_interval(_pairs(experiment, one, tallies), experiment.alpha), -1.0),
        p_value=one.difference.p_value,
        alpha=experiment.alpha,
        verdict=("better" if one.difference.upwards else "worse") if significant else "undecided",
        watched=_watched(experiment, total(tallies, one.name, version)),
    )


def next_step(
    experiment: Experiment, comparisons: Mapping[str, Comparison], weights: Mapping[str, float]
) -> Step | None:
    """What is to be done now; None for nothing. Nobody gets more while requests are not divided as their weights say.

    Args:
        experiment: that goes on.
        comparisons: of its challengers, by name.
        weights: that hold now.
    """
    running = experiment.running
    for one in running:
        broken = next((found for found in comparisons[one.name].watched if not found.holds), None)
        if broken is not None:
            reason = f"Guardrail {broken.guardrail} does not hold: {broken.bad:.2%} of its answers count against it."
            return Step("rollback", one.name, reason)
    if not running:
        return Step("end", "", "No challenger is left.")
    return _by_rewards(experiment, [(one, comparisons[one.name]) for one in running], weights)


def _by_rewards(
    experiment: Experiment, compared: list[tuple[Contestant, Comparison]], weights: Mapping[str, float]
) -> Step | None:
    rule, metric = experiment.plan.rule, experiment.plan.metric
    if metric is None:
        return None
    for one, found in compared:
        if rule.rollback and found.verdict == "worse":
            return Step("rollback", one.name, f"Its {metric.name} is worse than that of '{experiment.control.name}'.")
    better = [(one, found) for one, found in compared if found.verdict == "better"]
    if rule.promote and better and experiment.division.fits:
        best, _ = max(better, key=lambda pair: pair[1].difference.value)
        return Step("promote", best.name, f"Its {metric.name} is better than that of '{experiment.control.name}'.")
    seen = sum(found.figures.rewards for _, found in compared) + compared[0][1].control.rewards
    if rule.limit and seen >= rule.limit:
        return Step("end", "", f"Nothing was decided within {rule.limit} rewards.")
    return _climb(experiment, compared, weights) if experiment.division.fits else None


def _climb(
    experiment: Experiment, compared: list[tuple[Contestant, Comparison]], weights: Mapping[str, float]
) -> Step | None:
    rule = experiment.plan.rule
    all_of_it = sum(weights.values())
    for one, found in compared:
        next_one = one.step + 1
        if next_one >= len(rule.ramp) or found.verdict == "worse":
            continue
        if one.step >= 0 and found.figures.rewards - one.rewards_at_step < rule.every:
            continue
        share = rule.ramp[next_one]
        taken = sum(weights[other.name] for other, _ in compared if other is not one) / all_of_it * 100
        if taken + share < 100:
            return Step("ramp", one.name, f"Step {next_one + 1} of {len(rule.ramp)} of its ramp is due.", share)
    return None


def _bounded(experiment: Experiment, found: Interval, least: float) -> Interval:
    metric = experiment.plan.metric
    return found.within(least, 1.0) if metric is not None and metric.kind == "rate" else found


def _pairs(experiment: Experiment, one: Contestant, tallies: Mapping[Slot, Tally]) -> list[tuple[Moments, Moments]]:
    """The rewards of the control and of a challenger in each phase."""
    found: dict[int, tuple[Moments, Moments]] = {}
    wanted = {experiment.control.name: one.version[1], one.name: one.version[0]}
    for slot, tally in tallies.items():
        if wanted.get(slot.variant) == slot.version:
            control, challenger = found.get(slot.phase, (Moments(), Moments()))
            if slot.variant == one.name:
                found[slot.phase] = control, challenger + tally.rewards
            else:
                found[slot.phase] = control + tally.rewards, challenger
    return list(found.values())


def _watched(experiment: Experiment, tally: Tally) -> tuple[Watched, ...]:
    counted = zip(experiment.plan.guardrails, tally.bad or [0] * len(experiment.plan.guardrails), strict=True)
    return tuple(_watch(guardrail, bad, tally.requests, experiment.alpha) for guardrail, bad in counted)


def _watch(guardrail: Guardrail, bad: int, requests: int, alpha: float) -> Watched:
    evidence = excess_evidence(bad, requests, guardrail.allowed)
    return Watched(guardrail.text, bad / requests if requests else 0.0, evidence, bool(evidence < -math.log(alpha)))


def finite(value: Any) -> Any:
    """The same without infinities and what is no number, which JSON has not."""
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
