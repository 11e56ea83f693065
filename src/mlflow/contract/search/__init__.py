"""The language of filters and order_by: text to tree and back.

It is MLflow's language, and beyond it `OR`, `NOT`, parentheses, `BETWEEN`, lists for every text and number, `IS NULL`
for metrics and attributes, `number(params.lr)`, and `min`, `max`, `first`, `mean` of a metric's history. Whatever
MLflow accepts means what it means there; docs/search.md tells the whole.
"""

from __future__ import annotations

from mlflow.contract.search.canonical import canonical, canonical_field, canonical_order
from mlflow.contract.search.failure import FilterError
from mlflow.contract.search.filters import MAX_CLAUSES, MAX_NESTING, parse_filter
from mlflow.contract.search.grammar import (
    EXPERIMENTS,
    GRAMMARS,
    LOGGED_MODELS,
    MODEL_VERSIONS,
    REGISTERED_MODELS,
    RUNS,
    Grammar,
    Identifier,
)
from mlflow.contract.search.like import like_to_regex
from mlflow.contract.search.orders import MAX_SORT_KEYS, logged_model_order, parse_order_by
from mlflow.contract.search.reader import MAX_TEXT
from mlflow.contract.search.tree import (
    Aggregate,
    And,
    Comparison,
    Field,
    Kind,
    Node,
    Not,
    Number,
    Operator,
    Or,
    OrderBy,
    Value,
)

__all__ = [
    "EXPERIMENTS",
    "GRAMMARS",
    "LOGGED_MODELS",
    "MAX_CLAUSES",
    "MAX_NESTING",
    "MAX_SORT_KEYS",
    "MAX_TEXT",
    "MODEL_VERSIONS",
    "REGISTERED_MODELS",
    "RUNS",
    "Aggregate",
    "And",
    "Comparison",
    "Field",
    "FilterError",
    "Grammar",
    "Identifier",
    "Kind",
    "Node",
    "Not",
    "Number",
    "Operator",
    "Or",
    "OrderBy",
    "Value",
    "canonical",
    "canonical_field",
    "canonical_order",
    "like_to_regex",
    "logged_model_order",
    "parse_filter",
    "parse_order_by",
]
