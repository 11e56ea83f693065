"""Canary ramps: a variant's share grows step by step.

>>> ramp = parse_ramp("challenger=5,25,50:10m")
>>> ramp.weights({"champion": 100.0, "challenger": 0.0})
{'champion': 95.0, 'challenger': 5.0}
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from mlflow.exceptions import InvalidParameterValue

__all__ = ["Ramp", "parse_ramp", "with_share"]

_FORM = "VARIANT=PERCENT,PERCENT,…:SECONDS, such as challenger=5,25,50:10m"
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_TIME = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")


class Ramp(msgspec.Struct, frozen=True, kw_only=True):
    """A variant's way up.

    Attributes:
        variant: its name.
        steps: its share of all traffic at each step, in percent.
        every: seconds that each step lasts at least; time without a server does not count.
        position: the step that holds now.
        due: when the next one begins, in milliseconds; 0 while the ramp has not begun.
    """

    variant: str
    steps: tuple[float, ...]
    every: float
    position: int = 0
    due: int = 0

    @property
    def is_over(self) -> bool:
        """Whether the last step holds."""
        return self.position >= len(self.steps) - 1

    def check(self, names: Mapping[str, float]) -> None:
        """Refuse a ramp that cannot go with these variants.

        Raises:
            InvalidParameterValue: its variant is none of them, or is alone.
        """
        if self.variant not in names:
            raise InvalidParameterValue(
                f"The ramp is for '{self.variant}', which is none of the routes that answer: {', '.join(names)}."
            )
        if len(names) == 1:
            raise InvalidParameterValue(f"'{self.variant}' answers alone, so no ramp can take traffic from another.")

    def begun(self, now: int) -> Ramp:
        """At its first step."""
        return msgspec.structs.replace(self, position=0, due=now + round(self.every * 1000))

    def advanced(self, now: int) -> Ramp:
        """At its next step when that is due, else as it is; never two steps at once, however long nobody looked."""
        if self.is_over or now < self.due:
            return self
        return msgspec.structs.replace(self, position=self.position + 1, due=now + round(self.every * 1000))

    def weights(self, given: Mapping[str, float]) -> dict[str, float]:
        """The weights of its step; the others share the rest as they did."""
        return with_share(given, self.variant, self.steps[self.position])


def with_share(given: Mapping[str, float], variant: str, percent: float) -> dict[str, float]:
    """Weights, in percent, that give a variant its share; the others divide the rest in their own proportions."""
    others = {name: weight for name, weight in given.items() if name != variant}
    total = sum(others.values())
    rest = 100.0 - percent
    return {
        name: percent if name == variant else rest * (weight / total if total else 1 / len(others))
        for name, weight in given.items()
    }


def parse_ramp(text: str) -> Ramp:
    """A ramp of the command line.

    Raises:
        InvalidParameterValue: it has not the form, or a share is no percentage.
    """
    name, found, rest = text.partition("=")
    listed, colon, time = rest.rpartition(":")
    length = _TIME.fullmatch(time.strip())
    if not found or not colon or not name or length is None:
        raise InvalidParameterValue(f"Ramp '{text}' has not the form {_FORM}.")
    try:
        steps = tuple(float(step) for step in listed.split(","))
    except ValueError as exc:
        raise InvalidParameterValue(f"Ramp '{text}' has not the form {_FORM}.") from exc
    if not all(0 <= step <= 100 for step in steps):
        raise InvalidParameterValue(f"The steps of ramp '{text}' are not all percentages. Give numbers from 0 to 100.")
    seconds = float(length[1]) * _UNITS[length[2]]
    if seconds <= 0:
        raise InvalidParameterValue(f"The steps of ramp '{text}' last no time. Give each some seconds.")
    return Ramp(variant=name, steps=steps, every=seconds)
