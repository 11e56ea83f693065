"""Whether a share of bad events is above its limit: an exact test that may be looked at after every event.

Under the hypothesis that each event is bad with a probability of at most `limit`, given what came before, the
likelihood ratio of any probability above the limit against the limit itself is a supermartingale, and so is an average
of such ratios; by Ville's inequality it ever exceeds 1/α with probability α at most.

Sources: A. Wald, "Sequential Tests of Statistical Hypotheses", Annals of Mathematical Statistics 16 (1945); H. Robbins,
"Statistical Methods Related to the Law of the Iterated Logarithm", Annals of Mathematical Statistics 41 (1970), for
mixtures; A. Ramdas, P. Grünwald, V. Vovk, G. Shafer, "Game-Theoretic Statistics and Safe Anytime-Valid Inference",
Statistical Science 38 (2023), for the composite hypothesis.
"""

from __future__ import annotations

import numpy as np

__all__ = ["excess_evidence"]

_ODDS = (1.3, 1.6, 2.0, 3.0, 5.0, 10.0, 100.0)  # how much higher the odds may be; the last one finds a broken model


def excess_evidence(bad: int, events: int, limit: float) -> float:
    """The logarithm of the evidence that more than `limit` of the events are bad; above -log(α) it is significant.

    Args:
        bad: how many were.
        events: of how many.
        limit: the share that is allowed, between 0 and 1.
    """
    odds = np.asarray(_ODDS) * limit / (1 - limit)
    share = odds / (1 + odds)
    ratios = bad * np.log(share / limit) + (events - bad) * np.log((1 - share) / (1 - limit))
    return float(np.logaddexp.reduce(ratios) - np.log(len(_ODDS)))
