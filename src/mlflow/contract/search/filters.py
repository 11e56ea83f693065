"""Filter text to tree, by recursive descent.

- or = and { OR and }
- and = not { [ AND ] not }
- not = NOT not | "(" or ")" | comparison
- comparison = field ( operator value | [ NOT ] IN list | IS [ NOT ] NULL | BETWEEN number AND number )
- field = [ prefix "." ] key | function "(" [ prefix "." ] key ")"

As in MLflow, AND may be missing before a comparison, may be doubled, and may stand first or last.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from mlflow.contract.search.failure import FilterError
from mlflow.contract.search.grammar import CAST, Grammar, Identifier
from mlflow.contract.search.reader import Reader
from mlflow.contract.search.tokens import Shape, Token
from mlflow.contract.search.tree import And, Comparison, Field, Kind, Node, Not, Operator, all_of, any_of
from mlflow.contract.search.values import read_list, read_value

MAX_CLAUSES: Final = 500  # SQLite refuses expressions deeper than 1,000, and a clause may need two levels
MAX_NESTING: Final = 64
_CACHED_TEXT = 4096

_OPERATORS = {operator.value: operator for operator in Operator}
_MISSPELT = {"==": "=", "<>": "!=", "=<": "<=", "=>": ">=", "!>": "<=", "!<": ">="}


def parse_filter(text: str | None, grammar: Grammar) -> Node | None:
    """Read a filter.

    Args:
        text: the filter; None, empty or blank means no condition.
        grammar: the entity's language, one of `GRAMMARS`.

    Returns:
        The tree, or None when every entity matches.

    Raises:
        FilterError: the text cannot be read, or is longer or deeper than the limits.
    """
    if not text:
        return None
    return _cached(text, grammar) if len(text) <= _CACHED_TEXT else _FilterParser(text, grammar).parse()


@lru_cache(maxsize=1024)
def _cached(text: str, grammar: Grammar) -> Node | None:
    return _FilterParser(text, grammar).parse()


class _FilterParser(Reader):
    def __init__(self, text: str, grammar: Grammar) -> None:
        super().__init__(text, grammar, "filter")
        self._clauses = 0
        self._nesting = 0

    def parse(self) -> Node | None:
        self._skip_ands()
        if self.at(Shape.END):
            return None
        node = self._or()
        if not self.at(Shape.END):
            raise self._unjoined()
        return node

    def _or(self) -> Node:
        items = [self._and()]
        while self.token.upper == "OR":
            self.advance()
            items.append(self._and())
        return any_of(items)

    def _and(self) -> Node:
        items = [self._not()]
        while self._another():
            items.append(self._not())
        return all_of(items)

    def _another(self) -> bool:
        if self.token.upper == "AND":
            self._skip_ands()
            return not self.at(Shape.END) or self._nesting > 0
        return self.at(Shape.PATH) or self.at_attribute()

    def _skip_ands(self) -> None:
        while self.token.upper == "AND":
            self.advance()

    def _not(self) -> Node:
        if self.token.upper == "NOT":
            self._enter()
            self.advance()
            node: Node = Not(self._not())
        elif self.at(Shape.OPEN):
            self._enter()
            node = self._parenthesised()
        else:
            return self._comparison()
        self._nesting -= 1
        return node

    def _parenthesised(self) -> Node:
        opened = self.advance()
        node = self._or()
        if not self.at(Shape.CLOSE):
            raise self.error([")", "AND", "OR"], f"The parenthesis at character {opened.start + 1} is not closed.")
        self.advance()
        return node

    def _enter(self) -> None:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self.error([], f"At most {MAX_NESTING} parentheses and NOTs may stand inside each other.")

    def _comparison(self) -> Comparison | And:
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise self.error([], f"A filter has at most {MAX_CLAUSES} comparisons; use IN for lists of values.")
        field = self.field()
        rules = self._rules(field)
        if self.token.upper == "BETWEEN":
            return self._between(field, rules)
        return self._compared(field, rules)

    def _rules(self, field: Field) -> Identifier:
        cast = field.numeric and field.kind in (Kind.PARAM, Kind.TAG)
        return CAST if cast else self.grammar.identifier(field.kind, field.key)

    def _compared(self, field: Field, rules: Identifier) -> Comparison:
        first = self.token
        operator = self._operator(rules)
        if operator not in rules.operators:
            raise self.error(rules.operators, _operator_remedy(field, operator), first)
        if operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            return Comparison(field, operator)
        read = read_list if operator in (Operator.IN, Operator.NOT_IN) else read_value
        return Comparison(field, operator, read(self, field, rules))

    def _operator(self, rules: Identifier) -> Operator:
        token = self.advance()
        if token.upper in ("IS", "NOT"):
            return self._two_words(token, rules)
        operator = _OPERATORS.get(token.upper or token.text)
        if operator is None:
            known = _MISSPELT.get(token.text)
            raise self.error(rules.operators, f"Write {known} for {token.text}." if known else "", token)
        return operator

    def _two_words(self, first: Token, rules: Identifier) -> Operator:
        spelt = first.upper
        for word in ("NOT", "NULL") if spelt == "IS" else ("IN",):
            if self.token.upper == word:
                spelt = f"{spelt} {self.advance().upper}"
        operator = _OPERATORS.get(spelt)
        if operator is None:
            remedy = "Negate a comparison by NOT before it: NOT name LIKE '…'." if first.upper == "NOT" else ""
            raise self.error(rules.operators, remedy, first)
        return operator

    def _between(self, field: Field, rules: Identifier) -> And:
        if not rules.numeric:
            raise self.error(rules.operators, "BETWEEN compares numbers.")
        self.advance()
        low = read_value(self, field, rules)
        if self.token.upper != "AND":
            raise self.error(["AND"], "Write: BETWEEN low AND high.")
        self.advance()
        high = read_value(self, field, rules)
        return And((Comparison(field, Operator.GE, low), Comparison(field, Operator.LE, high)))

    def _unjoined(self) -> FilterError:
        remedies = {
            Shape.CLOSE: "No parenthesis is open here.",
            Shape.COMMA: "Join comparisons by AND or OR.",
            Shape.SINGLE: "Inside a text write quotes of the other kind.",
        }
        return self.error(["AND", "OR", "the end"], remedies.get(self.token.shape, ""))


def _operator_remedy(field: Field, operator: Operator) -> str:
    if field.kind in (Kind.PARAM, Kind.TAG) and operator in (Operator.LT, Operator.LE, Operator.GT, Operator.GE):
        return f"To compare as numbers write number({field.kind}s.{field.key}) {operator} …"
    return ""
