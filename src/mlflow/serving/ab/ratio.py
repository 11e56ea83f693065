"""Whether requests were divided among the variants as their weights say; may be looked at after every request.

Where they were not (a sample ratio mismatch), requests of some variant are lost or refused, or repeated, and not at
random: then figures of the variants do not compare, however significant they are.

If a request goes to variant i with probability w_i, then for any factor δ, by which the odds of that could be off,

    M(δ) = ∏ δ^(it went to i) / (1 - w_i + w_i δ)

over all requests is a non-negative martingale with mean 1, also for weights that change from request to request. So is
the average over variants and a prior of δ, and by Ville's inequality it ever exceeds 1/α with probability α at most.

Source: M. Lindon, A. Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 35 (2022): the mixture of
multinomial likelihood ratios as a sequential test for sample ratio mismatch. Theirs is over a Dirichlet prior of the
probabilities; here it is over odds, which stay the same when weights change, so that the evidence of all weights adds
up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mlflow.serving.ab.tallies import Slot

__all__ = ["SPLIT_ALPHA", "Division", "Share", "log_mixture", "log_products", "ratio_evidence"]

Array = NDArray[np.float64]

SPLIT_ALPHA = 0.001
"""How often a split that is right may be found wrong, over a whole experiment."""

_NODES = np.geomspace(0.005, 3.0, 16)
_LOG_ODDS = np.concatenate([-_NODES[::-1], _NODES])  # log δ: from half a percent off to 20 times as many


class Share(msgspec.Struct):
    """The requests that were assigned by the same weights.

    Attributes:
        weights: the probabilities of the variants.
        counts: how many went to each.
    """

    weights: dict[str, float]
    counts: dict[str, int]

    @property
    def expected(self) -> dict[str, float]:
        """How many of them were to go to each."""
        requests = sum(self.counts.values())
        return {name: weight * requests for name, weight in self.weights.items()}


def ratio_evidence(shares: Sequence[Share]) -> float:
    """The logarithm of the evidence that requests were not divided as told; above -log(α) it is significant."""
    found: dict[str, Any] = {}
    for share in shares:
        for name, paths in log_products(share.weights, share.counts).items():
            found[name] = found.get(name, 0.0) + paths
    return float(log_mixture(found)) if found else 0.0


def log_products(weights: Mapping[str, float], counts: Mapping[str, Any]) -> dict[str, Array]:
    """The logarithm of M(δ) for each variant, along a last axis of all δ.

    Args:
        weights: the probabilities of the variants; what has 0 or 1 teaches nothing.
        counts: how many requests went to each: numbers, or arrays for several times.
    """
    possible = {name: weight for name, weight in weights.items() if 0 < weight < 1}
    requests = sum(np.asarray(counts.get(name, 0)) for name in possible)
    return {
        name: np.multiply.outer(np.asarray(counts.get(name, 0)), _LOG_ODDS)
        - np.multiply.outer(requests, np.logaddexp(math.log1p(-weight), math.log(weight) + _LOG_ODDS))
        for name, weight in possible.items()
    }


def log_mixture(products: Mapping[str, Array]) -> Array:
    """The logarithm of their average over variants and δ."""
    paths = np.concatenate(list(products.values()), axis=-1)
    mixture: Array = np.logaddexp.reduce(paths, axis=-1) - math.log(paths.shape[-1])
    return mixture


class Division(msgspec.Struct):
    """How the requests of an experiment were divided, so far.

    Attributes:
        shares: the requests, by the weights that held for them.
        since: when the first of them may have been assigned, in milliseconds of UTC.
        told: whether it was noted that they do not fit the weights.
    """

    shares: list[Share] = []
    since: int = 0
    told: bool = False

    @property
    def evidence(self) -> float:
        """The logarithm of the evidence that they do not fit."""
        return ratio_evidence(self.shares)

    @property
    def fits(self) -> bool:
        """Whether they fit the weights, as far as can be said."""
        return self.evidence < -math.log(SPLIT_ALPHA)

    def take(self, requests: Mapping[Slot, int]) -> None:
        """Count further requests."""
        for slot, number in requests.items():
            weights = dict(slot.weights)
            share = next((one for one in self.shares if one.weights == weights), None)
            if share is None:
                share = Share(weights, {})
                self.shares.append(share)
            share.counts[slot.variant] = share.counts.get(slot.variant, 0) + number

    def shown(self) -> dict[str, Any]:
        """The figures behind it, as JSON values, and what does not fit, for people."""
        evidence = self.evidence
        p_value, fits = math.exp(-max(0.0, evidence)), evidence < -math.log(SPLIT_ALPHA)
        requests = _sums([share.counts for share in self.shares])
        expected = _sums([share.expected for share in self.shares])
        parts = [
            f"'{name}' has {requests.get(name, 0):,.0f} where {number:,.0f} are to be expected"
            for name, number in expected.items()
        ]
        message = f"Requests are not divided as the weights say (p = {p_value:.2g}): {', '.join(parts)}."
        return {
            "fits": fits,
            "p_value": p_value,
            "alpha": SPLIT_ALPHA,
            "requests": requests,
            "expected": expected,
            "message": "" if fits else message,
        }


def _sums(given: Sequence[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in given:
        for name, number in one.items():
            found[name] = found.get(name, 0) + number
    return found
