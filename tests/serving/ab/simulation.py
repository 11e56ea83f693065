"""Many experiments at once, each looked at after every reward, with the factors that the server's own test uses.

    PYTHONPATH=src python -m tests.serving.ab.simulation 0.05 0.06 40000 400 0.5

prints how many of 400 experiments of 40,000 requests find 5 % against 6 % conversion when half go to the challenger,
and after how many requests.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from mlflow.serving.ab.sequential import BURN_IN, PRIOR, SLOPES, log_factors

Flags = NDArray[np.bool_]
Reals = NDArray[np.floating]

AT_ONCE = 25  # experiments, so that what is computed on stays in the processor's cache


def found_at(
    rates: tuple[float, float], requests: int, experiments: int, share: float, seed: int, alpha: float = 0.05
) -> NDArray[np.int64]:
    """After how many requests each experiment finds a difference; 0 where it finds none.

    Args:
        rates: conversion of the control and of the challenger.
        requests: of each experiment.
        experiments: how many.
        share: of the requests, those that go to the challenger.
        seed: of the random numbers.
        alpha: the level.
    """
    random = np.random.default_rng(seed)
    found = [
        _batch(*_drawn(random, rates, (min(AT_ONCE, experiments - begin), requests), share), share, alpha)
        for begin in range(0, experiments, AT_ONCE)
    ]
    return np.concatenate(found)


def _drawn(
    random: np.random.Generator, rates: tuple[float, float], shape: tuple[int, int], share: float
) -> tuple[Flags, Flags]:
    treated = random.random(shape, dtype=np.float32) < share
    converted = random.random(shape, dtype=np.float32) < np.where(treated, *np.float32(rates[::-1]))
    return converted, treated


def _batch(converted: Flags, treated: Flags, share: float, alpha: float) -> NDArray[np.int64]:
    found = np.zeros(len(converted), np.int64)
    base = np.zeros((len(converted), len(SLOPES)), np.float32)
    seen = np.cumsum(converted, axis=1, dtype=np.int32)
    begin = BURN_IN
    while begin < converted.shape[1]:
        end = min(2 * begin, converted.shape[1])
        stretch = np.s_[:, begin:end]
        paths = _paths(base, converted[stretch], treated[stretch], seen[:, begin - 1] / begin, share)
        base = np.stack([path[:, -1] for path in paths], axis=1)
        largest = np.maximum.reduce(paths)  # which is no smaller than the mixture
        looked = np.nonzero((largest >= -np.log(alpha)) & (found == 0)[:, None])
        evidence = np.logaddexp.reduce([path[looked] + prior for path, prior in zip(paths, PRIOR, strict=True)])
        for experiment, place in np.transpose(looked)[evidence >= -np.log(alpha)]:
            found[experiment] = found[experiment] or begin + place + 1
        begin = end
    return found


def _paths(base: Reals, converted: Flags, treated: Flags, rate: Reals, share: float) -> list[Reals]:
    """The logarithm of M for each slope, and in it for each experiment and request."""
    scale = np.sqrt(rate * (1 - rate) * share * (1 - share))
    factors = np.zeros((2, 2, len(rate), len(SLOPES)), np.float32)
    told = scale > 0
    counts = []
    for outcome in (0, 1):
        for arm in (0, 1):
            scores = (outcome - rate[told]) / scale[told]
            factors[outcome, arm, told] = log_factors(scores, np.full(told.sum(), arm), np.full(told.sum(), share))
            counts.append(np.cumsum((converted == outcome) & (treated == arm), axis=1, dtype=np.float32))
    return [
        base[:, [slope]] + sum(count * factors[divmod(kind, 2)][:, [slope]] for kind, count in enumerate(counts))
        for slope in range(len(SLOPES))
    ]


if __name__ == "__main__":
    control, challenger, requests, experiments, share = map(float, sys.argv[1:6])
    times = found_at((control, challenger), int(requests), int(experiments), share, seed=1)
    crossed = times[times > 0]
    print(
        f"found in {len(crossed)} of {len(times)}, half of those within {np.median(crossed) if len(crossed) else 0:.0f}"
    )
