"""Page tokens: exact, bound to their query, and safe to receive from anyone."""

import base64
import json
import math
import pickle
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.contract.pages import MAX_TOKEN, Cursor, Offset, Page, SortValue, decode_token, encode_token, query_digest
from mlflow.contract.search import RUNS, parse_filter, parse_order_by
from mlflow.exceptions import InvalidParameterValue

DIGEST = query_digest("runs", "metrics.a > 1")


def mlflow_token(**members: object) -> str:
    return base64.b64encode(json.dumps(members).encode()).decode()


@given(
    st.lists(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        max_size=5,
    ),
    st.integers(0, 2**63 - 1) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
def test_token_gives_back_exactly_what_it_was_made_of(values: list[SortValue], id: int | str) -> None:
    token = encode_token(values, id, DIGEST)
    cursor = decode_token(token, DIGEST, len(values))
    assert cursor == Cursor(DIGEST, tuple(values), id)
    assert isinstance(cursor, Cursor)
    assert [type(value) for value in cursor.values] == [type(value) for value in values]


def test_nan_negative_zero_and_infinities_survive() -> None:
    cursor = decode_token(encode_token([math.nan, -0.0, math.inf, -math.inf], "r", DIGEST), DIGEST)
    assert isinstance(cursor, Cursor)
    assert math.isnan(cursor.values[0])  # type: ignore[arg-type]
    assert struct.pack("<3d", *cursor.values[1:]) == struct.pack("<3d", -0.0, math.inf, -math.inf)


def test_token_is_safe_in_a_url() -> None:
    token = encode_token(["ÿþ?>", 1e300, None] * 9, "run/id", DIGEST)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("token", [None, "", b""])
def test_no_token_is_the_first_page(token: str | bytes | None) -> None:
    assert decode_token(token, DIGEST) is None


@pytest.mark.parametrize(
    "token",
    [
        mlflow_token(offset=100),
        mlflow_token(offset=100).encode(),
        mlflow_token(offset=100, experiment_ids=["1"], filter_string=None, order_by=[]),
    ],
    ids=["text", "bytes", "logged-models"],
)
def test_token_of_mlflow_is_an_offset(token: str | bytes) -> None:
    assert decode_token(token, DIGEST) == Offset(100)


@pytest.mark.parametrize(
    "token",
    [
        "garbage",
        "!!!!",
        "é",
        "A",
        "====",
        b"\xff\xfe",
        mlflow_token(),
        mlflow_token(offset=0),
        mlflow_token(offset=-5),
        mlflow_token(offset="5"),
        mlflow_token(offset=2**63),
        base64.b64encode(b"{").decode(),
        base64.b64encode(b"\x93").decode(),
        encode_token([1], "r", DIGEST)[:-2],
        encode_token([1], "r", DIGEST) + "AAAA",
        "A" * (MAX_TOKEN + 1),
    ],
    ids=lambda token: repr(token)[:24],
)
def test_garbage_is_refused(token: str | bytes) -> None:
    with pytest.raises(InvalidParameterValue, match=r"Invalid page token .* leave it out to start") as failure:
        decode_token(token, DIGEST)
    assert failure.value.get_http_status_code() == 400
    assert len(str(failure.value)) < 300


def test_token_of_another_query_is_refused() -> None:
    token = encode_token([1.5], "r", DIGEST)
    with pytest.raises(InvalidParameterValue, match="another query") as failure:
        decode_token(token, query_digest("runs", "metrics.a > 2"))
    assert failure.value.get_http_status_code() == 400
    with pytest.raises(InvalidParameterValue, match="another query"):
        decode_token(token, DIGEST, keys=2)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(packed: bytes) -> None:
    token = base64.urlsafe_b64encode(packed).decode()
    try:
        decode_token(token, DIGEST)
    except InvalidParameterValue:
        return
    assert packed == b"" or packed.startswith(b"{") or DIGEST in packed


def test_digest_tells_trees_and_sort_keys_apart() -> None:
    def digest(text: str, *order: str) -> bytes:
        return query_digest("runs", ["1"], parse_filter(text, RUNS), parse_order_by(order, RUNS))

    same = digest("metrics.a>1", "created")
    assert same == digest("metric.a > 1.0", "start_time ASC")
    assert len(same) == 8
    assert (
        len({same, digest("metrics.a>2", "created"), digest("metrics.a>1", "created DESC"), digest("", "created")}) == 4
    )


def test_digest_tells_the_kinds_of_node_apart() -> None:
    texts = [
        "tags.a = '1' AND tags.b = '2'",
        "tags.a = '1' OR tags.b = '2'",
        "NOT tags.a = '1'",
        "tags.a = '1'",
        "tags.a IN ('1')",
        "NOT (tags.a = '1' AND tags.b = '2')",
    ]
    assert len({query_digest(parse_filter(text, RUNS)) for text in texts}) == len(texts)


def test_page_is_a_list_with_a_token() -> None:
    page = Page(["a", "b"], "next")
    assert page == ["a", "b"]
    assert isinstance(page, list)
    assert page.token == "next"
    assert type(page.to_list()) is list
    assert Page(iter("ab")).token is None
    again = pickle.loads(pickle.dumps(page))
    assert (again, again.token) == (page, "next")
