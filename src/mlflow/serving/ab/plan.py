"""What an experiment on live traffic is told: what is measured, what must not happen, and what follows.

>>> parse_metric("revenue:mean")
Metric(name='revenue', kind='mean')
>>> parse_guardrail("latency_p95<200ms").allowed
0.05
>>> parse_rule("promote,rollback,ramp=10/25/50,every=2000").ramp
(10.0, 25.0, 50.0)
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal, get_args

import msgspec

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.traffic.routes import Routes

__all__ = ["Guardrail", "Metric", "Plan", "Rule", "collect_plan", "parse_guardrail", "parse_metric", "parse_rule"]

Kind = Literal["rate", "mean"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_. -]{0,63}")
_ERRORS = re.compile(r"error_rate<(\d*\.?\d+)(%?)")
_LATENCY = re.compile(r"latency_p(\d{1,2}(?:\.\d+)?)<(\d*\.?\d+)(ms|s)")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_GUARDRAIL_FORM = "error_rate<SHARE or latency_pNN<TIME, such as error_rate<0.02 or latency_p95<200ms"
_RULE_FORM = "a list of promote, rollback, ramp=10/25/50, every=REWARDS and limit=REWARDS, separated by commas"


class Metric(msgspec.Struct, frozen=True):
    """What rewards mean.

    Attributes:
        name: of the metric.
        kind: a rate of rewards that are 0 or 1, or the mean of any numbers. More is better.
    """

    name: str
    kind: Kind = "rate"

    def check(self, reward: float) -> None:
        """Refuse a reward that is none of this metric.

        Raises:
            InvalidParameterValue: it is no finite number, or neither 0 nor 1 where a rate is measured.
        """
        if not math.isfinite(reward):
            raise InvalidParameterValue(f"Reward '{reward}' is not finite. Send a number.")
        if self.kind == "rate" and reward not in {0.0, 1.0}:
            raise InvalidParameterValue(
                f"Reward '{reward:g}' is neither 0 nor 1, and '{self.name}' is a rate. Send 0 or 1, or start the "
                f"server with --reward-metric {self.name}:mean."
            )


class Guardrail(msgspec.Struct, frozen=True):
    """A share of answers that may be bad: failed, or slower than a limit.

    Attributes:
        text: as it was given.
        allowed: the share, between 0 and 1.
        seconds: the time above which an answer is slow; None where failures count.
    """

    text: str
    allowed: float
    seconds: float | None = None

    def is_bad(self, failed: bool, seconds: float) -> bool:
        """Whether an answer counts against it."""
        return failed if self.seconds is None else seconds > self.seconds


class Rule(msgspec.Struct, frozen=True):
    """What follows from the rewards.

    Attributes:
        text: as it was given.
        promote: a variant that is better takes the place of the control.
        rollback: one that is worse loses its traffic.
        ramp: the shares, in percent, by which a variant that is not worse grows.
        every: rewards of the variant at each step of the ramp.
        limit: rewards in all after which an undecided experiment ends and the control gets all traffic; 0 for never.
    """

    text: str = ""
    promote: bool = False
    rollback: bool = False
    ramp: tuple[float, ...] = ()
    every: int = 1000
    limit: int = 0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One experiment.

    Attributes:
        metric: what rewards mean; None where only guardrails are watched.
        guardrails: what must not happen.
        rule: what follows.
        alpha: how often a difference that is not there may be found, over the whole experiment.
        window: seconds after which a request without a reward counts as one of 0; None for never.
    """

    metric: Metric | None = None
    guardrails: tuple[Guardrail, ...] = ()
    rule: Rule = Rule()
    alpha: float = 0.05
    window: float | None = None


def collect_plan(
    metric: str | None = None,
    guardrails: Sequence[str] = (),
    rule: str | None = None,
    alpha: float = 0.05,
    window: str | None = None,
    routes: Routes | None = None,
) -> Plan | None:
    """The plan of a command; None where there is none.

    Args:
        metric: NAME, NAME:rate or NAME:mean.
        guardrails: limits.
        rule: words.
        alpha: the level.
        window: a time such as 30m.
        routes: of the server, which must have something to compare.

    Raises:
        InvalidParameterValue: a part of it makes no sense, or one needs another.
    """
    if metric is None and not guardrails and rule is None and window is None:
        return None
    if metric is None and (rule is not None or window is not None):
        missing = "--rule" if rule is not None else "--reward-window"
        raise InvalidParameterValue(f"{missing} needs --reward-metric, which says what rewards mean. Give both.")
    if routes is not None and sum(not route.shadow for route in routes.routes) < 2:
        raise InvalidParameterValue(
            "An A/B test compares variants, and one alone answers here. Give two --route or more that are no shadows."
        )
    if not 0 < alpha < 0.5:
        raise InvalidParameterValue(f"--alpha is '{alpha:g}'. Give a number above 0 and below 0.5, such as 0.05.")
    return Plan(
        metric=parse_metric(metric) if metric is not None else None,
        guardrails=tuple(dict.fromkeys(map(parse_guardrail, guardrails))),
        rule=parse_rule(rule) if rule is not None else Rule(),
        alpha=alpha,
        window=_duration(window) if window is not None else None,
    )


def parse_metric(text: str) -> Metric:
    """NAME, NAME:rate or NAME:mean.

    Raises:
        InvalidParameterValue: it has not the form.
    """
    name, found, kind = text.partition(":")
    for known in get_args(Kind):
        if _NAME.fullmatch(name) and (kind == known or not found):
            return Metric(name, kind if found else "rate")  # type: ignore[arg-type]  # one of those that are known
    raise InvalidParameterValue(
        f"Reward metric '{text}' has not the form NAME, NAME:rate or NAME:mean, such as conversion or revenue:mean."
    )


def parse_guardrail(text: str) -> Guardrail:
    """A guardrail of the command line.

    Raises:
        InvalidParameterValue: it has not the form, or allows nothing or everything.
    """
    plain = text.replace(" ", "")
    errors, latency = _ERRORS.fullmatch(plain), _LATENCY.fullmatch(plain)
    if errors:
        found = Guardrail(plain, float(errors[1]) / (100 if errors[2] else 1))
    elif latency:
        seconds = float(latency[2]) / (1000 if latency[3] == "ms" else 1)
        found = Guardrail(plain, round(1 - float(latency[1]) / 100, 10), seconds)
    else:
        raise InvalidParameterValue(f"Guardrail '{text}' has not the form {_GUARDRAIL_FORM}.")
    if not 0 < found.allowed < 1 or found.seconds == 0:
        raise InvalidParameterValue(
            f"Guardrail '{text}' allows nothing or everything. Give a share between 0 and 1 and a time above 0."
        )
    return found


def parse_rule(text: str) -> Rule:
    """A rule of the command line.

    Raises:
        InvalidParameterValue: it has a word that is not known, or a number that makes no sense.
    """
    known = {"promote": _flag, "rollback": _flag, "ramp": _shares, "every": _count, "limit": _count}
    values: dict[str, object] = {}
    for part in text.replace(" ", "").split(","):
        word, _, value = part.partition("=")
        if word not in known or word in values:
            raise InvalidParameterValue(f"Rule '{text}' has the part '{part}'. Write {_RULE_FORM}.")
        values[word] = known[word](text, value)
    return msgspec.convert({"text": text, **values}, Rule)


def _flag(text: str, value: str) -> bool:
    if value:
        raise InvalidParameterValue(f"Rule '{text}' gives a value to a word that takes none. Write {_RULE_FORM}.")
    return True


def _shares(text: str, value: str) -> tuple[float, ...]:
    try:
        found = tuple(map(float, value.split("/")))
    except ValueError as exc:
        raise InvalidParameterValue(f"The ramp of rule '{text}' is no list of percentages such as 10/25/50.") from exc
    if not all(0 < share < 100 for share in found) or list(found) != sorted(set(found)):
        raise InvalidParameterValue(
            f"The ramp of rule '{text}' does not rise between 0 and 100. Give percentages such as 10/25/50."
        )
    return found


def _count(text: str, value: str) -> int:
    if not value.isdecimal() or not int(value):
        raise InvalidParameterValue(f"Rule '{text}' has the number '{value}'. Give a whole number above 0.")
    return int(value)


def _duration(text: str) -> float:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise InvalidParameterValue(f"--reward-window is '{text}'. Give a time such as 30m or 12h.")
    return float(found[1]) * _UNITS[found[2]]
