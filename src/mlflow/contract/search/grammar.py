"""What may be searched, entity by entity: identifiers, aliases, operators. The parser knows no names of its own."""

from __future__ import annotations

from typing import Final

import msgspec

from mlflow.contract.search.tree import Kind, Operator

_EQUALITY = (Operator.EQ, Operator.NE)
_LISTS = (Operator.IN, Operator.NOT_IN)
_NULLS = (Operator.IS_NULL, Operator.IS_NOT_NULL)
_TEXT = (*_EQUALITY, Operator.LIKE, Operator.ILIKE, *_LISTS)
_NUMBER = (*_EQUALITY, Operator.LT, Operator.LE, Operator.GT, Operator.GE, *_LISTS)


class Identifier(msgspec.Struct, frozen=True):
    """An attribute, or all keys of a kind.

    Attributes:
        operators: those that filters may use; none where it serves only for ordering.
        aliases: other spellings, read as the first.
        numeric: holds numbers.
        sortable: may stand in order_by.
        quoted_numbers: `'3'` is read as 3.
        units: `1.5h` is read as its milliseconds.
    """

    operators: tuple[Operator, ...] = ()
    aliases: tuple[str, ...] = ()
    numeric: bool = False
    sortable: bool = False
    quoted_numbers: bool = False
    units: bool = False


class Grammar(msgspec.Struct, frozen=True, eq=False):
    """The language of one entity. Grammars are compared by identity.

    Attributes:
        name: the entity, as in REST paths.
        prefixes: what stands before the dot -> the kind.
        kinds: the rules of kinds whose keys are free.
        attributes: canonical attribute -> its rules.
        dataset: canonical dataset key -> its rules.
        functions: metrics have histories (`min(metrics.x)`) and texts can be cast (`number(params.x)`).
        plain_values: text needs no quotes and double quotes are part of it, as MLflow reads logged models' filters.
        repeats: the same sort key may stand twice; MLflow answers INTERNAL_ERROR otherwise.
    """

    name: str
    prefixes: dict[str, Kind]
    kinds: dict[Kind, Identifier]
    attributes: dict[str, Identifier]
    dataset: dict[str, Identifier] = {}
    functions: bool = False
    plain_values: bool = False
    repeats: bool = False

    def canonical_attribute(self, name: str) -> str | None:
        """The attribute that a spelling means."""
        return self._canonical(self.attributes, name)

    def identifier(self, kind: Kind, key: str) -> Identifier:
        """The rules of a canonical key."""
        if kind is Kind.ATTRIBUTE:
            return self.attributes[key]
        return self.dataset[key] if kind is Kind.DATASET else self.kinds[kind]

    def filterable(self) -> list[str]:
        """The attributes a filter may name."""
        return [name for name, identifier in self.attributes.items() if identifier.operators]

    def sortable(self) -> list[str]:
        """The attributes order_by may name."""
        return [name for name, identifier in self.attributes.items() if identifier.sortable]

    @staticmethod
    def _canonical(attributes: dict[str, Identifier], name: str) -> str | None:
        if name in attributes:
            return name
        return next((key for key, identifier in attributes.items() if name in identifier.aliases), None)


def _text(*aliases: str, operators: tuple[Operator, ...] = _TEXT, sortable: bool = True) -> Identifier:
    return Identifier(operators, aliases, sortable=sortable)


def _number(
    *aliases: str, operators: tuple[Operator, ...] = _NUMBER, quoted: bool = False, units: bool = False
) -> Identifier:
    return Identifier(operators, aliases, numeric=True, sortable=True, quoted_numbers=quoted, units=units)


_KEYED = Identifier((*_TEXT, *_NULLS), sortable=True)
_UNSORTED = Identifier((*_TEXT, *_NULLS))
_MEASURED = Identifier((*_NUMBER, *_NULLS), numeric=True, sortable=True)
CAST: Final = _MEASURED  # what number(…) turns a param or tag into
_TAGS = {"tag": Kind.TAG, "tags": Kind.TAG}

RUNS: Final = Grammar(
    name="runs",
    prefixes={
        **dict.fromkeys(("metric", "metrics"), Kind.METRIC),
        **dict.fromkeys(("param", "params", "parameter", "parameters"), Kind.PARAM),
        **_TAGS,
        **dict.fromkeys(("attribute", "attributes", "attr", "run"), Kind.ATTRIBUTE),
        **dict.fromkeys(("dataset", "datasets"), Kind.DATASET),
    },
    kinds={Kind.METRIC: _MEASURED, Kind.PARAM: _KEYED, Kind.TAG: _KEYED},
    attributes={
        "run_id": _text(),
        "run_name": _text("run name", "Run name", "Run Name", operators=(*_TEXT, *_NULLS)),
        "status": _text(),
        "user_id": _text(operators=(*_TEXT, *_NULLS)),
        "artifact_uri": _text(),
        "start_time": _number("created", "Created", operators=(*_NUMBER, *_NULLS)),
        "end_time": _number(operators=(*_NUMBER, *_NULLS)),
        "duration": _number(operators=(*_NUMBER, *_NULLS), units=True),
    },
    dataset={key: _text(sortable=False) for key in ("name", "digest", "context")},
    functions=True,
)

EXPERIMENTS: Final = Grammar(
    name="experiments",
    prefixes={"attribute": Kind.ATTRIBUTE, **_TAGS},
    kinds={Kind.TAG: _UNSORTED},
    attributes={
        "name": _text(),
        "experiment_id": _text(operators=(*_EQUALITY, *_LISTS)),
        "creation_time": _number(),
        "last_update_time": _number(),
        "last_run_time": _number(),
        "any_tag": _text(operators=(Operator.EQ, Operator.LIKE, Operator.ILIKE), sortable=False),
    },
    repeats=True,
)

REGISTERED_MODELS: Final = Grammar(
    name="registered_models",
    prefixes={"attribute": Kind.ATTRIBUTE, **_TAGS},
    kinds={Kind.TAG: _UNSORTED},
    attributes={"name": _text(), "last_updated_timestamp": _number("timestamp", operators=())},
)

MODEL_VERSIONS: Final = Grammar(
    name="model_versions",
    prefixes={"attribute": Kind.ATTRIBUTE, **_TAGS},
    kinds={Kind.TAG: _UNSORTED},
    attributes={
        "name": _text(),
        "run_id": _text(operators=(*_TEXT, *_NULLS), sortable=False),
        "source_path": _text(sortable=False),
        "version_number": _number(quoted=True),
        "creation_timestamp": _number(operators=()),
        "last_updated_timestamp": _number(operators=()),
    },
)

LOGGED_MODELS: Final = Grammar(
    name="logged_models",
    prefixes={
        "attributes": Kind.ATTRIBUTE,
        "metrics": Kind.METRIC,
        "params": Kind.PARAM,
        "tags": Kind.TAG,
    },
    kinds={Kind.METRIC: _MEASURED, Kind.PARAM: _UNSORTED, Kind.TAG: _UNSORTED},
    attributes={
        "name": _text(),
        "model_id": _text(),
        "model_type": _text(operators=(*_TEXT, *_NULLS)),
        "source_run_id": _text(operators=(*_TEXT, *_NULLS)),
        "experiment_id": _text(),
        "artifact_location": _text(),
        "status": _text(),
        "status_message": _text(operators=(*_TEXT, *_NULLS), sortable=False),
        "lifecycle_stage": _text(),
        "creation_timestamp": _number("creation_time"),
        "last_updated_timestamp": _number(),
    },
    plain_values=True,
    repeats=True,
)

GRAMMARS: Final = {
    grammar.name: grammar for grammar in (RUNS, EXPERIMENTS, REGISTERED_MODELS, MODEL_VERSIONS, LOGGED_MODELS)
}
