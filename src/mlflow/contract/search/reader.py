"""A cursor over the tokens of one text, and the reading of identifiers, which filters and order_by share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mlflow.contract.search.failure import FilterError
from mlflow.contract.search.grammar import Grammar
from mlflow.contract.search.tokens import Shape, Token, next_token
from mlflow.contract.search.tree import Aggregate, Field, Kind

MAX_TEXT: Final = 100 * 1024
_FUNCTIONS = (*(aggregate.value for aggregate in Aggregate), "number")
_RUNNING_ON = (Shape.PATH, Shape.UNKNOWN, Shape.TICK)
_CANONICAL_PREFIX = {Kind.METRIC: "metrics", Kind.PARAM: "params", Kind.TAG: "tags", Kind.DATASET: "dataset"}


class Reader:
    """Walks over a text; `token` is the one to be read next.

    Args:
        text: a filter, or one item of order_by.
        grammar: the entity's language.
        what: how messages call the text.
    """

    def __init__(self, text: str, grammar: Grammar, what: str) -> None:
        self.text = text
        self.grammar = grammar
        self.what = what
        if len(text) > MAX_TEXT:
            raise FilterError(
                f"The {what} is {len(text):,} characters long; at most {MAX_TEXT:,} are read. Shorten it.",
                start=MAX_TEXT,
                end=len(text),
            )
        self.token = next_token(text, 0)

    def advance(self) -> Token:
        """Step over the current token and return it."""
        token = self.token
        self.token = next_token(self.text, token.end)
        return token

    def at(self, *shapes: Shape) -> bool:
        """Whether the current token has one of these shapes."""
        return self.token.shape in shapes

    def expect(self, shape: Shape, spelt: str, remedy: str = "") -> None:
        """Step over a token of this shape.

        Raises:
            FilterError: another one stands here.
        """
        if not self.at(shape):
            raise self.error([spelt], remedy)
        self.advance()

    def error(self, expected: Iterable[str], remedy: str = "", token: Token | None = None) -> FilterError:
        """The failure that the current or a given token is none of what was expected."""
        token = token or self.token
        wanted = list(expected)
        found = "the end" if token.shape is Shape.END else repr(token.text)
        options = f"; expected {_listed(wanted)}" if wanted else ""
        place = f"at character {token.start + 1}"
        reason = f"found {found} {place}{options}. {remedy}".strip()
        return FilterError(
            f"Invalid {self.what} {_shortened(self.text)}: {reason}",
            start=token.start,
            end=token.end,
            expected=wanted,
            reason=f"{reason[0].upper()}{reason[1:]}",
        )

    def seek(self, position: int) -> None:
        """Make the token at or after a position the current one."""
        self.token = next_token(self.text, position)

    def at_attribute(self) -> bool:
        """Whether the current token names an attribute that filters know."""
        if not self.at(Shape.WORD, Shape.TICK, Shape.DOUBLE):
            return False
        key = self.grammar.canonical_attribute(self._unquote(self.token.text))
        return key is not None and bool(self.grammar.attributes[key].operators)

    def field(self, *, ordering: bool = False) -> Field:
        """Read an identifier, with the function around it if there is one.

        Args:
            ordering: it stands in order_by, so it must be sortable.
        """
        token = self.advance()
        if token.shape is Shape.WORD and self.at(Shape.OPEN):
            return self._call(token, ordering)
        return self._plain(token, ordering)

    def _plain(self, token: Token, ordering: bool) -> Field:
        if token.shape is Shape.PATH:
            return self._path(token, ordering)
        if token.shape in (Shape.WORD, Shape.TICK, Shape.DOUBLE):
            return self._attribute(self._unquote(token.text), token, ordering)
        if token.shape is Shape.SINGLE:
            raise self.error(["an identifier"], "Single quotes make a text; put names in backticks.", token)
        raise self.error(["an identifier"], f"Identifiers are {self._identifiers(ordering)}.", token)

    def _path(self, token: Token, ordering: bool) -> Field:
        head, _, tail = token.text.partition(".")
        prefix = head.strip("`")
        kind = self.grammar.prefixes.get(prefix)
        if kind is None:
            known = list(self.grammar.prefixes)
            raise self.error((f"{name}.<key>" for name in known), _guess(prefix, known), token)
        if self.token.start == token.end and self.token.shape in _RUNNING_ON:
            raise self.error(["an operator"], f"Put the whole key in backticks: {head}.`…`.", self.token)
        key = self._unquote(tail)
        if kind is Kind.ATTRIBUTE:
            return self._attribute(key, token, ordering)
        self._check_keyed(kind, key, token, ordering)
        return self._keyed(kind, key)

    def _keyed(self, kind: Kind, key: str) -> Field:
        aggregate = Aggregate.LAST if kind is Kind.METRIC and self.grammar.functions else None
        return Field(kind, key, aggregate, kind is Kind.METRIC)

    def _check_keyed(self, kind: Kind, key: str, token: Token, ordering: bool) -> None:
        if kind is Kind.DATASET and key not in self.grammar.dataset:
            known = list(self.grammar.dataset)
            raise self.error((f"dataset.{name}" for name in known), _guess(key, known), token)
        if ordering and not self.grammar.identifier(kind, key).sortable:
            raise self.error(self._sort_keys(), f"{kind.value.capitalize()}s have no order here.", token)

    def _attribute(self, name: str, token: Token, ordering: bool) -> Field:
        key = self.grammar.canonical_attribute(name)
        known = self.grammar.sortable() if ordering else self.grammar.filterable()
        if key is None or key not in known:
            dangling = f"After {name} write a dot and a key, an unusual one in backticks: {name}.`…`."
            remedy = dangling if name in self.grammar.prefixes else _guess(name, known)
            raise self.error(self._sort_keys() if ordering else [*known, *self._prefixes()], remedy, token)
        return Field(Kind.ATTRIBUTE, key, None, self.grammar.attributes[key].numeric)

    def _call(self, name: Token, ordering: bool) -> Field:
        function = name.text.lower()
        if not self.grammar.functions or function not in _FUNCTIONS:
            raise self._no_function(name)
        self.advance()
        inner = self.token
        field = self._plain(self.advance(), ordering)
        self.expect(Shape.CLOSE, ")")
        if function == "number":
            if field.kind not in (Kind.PARAM, Kind.TAG):
                raise self.error(["params.<key>", "tags.<key>"], "number(…) reads params and tags as numbers.", inner)
            return Field(field.kind, field.key, None, True)
        if field.kind is not Kind.METRIC:
            raise self.error(["metrics.<key>"], f"{function}(…) looks at the history of a metric.", inner)
        return Field(field.kind, field.key, Aggregate(function), True)

    def _no_function(self, name: Token) -> FilterError:
        if self.grammar.functions:
            return self.error((f"{known}(…)" for known in _FUNCTIONS), _guess(name.text, list(_FUNCTIONS)), name)
        return self.error(["an identifier"], f"Functions are not known for {self.grammar.name}.", name)

    def _unquote(self, text: str) -> str:
        quotes = "`'" if self.grammar.plain_values else "`'\""
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in quotes else text

    def _prefixes(self) -> list[str]:
        kinds = set(self.grammar.prefixes.values())
        return [f"{prefix}.<key>" for kind, prefix in _CANONICAL_PREFIX.items() if kind in kinds]

    def _sort_keys(self) -> list[str]:
        free = [
            f"{_CANONICAL_PREFIX[kind]}.<key>" for kind, identifier in self.grammar.kinds.items() if identifier.sortable
        ]
        return [*self.grammar.sortable(), *free]

    def _identifiers(self, ordering: bool) -> str:
        return _listed(self._sort_keys() if ordering else [*self.grammar.filterable(), *self._prefixes()])


def _listed(options: list[str]) -> str:
    return options[0] if len(options) == 1 else f"one of {', '.join(options)}"


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 200 else f"{text[:200]}…")


def _guess(given: str, known: list[str]) -> str:
    """A hint at the name that was probably meant."""
    import difflib  # only on the way to an error

    near = difflib.get_close_matches(given.lower(), known, 1)
    return f"Did you mean {near[0]!r}?" if near else ""
