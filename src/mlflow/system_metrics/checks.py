"""What intervals and numbers of samples are acceptable."""

from __future__ import annotations

import math

from mlflow.exceptions import InvalidParameterValue

__all__ = ["check_interval", "check_samples"]


def check_interval(interval: object) -> float:
    """The seconds between samples, as a number.

    Raises:
        InvalidParameterValue: it is not a number above 0.
    """
    try:
        seconds = float(str(interval))
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise InvalidParameterValue(f"Sampling interval is '{interval}'. Use seconds above 0.")
    return seconds


def check_samples(samples: object) -> int:
    """The number of samples that one point averages.

    Raises:
        InvalidParameterValue: it is not a whole number of at least 1.
    """
    if isinstance(samples, bool) or not str(samples).isdecimal() or int(str(samples)) < 1:
        raise InvalidParameterValue(f"Number of samples before logging is '{samples}'. Use a whole number above 0.")
    return int(str(samples))
