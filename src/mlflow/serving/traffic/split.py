"""Which variant a request goes to: a pure function of its key.

A key's hash names one of 10,000 buckets, and each bucket belongs to a variant. New weights move only the buckets that
must change hands, so of the callers only that share sees another model; whoever else wants to know how the buckets were
divided needs nothing but the same sequence of weights.

    >>> split = Split.of({"champion": 90, "challenger": 10})
    >>> split.share("challenger")
    0.1
    >>> split.moved_to({"champion": 80, "challenger": 20}).differs_from(split)
    0.1
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from math import floor, isfinite
from typing import Self

import msgspec

from mlflow.exceptions import InvalidParameterValue

__all__ = ["BUCKETS", "MOST_VARIANTS", "Split", "bucket_of", "check_weights"]

BUCKETS = 10_000
"""How finely traffic is divided: in hundredths of a percent."""

MOST_VARIANTS = 255  # a bucket's owner is one byte


def bucket_of(key: str, salt: str = "") -> int:
    """The bucket of a key, the same in every process and on every machine.

    Args:
        key: what stays with its variant, such as a user's id.
        salt: another one divides the same keys independently.
    """
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=salt.encode()[:64]).digest()
    return int.from_bytes(digest) % BUCKETS


class Split(msgspec.Struct, frozen=True):
    """The owner of each bucket.

    Attributes:
        names: the variants, in the order of their numbers.
        owners: a byte for each bucket, the number of its variant.
    """

    names: tuple[str, ...]
    owners: bytes

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> Self:
        """The buckets divided for the first time.

        Raises:
            InvalidParameterValue: the weights divide nothing.
        """
        sizes = _sizes(weights)
        return cls(tuple(weights), b"".join(bytes([number]) * size for number, size in enumerate(sizes)))

    def choose(self, bucket: int) -> str:
        """The variant of a bucket."""
        return self.names[self.owners[bucket]]

    def share(self, name: str) -> float:
        """What part of the buckets a variant has."""
        return self.owners.count(self.names.index(name)) / BUCKETS if name in self.names else 0.0

    def moved_to(self, weights: Mapping[str, float]) -> Split:
        """Divided by other weights, perhaps among other variants; no bucket changes hands without need.

        Raises:
            InvalidParameterValue: the weights divide nothing.
        """
        names = tuple(weights)
        left = _sizes(weights)
        owners = bytearray(BUCKETS)
        free: list[int] = []
        number_of = {name: number for number, name in enumerate(names)}
        heirs = [number_of.get(name) for name in self.names]
        for bucket, owner in enumerate(self.owners):
            heir = heirs[owner]
            if heir is None or not left[heir]:
                free.append(bucket)
            else:
                left[heir] -= 1
                owners[bucket] = heir
        takers = (number for number, wanted in enumerate(left) for _ in range(wanted))
        for bucket, taker in zip(free, takers, strict=True):
            owners[bucket] = taker
        return Split(names, bytes(owners))

    def differs_from(self, other: Split) -> float:
        """What part of the buckets belongs to another variant there."""
        pairs = zip(self.owners, other.owners, strict=True)
        return sum(self.names[mine] != other.names[theirs] for mine, theirs in pairs) / BUCKETS


def check_weights(weights: Mapping[str, float]) -> None:
    """Refuse weights that divide nothing.

    Raises:
        InvalidParameterValue: one is negative or no number, or none is above 0.
    """
    if len(weights) > MOST_VARIANTS:
        raise InvalidParameterValue(f"There are {len(weights)} variants. Give at most {MOST_VARIANTS}.")
    for name, weight in weights.items():
        if not isfinite(weight) or weight < 0:
            raise InvalidParameterValue(f"The weight of '{name}' is '{weight}'. Give 0 or a number above 0.")
    if not sum(weights.values()):
        raise InvalidParameterValue("All weights are 0, so no variant would answer. Give one of them a weight above 0.")


def _sizes(weights: Mapping[str, float]) -> list[int]:
    """Buckets for each weight: what is left by rounding down goes to the largest remainders."""
    check_weights(weights)
    largest = max(weights.values())
    parts = [weight / largest for weight in weights.values()]  # the sum of large ones could be infinite
    exact = [part * BUCKETS / sum(parts) for part in parts]
    sizes = [floor(size) for size in exact]
    by_remainder = sorted(range(len(sizes)), key=lambda number: sizes[number] - exact[number])
    for number in by_remainder[: BUCKETS - sum(sizes)]:
        sizes[number] += 1
    return sizes
