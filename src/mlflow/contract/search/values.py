"""The right side of a comparison: texts, numbers and lists of either."""

from __future__ import annotations

import re
from typing import cast

from mlflow.contract.search.failure import FilterError
from mlflow.contract.search.grammar import Identifier
from mlflow.contract.search.reader import Reader
from mlflow.contract.search.tokens import Shape, Token, next_literal, unquoted_token
from mlflow.contract.search.tree import Field, Kind, Number, Value

_KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "BETWEEN"})
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_INT64 = range(-(2**63), 2**63)


def read_value(reader: Reader, field: Field, rules: Identifier) -> str | Number:
    """Read a number for numeric fields, else a text."""
    return _number(reader, field, rules) if field.numeric else _text(reader)


def read_list(reader: Reader, field: Field, rules: Identifier) -> Value:
    """Read `(value, …)`, at least one; a trailing comma and parentheses around single items do not matter."""
    reader.expect(Shape.OPEN, "(", "Write a list in parentheses: ('a', 'b').")
    items = [_item(reader, field, rules)]
    while reader.at(Shape.COMMA):
        reader.advance()
        if reader.at(Shape.CLOSE):
            break
        items.append(_item(reader, field, rules))
    reader.expect(Shape.CLOSE, ")", "Separate the values by commas and close the parenthesis.")
    return cast("Value", tuple(items))


def _item(reader: Reader, field: Field, rules: Identifier) -> str | Number:
    depth = 0
    while reader.at(Shape.OPEN):
        reader.advance()
        depth += 1
    value = _number(reader, field, rules) if field.numeric else _literals(reader)
    for _ in range(depth):
        reader.expect(Shape.CLOSE, ")")
    return value


def _number(reader: Reader, field: Field, rules: Identifier) -> Number:
    token = reader.token
    text = token.text
    if rules.quoted_numbers and token.shape in (Shape.SINGLE, Shape.DOUBLE) and text[1:-1].isdecimal():
        text = text[1:-1]
    elif rules.units and (length := _LENGTH.fullmatch(text)):
        reader.advance()
        return _exact(f"{float(length[1]) * _MILLISECONDS[length[2]]:.0f}")
    elif token.shape is not Shape.NUMBER:
        raise _no_number(reader, field)
    reader.advance()
    return float(text) if field.kind is not Kind.ATTRIBUTE else _exact(text)


def _exact(text: str) -> Number:
    """An int where a 64-bit column can hold it, else a float."""
    digits = text.lstrip("+-")
    if digits.isdecimal() and len(digits) < 20 and (number := int(text)) in _INT64:
        return number
    return float(text)


def _no_number(reader: Reader, field: Field) -> FilterError:
    quoted = reader.at(Shape.SINGLE, Shape.DOUBLE)
    name = field.key if field.kind is Kind.ATTRIBUTE else f"{field.kind} {field.key!r}"
    return reader.error(["a number"], f"Compare {name} with a number{', without quotes' if quoted else ''}.")


def _text(reader: Reader) -> str:
    plain = reader.grammar.plain_values
    token = reader.token
    if token.shape is Shape.SINGLE or (token.shape is Shape.DOUBLE and not plain):
        reader.advance()
        return token.text[1:-1]
    if plain and token.upper not in _KEYWORDS:
        return _unquoted(reader, token)
    raise _no_text(reader)


def _unquoted(reader: Reader, token: Token) -> str:
    if token.shape is not Shape.DOUBLE:
        token = unquoted_token(reader.text, token)
    if token.shape not in (Shape.DOUBLE, Shape.WORD):
        raise _no_text(reader)
    reader.seek(token.end)
    return token.text


def _no_text(reader: Reader) -> FilterError:
    token = reader.token
    if token.text in ("'", '"'):
        return reader.error(["a quoted text"], "The quote is not closed.")
    shown = f"'{token.text}'" if reader.at(Shape.WORD, Shape.NUMBER, Shape.PATH, Shape.UNKNOWN) else "'…'"
    return reader.error(["a quoted text"], f"Put texts in quotes: {shown}.")


def _literals(reader: Reader) -> str:
    """Adjacent Python literals, joined."""
    parts = []
    position = reader.token.start
    while literal := _literal(reader, position):
        parts.append(literal.text)
        position = literal.end
    if not parts:
        raise reader.error(["a quoted text"], _list_remedy(reader.token))
    reader.seek(position)
    return "".join(parts)


def _literal(reader: Reader, position: int) -> Token | None:
    try:
        return next_literal(reader.text, position)
    except ValueError as exc:
        remedy = "An escape in it names no character; write a backslash as \\\\."
        raise reader.error(["a quoted text"], remedy) from exc


def _list_remedy(token: Token) -> str:
    if token.shape in (Shape.SINGLE, Shape.DOUBLE) or token.text in ("'", '"'):
        return "The quote is not closed; in lists a backslash is written \\\\."
    return "Lists hold quoted texts: ('a', 'b')."
