from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.artifacts.bundle import MAX_FILE, BundleWriter, Decoder, Entry, encode, pack
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath
from mlflow.exceptions import DataLoss, InvalidParameterValue


def entry(name: str, content: bytes) -> tuple[Entry, bytes]:
    return Entry(name, len(content), hashlib.sha256(content).hexdigest()), content


FILES = [entry("a.txt", b"hello"), entry("d/é", b""), entry("large", b""), entry("z", bytes(1000))]
BUNDLE = b"".join(encode(FILES))


@given(st.lists(st.integers(1, 400), max_size=20))
def test_bundle_decodes_however_it_is_cut(sizes: list[int]) -> None:
    decoder = Decoder()
    found = []
    rest = BUNDLE
    for size in sizes:
        found += decoder.feed(rest[:size])
        rest = rest[size:]
    found += decoder.feed(rest)
    decoder.close()
    assert found == FILES


@given(st.integers(0, len(BUNDLE) - 1))
def test_cut_bundle_is_data_loss(length: int) -> None:
    decoder = Decoder()
    list(decoder.feed(BUNDLE[:length]))
    with pytest.raises(DataLoss, match="half way"):
        decoder.close()


def test_changed_byte_is_data_loss() -> None:
    with pytest.raises(DataLoss, match=r"a\.txt"):
        list(Decoder().feed(BUNDLE.replace(b"hello", b"hellO")))


NONSENSE = {
    "other magic": b"MLBUNDL2" + bytes(8),
    "endless header": b"MLBUNDL1" + b"\xff\xff\xff\xff",
    "header that is no JSON": b"MLBUNDL1" + b"\0\0\0\x04oops",
    "header without a name": b"MLBUNDL1" + b"\0\0\0\x02{}",
    "negative size": b"MLBUNDL1" + b'\0\0\0\x18{"name": "x", "size": -1}',
    "too large a file": b"MLBUNDL1" + (h := b'{"name": "x", "size": 99999999}')
    and b"MLBUNDL1" + len(h).to_bytes(4) + h,
}


@pytest.mark.parametrize("data", NONSENSE.values(), ids=NONSENSE.keys())
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid bundle"):
        list(Decoder().feed(data))


def test_folder_becomes_a_bundle_and_a_folder_again(served: LocalStore) -> None:
    for name in ("m/a", "m/d/b"):
        served.write(ArtifactPath.parse(name), [name.encode()])
    writer = BundleWriter(served, ArtifactPath(("copy",)))
    for block in pack(served, ArtifactPath(("m",))):
        writer.write(block)
    assert writer.commit() == 2
    assert served.open(ArtifactPath.parse("copy/d/b")).read() == b"m/d/b"


def test_large_file_is_named_but_left_out(served: LocalStore) -> None:
    served.write(ArtifactPath(("big",)), [bytes(MAX_FILE + 1)])
    ((header, content),) = Decoder().feed(b"".join(pack(served, ArtifactPath())))
    assert (header.name, header.size, header.omitted, content) == ("big", MAX_FILE + 1, True, b"")
    with pytest.raises(InvalidParameterValue, match="without its bytes"):
        BundleWriter(served, ArtifactPath()).write(b"".join(pack(served, ArtifactPath())))
