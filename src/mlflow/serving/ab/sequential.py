"""Whether two variants earn different rewards: an exact test that may be looked at after every reward.

The server assigns requests to variants at random, so it knows the probability w with which a request of the pair went
to the challenger. If the variants do not differ, a reward y says nothing about its request's variant A (1 for the
challenger), and for any number λ x, chosen from earlier rewards and y alone,

    M_n(λ) = ∏ exp(λ x_i A_i) / (1 - w_i + w_i exp(λ x_i))

has conditional mean 1 at every step: it is a non-negative martingale, and so is its average over a prior of λ, a
mixture sequential probability ratio test. By Ville's inequality that average ever exceeds 1/α with probability α at
most, for any number of looks, any distribution of rewards, any split, and weights that change. Only the power rests on
choices: x_i = (y_i - c) / (s √(w_i (1 - w_i))), with the mean c and the deviation s of the rewards until the last power
of two, and a normal prior of λ with variance 8 / TUNED_FOR, nearly the best for that many rewards.

Sources: R. Johari, P. Koomen, L. Pekelis, D. Walsh, "Always Valid Inference: Continuous Monitoring of A/B Tests",
Operations Research 70 (2022), for the mixture and its always valid p-value; D. W. Ham, I. Bojinov, M. Lindon,
M. Tingley, "Design-Based Confidence Sequences", arXiv 2210.08639 (2022), for inference from the assignment alone;
H. Robbins, "Statistical Methods Related to the Law of the Iterated Logarithm", Annals of Mathematical Statistics 41
(1970), for the mixture's boundary.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

__all__ = ["BURN_IN", "PRIOR", "SLOPES", "TUNED_FOR", "Difference", "log_factors"]

Array = NDArray[np.float64]

TUNED_FOR = 10_000
"""Rewards of a pair at which the test is at its most powerful; it loses little from a tenth of that to ten times."""

BURN_IN = 64
"""Rewards that only teach the scale."""

_NODES = np.geomspace(0.15, 3.0, 8)  # of the normal prior, in its deviations; either sign
_HALF = _NODES * np.exp(-(_NODES**2) / 2)

SLOPES: Array = np.concatenate([-_NODES[::-1], _NODES]) * math.sqrt(8 / TUNED_FOR)
"""The values of λ."""

PRIOR: Array = np.log(np.concatenate([_HALF[::-1], _HALF]) / _HALF.sum() / 2)
"""The logarithms of their probabilities."""


def log_factors(scores: Any, treated: Any, share: Any) -> Array:
    """The logarithm of what each reward contributes to M(λ), along a last axis of all λ.

    Args:
        scores: x, for each reward.
        treated: whether its request went to the challenger.
        share: the probability of that, among the pair; between 0 and 1.
    """
    slopes = np.multiply.outer(np.asarray(scores, float), SLOPES)
    chance = np.asarray(share, float)[..., None]
    factors: Array = slopes * np.asarray(treated)[..., None] - np.logaddexp(np.log1p(-chance), np.log(chance) + slopes)
    return factors


class Difference(msgspec.Struct):
    """The evidence that a challenger differs from the control, updated with every reward of either.

    Attributes:
        rewards: how many were seen.
        total: their sum.
        squares: the sum of their squares.
        centre: c, their mean when last looked at.
        scale: s, their deviation then; 0 until there is one.
        due: the count at which both are next looked at.
        logs: the logarithm of M for each λ.
        evidence: the largest logarithm of the mixture so far; at -log(α) the difference is significant at level α.
        upwards: whether the challenger was ahead then.
    """

    rewards: int = 0
    total: float = 0.0
    squares: float = 0.0
    centre: float = 0.0
    scale: float = 0.0
    due: int = BURN_IN
    logs: list[float] = msgspec.field(default_factory=lambda: [0.0] * len(SLOPES))
    evidence: float = 0.0
    upwards: bool = True

    @property
    def p_value(self) -> float:
        """The always valid p-value: it may be compared with α at any time, and only falls."""
        return math.exp(-max(0.0, self.evidence))

    def update(self, rewards: Array, treated: NDArray[np.bool_], share: Array) -> None:
        """Go on with rewards in the order in which they came.

        Args:
            rewards: finite numbers.
            treated: for each, whether its request went to the challenger.
            share: the probability of that when it was assigned, among the pair; 0 and 1 teach nothing.
        """
        begin = 0
        while begin < len(rewards):
            end = min(len(rewards), begin + self.due - self.rewards)
            part = slice(begin, end)
            self._weigh(rewards[part], treated[part], share[part])
            self._learn(rewards[part])
            begin = end

    def _weigh(self, rewards: Array, treated: NDArray[np.bool_], share: Array) -> None:
        told = (share > 0) & (share < 1)
        if not self.scale or not told.any():
            return
        chance = share[told]
        scores = (rewards[told] - self.centre) / (self.scale * np.sqrt(chance * (1 - chance)))
        paths = np.asarray(self.logs) + np.cumsum(log_factors(scores, treated[told], chance), axis=0)
        mixtures = np.logaddexp.reduce(paths + PRIOR, axis=1)
        best = int(mixtures.argmax())
        if mixtures[best] > self.evidence:
            middle = len(SLOPES) // 2
            down, up = (np.logaddexp.reduce((paths[best] + PRIOR)[half]) for half in (np.s_[:middle], np.s_[middle:]))
            self.evidence, self.upwards = float(mixtures[best]), bool(up > down)
        self.logs = paths[-1].tolist()

    def _learn(self, rewards: Array) -> None:
        self.rewards += len(rewards)
        self.total += float(rewards.sum())
        self.squares += float(np.square(rewards).sum())
        if self.rewards == self.due:
            self.due *= 2
            self.centre = self.total / self.rewards
            self.scale = math.sqrt(max(0.0, self.squares / self.rewards - self.centre**2))
