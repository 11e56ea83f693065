"""Filter text to tokens, read one at a time.

Quoting follows MLflow 3.17 to the letter, because stored filters rely on it: a quoted text is taken verbatim between
its quotes; a doubled quote, or a backslash and a quote, does not end it and stays in the value, so `'it''s'` is
it''s with both quotes. Inside the parentheses of IN MLflow reads Python literals, and so does `next_literal`.
"""

from __future__ import annotations

import enum
import re

import msgspec

_SINGLE = r"'(?:''|\\'|[^'])*'"
_DOUBLE = r'"(?:""|\\"|[^"])*"'
_TICK = r"`[^`]*`"
_BARE_KEY = r"[\w./:\-]+"
_TOKEN = re.compile(
    rf"""\s*(?:
        (?P<path>(?:[^\W\d]\w*|{_TICK})\.\s*(?:{_SINGLE}|{_DOUBLE}|{_TICK}|{_BARE_KEY}))
      | (?P<word>[^\W\d]\w*)
      | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<single>{_SINGLE})
      | (?P<double>{_DOUBLE})
      | (?P<tick>{_TICK})
      | (?P<operator>[=<>!]+)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<comma>,)
      | (?P<unknown>[\w.]+|.)
      | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_LITERAL = re.compile(r"""\s*(?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)")""", re.DOTALL)
_UNQUOTED = re.compile(r"""[^\s'"`(),;=<>!]+""")
_ESCAPE = re.compile(
    r"\\(?:(?P<simple>[\n\\'\"abfnrtv])|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|(?P<octal>[0-7]{1,3}))"
)
_SIMPLE = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


class Shape(enum.StrEnum):
    """What a token looks like; the names are those of the expression above."""

    PATH = "path"
    WORD = "word"
    NUMBER = "number"
    SINGLE = "single"
    DOUBLE = "double"
    TICK = "tick"
    OPERATOR = "operator"
    OPEN = "open"
    CLOSE = "close"
    COMMA = "comma"
    UNKNOWN = "unknown"
    END = "end"


_SHAPES = {shape.value: shape for shape in Shape}


class Token(msgspec.Struct, frozen=True, gc=False):
    """A piece of the text, with its place; `upper` is the text of a word in capitals, else empty."""

    shape: Shape
    text: str
    start: int
    end: int
    upper: str = ""


def next_token(text: str, position: int) -> Token:
    """The token at or after a position; at the end of the text one of shape END."""
    found = _TOKEN.match(text, position)
    assert found is not None and found.lastgroup is not None  # "unknown" takes any character
    shape = _SHAPES[found.lastgroup]
    start, end = found.span(found.lastgroup)
    piece = text[start:end]
    return Token(shape, piece, start, end, piece.upper() if shape is Shape.WORD else "")


def unquoted_token(text: str, token: Token) -> Token:
    """The whole run of characters that begins with a token, for grammars whose values need no quotes."""
    found = _UNQUOTED.match(text, token.start)
    return Token(Shape.WORD, found[0], *found.span()) if found else token


def next_literal(text: str, position: int) -> Token | None:
    """A Python string literal at a position, unescaped; None when there is none.

    Raises:
        ValueError: an escape names no character.
    """
    found = _LITERAL.match(text, position)
    if found is None or found.lastgroup is None:
        return None
    inner = _ESCAPE.sub(_unescape, found[found.lastgroup])
    inner.encode()  # a lone surrogate has no place in a database
    start, end = found.span(found.lastgroup)
    return Token(Shape.SINGLE, inner, start - 1, end + 1)


def _unescape(found: re.Match[str]) -> str:
    name, digits = found.lastgroup, found[found.lastgroup or 0]
    if name == "simple":
        return _SIMPLE[digits]
    return chr(int(digits, 8 if name == "octal" else 16))
