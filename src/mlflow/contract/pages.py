"""Pages of a list, and the tokens that say where the next one begins.

A token of ours names the last row that was sent (its sort values and its id), so rows that come or go meanwhile neither
repeat nor hide others. It also carries a digest of the query, since a position means nothing in another order.
MLflow's tokens, base64 of `{"offset": n}`, are read too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias, TypeVar

import msgspec

from mlflow.exceptions import InvalidParameterValue

__all__ = ["MAX_TOKEN", "Cursor", "Offset", "Page", "SortValue", "decode_token", "encode_token", "query_digest"]

T = TypeVar("T")
SortValue: TypeAlias = bool | int | float | str | None

MAX_TOKEN: Final = 256 * 1024  # characters; a token holds one value per sort key, and a tag has up to 8,000 characters
_MAX_OFFSET = 2**63 - 1
_STANDARD_TO_URL_SAFE = str.maketrans("+/", "-_")


class Page(list[T]):
    """A list that knows how to go on.

    Attributes:
        token: what to pass as `page_token` for the next page; None or empty on the last one.
    """

    def __init__(self, items: Iterable[T] = (), token: str | None = None) -> None:
        super().__init__(items)
        self.token = token

    def to_list(self) -> list[T]:
        """The items as a plain list."""
        return list(self)


class Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last row of a page.

    Attributes:
        digest: what `query_digest` gave for the query.
        values: the row's sort values, as many as the query has sort keys, exact: NaN, infinities and None survive.
        id: the row's id, which breaks ties.
    """

    digest: bytes
    values: tuple[SortValue, ...]
    id: int | str


class Offset(msgspec.Struct, frozen=True):
    """The position that a token of MLflow's carries: so many rows were sent."""

    offset: int


_CURSORS = msgspec.msgpack.Decoder(Cursor)
_OFFSETS = msgspec.json.Decoder(Offset)


def query_digest(*parts: object) -> bytes:
    """Eight bytes that tell queries apart.

    Args:
        *parts: whatever decides about the rows and their order, such as a filter's tree, sort keys and ids; all that
            msgspec encodes. Leave out the page size: it may change between pages.
    """
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=8).digest()


def encode_token(values: Sequence[SortValue], id: int | str, digest: bytes) -> str:
    """The token of the page that begins after a row: URL-safe base64 without padding.

    Args:
        values: the row's sort values.
        id: the row's id.
        digest: what `query_digest` gave.
    """
    packed = msgspec.msgpack.encode(Cursor(digest, tuple(values), id))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode_token(token: str | bytes | None, digest: bytes, keys: int | None = None) -> Cursor | Offset | None:
    """Read a token of ours, or of MLflow's.

    Args:
        token: None or empty for the first page.
        digest: what `query_digest` gave for the query at hand.
        keys: how many sort values the query has, if that is to be checked.

    Returns:
        Where to go on, None for the beginning.

    Raises:
        InvalidParameterValue: it is no token, or the token of another query.
    """
    if not token:
        return None
    text = token.decode("latin-1") if isinstance(token, bytes) else token
    packed = _unpacked(text)
    try:
        if packed.startswith(b"{"):
            return _checked_offset(_OFFSETS.decode(packed), text)
        cursor = _CURSORS.decode(packed)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise _garbage(text) from exc
    if cursor.digest != digest or (keys is not None and len(cursor.values) != keys):
        raise InvalidParameterValue(
            f"The page token {_shortened(text)} belongs to another query. Repeat the filter, order_by and the other "
            "arguments of the call that returned it, or leave it out to start from the first page."
        )
    return cursor


def _unpacked(text: str) -> bytes:
    if len(text) > MAX_TOKEN:
        raise _garbage(text)
    stripped = text.translate(_STANDARD_TO_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(stripped + "=" * (-len(stripped) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as exc:
        raise _garbage(text) from exc


def _checked_offset(position: Offset, text: str) -> Offset:
    if not 0 < position.offset <= _MAX_OFFSET:
        raise _garbage(text)
    return position


def _garbage(text: str) -> InvalidParameterValue:
    return InvalidParameterValue(
        f"Invalid page token {_shortened(text)}. Pass the token of the page before unchanged, or leave it out to start "
        "from the first page."
    )


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}…")
