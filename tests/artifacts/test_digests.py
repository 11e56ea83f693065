from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.artifacts.digests import Digest, check
from mlflow.exceptions import DataLoss, InvalidParameterValue

CONTENT = bytes(range(256)) * 1000
PART = 2**16


@given(st.lists(st.integers(0, 100_000), max_size=8))
def test_digest_of_parts_does_not_depend_on_how_bytes_come(sizes: list[int]) -> None:
    parts = [CONTENT[start : start + PART] for start in range(0, len(CONTENT), PART)]
    expected = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
    hasher = Digest(expected, PART).hasher()
    rest = CONTENT
    for size in sizes:
        hasher.update(rest[:size])
        rest = rest[size:]
    hasher.update(rest)
    assert hasher.digest() == Digest(expected, PART)


@pytest.mark.parametrize("digest", [Digest("ab" * 32), Digest("cd" * 32, PART)], ids=["whole", "parts"])
def test_digest_travels_in_headers(digest: Digest) -> None:
    assert Digest.from_headers(digest.headers().items()) == digest
    assert Digest.parse(str(digest)) == digest


def test_standard_header_is_understood() -> None:
    digest = Digest.from_headers(
        [("Repr-Digest", "sha-512=:AA==:, sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:")]
    )
    assert digest == Digest(hashlib.sha256(b"hello").hexdigest())
    assert Digest.from_headers([("Repr-Digest", "md5=:AA==:")]) is None


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "ab" * 32 + "-1", "ab" * 32 + "-x", "ab" * 33])
def test_text_that_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid SHA-256"):
        Digest.parse(text)


@pytest.mark.parametrize("value", ["sha-256=:!!:", "sha-256=:AAAA:"], ids=["no base64", "short"])
def test_broken_standard_header_is_refused(value: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid Repr-Digest"):
        Digest.from_headers([("Repr-Digest", value)])


def test_other_bytes_are_data_loss() -> None:
    check("a", None, Digest("0" * 64))
    with pytest.raises(DataLoss, match="The bytes of 'a' have SHA-256"):
        check("a", Digest("1" * 64), Digest("0" * 64))
