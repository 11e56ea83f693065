"""A filter that cannot be read: what is said, and where."""

import pickle

import pytest

from mlflow.contract.search import (
    EXPERIMENTS,
    LOGGED_MODELS,
    MAX_CLAUSES,
    MAX_NESTING,
    MAX_SORT_KEYS,
    MAX_TEXT,
    MODEL_VERSIONS,
    RUNS,
    And,
    FilterError,
    Grammar,
    parse_filter,
    parse_order_by,
)
from mlflow.exceptions import InvalidParameterValue


def failure(text: str, grammar: Grammar = RUNS) -> FilterError:
    with pytest.raises(FilterError) as caught:
        parse_filter(text, grammar)
    return caught.value


@pytest.mark.parametrize(
    ("text", "marked", "expected", "remedy"),
    [
        ("metrics.a == 1", "==", "=", "Write = for =="),
        ("metrics.a <> 1", "<>", "!=", "Write != for <>"),
        ("metrics.a LIKE '1'", "LIKE", ">=", ""),
        ("metrics.a > '1'", "'1'", "a number", "without quotes"),
        ("metrics.a > nan", "nan", "a number", "metric 'a'"),
        ("metrics.a > 1AND params.b = 'x'", "1AND", "a number", "metric 'a'"),
        ("params.lr > 0.1", ">", "ILIKE", "number(params.lr) >"),
        ("params.lr = 0.1", "0.1", "a quoted text", "'0.1'"),
        ("params.lr = x", "x", "a quoted text", "'x'"),
        ("params.lr = 'x", "'", "a quoted text", "not closed"),
        ("params.lr NOT LIKE 'x'", "NOT", "NOT IN", "Negate"),
        ("params.lr BETWEEN 'a' AND 'b'", "BETWEEN", "LIKE", "BETWEEN compares numbers"),
        ("metrics.a BETWEEN 1 OR 2", "OR", "AND", "BETWEEN low AND high"),
        ("Metrics.a > 1", "Metrics.a", "metrics.<key>", "Did you mean 'metrics'"),
        ("stauts = 'FAILED'", "stauts", "status", "Did you mean 'status'"),
        ("lifecycle_stage = 'active'", "lifecycle_stage", "run_id", ""),
        ("dataset.nam = 'x'", "dataset.nam", "dataset.name", "Did you mean 'name'"),
        ("params = 'x'", "params", "params.<key>", "After params write a dot"),
        ("params.`a`b.c = 'x'", "b.c", "an operator", "whole key in backticks"),
        ("'a' = params.b", "'a'", "an identifier", "backticks"),
        ("run_id IN ()", ")", "a quoted text", "Lists hold quoted texts"),
        ("run_id IN ('a' ; 'b')", ";", ")", "commas"),
        ("run_id IN 'a'", "'a'", "(", "parentheses"),
        ("run_id IN (1)", "1", "a quoted text", "Lists hold quoted texts"),
        (r"run_id IN ('C:\')", "'C:\\'", "a quoted text", "backslash"),
        (r"run_id IN ('\ud800')", r"'\ud800'", "a quoted text", "escape"),
        ("metrics.a IN ('x')", "'x'", "a number", "without quotes"),
        ("params.a = 'x';", ";", "the end", ""),
        ("params.a = 'x')", ")", "AND", "No parenthesis is open"),
        ("params.a = 'x', params.b = 'y'", ",", "OR", "Join comparisons"),
        ("params.a = 'it's'", "s", "AND", ""),
        ("avg(metrics.a) > 1", "avg", "mean(…)", ""),
        ("maxx(metrics.a) > 1", "maxx", "min(…)", "Did you mean 'max'"),
        ("min(params.a) > 1", "params.a", "metrics.<key>", "history of a metric"),
        ("number(metrics.a) > 1", "metrics.a", "params.<key>", "reads params and tags"),
        ("min(metrics.a > 1", ">", ")", ""),
        ("params.a = 'x' OR", "", "an identifier", "Identifiers are"),
        ("(params.a = 'x'", "", ")", "character 1 is not closed"),
        ("(params.a = 'x' AND)", ")", "an identifier", ""),
        ("params.a", "", "=", ""),
        ("params.a IS", "IS", "IS NULL", ""),
        ("params.a IS NOT 'x'", "IS", "IS NOT NULL", ""),
        ("-- all\nparams.a = 'x'", "-", "an identifier", "Identifiers are"),
    ],
)
def test_failure_marks_the_place_and_names_the_remedy(text: str, marked: str, expected: str, remedy: str) -> None:
    error = failure(text)
    assert text[error.start : error.end] == marked
    assert expected in error.expected
    assert f"at character {error.start + 1}" in str(error)
    assert remedy in str(error)
    assert (error.error_code, error.get_http_status_code()) == ("INVALID_PARAMETER_VALUE", 400)


@pytest.mark.parametrize(
    ("text", "grammar", "marked", "expected"),
    [
        ("experiment_id LIKE '1'", EXPERIMENTS, "LIKE", "NOT IN"),
        ("attributes.name = 'x'", EXPERIMENTS, "attributes.name", "attribute.<key>"),
        ("min(metrics.a) > 0", EXPERIMENTS, "min", "an identifier"),
        ("version_number = 'x'", MODEL_VERSIONS, "'x'", "a number"),
        ("creation_timestamp > 0", MODEL_VERSIONS, "creation_timestamp", "version_number"),
        ("attribute.name = 'x'", LOGGED_MODELS, "attribute.name", "attributes.<key>"),
        ("name = AND", LOGGED_MODELS, "AND", "a quoted text"),
        ("name = (x)", LOGGED_MODELS, "(", "a quoted text"),
    ],
)
def test_failure_speaks_the_language_of_its_entity(text: str, grammar: Grammar, marked: str, expected: str) -> None:
    error = failure(text, grammar)
    assert text[error.start : error.end] == marked
    assert expected in error.expected


@pytest.mark.parametrize(
    ("item", "grammar", "marked", "expected"),
    [
        ("metrics.a DOWN", RUNS, "DOWN", "DESC"),
        ("metrics.a, params.b", RUNS, ",", "the end"),
        ("dataset.name", RUNS, "dataset.name", "params.<key>"),
        ("length", RUNS, "length", "start_time"),
        ("", RUNS, "", "an identifier"),
        ("tags.a", EXPERIMENTS, "tags.a", "last_update_time"),
    ],
)
def test_order_by_that_cannot_be_read(item: str, grammar: Grammar, marked: str, expected: str) -> None:
    with pytest.raises(FilterError, match="Invalid order_by") as caught:
        parse_order_by([item], grammar)
    assert item[caught.value.start : caught.value.end] == marked
    assert expected in caught.value.expected


def test_long_text_is_refused_unread() -> None:
    error = failure("x" * (MAX_TEXT + 1))
    assert (error.start, error.end) == (MAX_TEXT, MAX_TEXT + 1)
    assert len(str(error)) < 200


def test_message_shows_only_the_beginning_of_a_long_filter() -> None:
    assert len(str(failure("params.a = 'x' AND " * 5000 + "!"))) < 600


def test_number_of_comparisons_is_bounded() -> None:
    tree = parse_filter(" AND ".join(["params.a = 'x'"] * MAX_CLAUSES), RUNS)
    assert isinstance(tree, And)
    assert len(tree.items) == MAX_CLAUSES
    assert "use IN" in str(failure(" OR ".join(["params.a = 'x'"] * (MAX_CLAUSES + 1))))


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("NOT ", "")], ids=["parentheses", "not"])
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    deep = f"{opening * MAX_NESTING}params.a = 'x'{closing * MAX_NESTING}"
    assert parse_filter(deep, RUNS) is not None
    assert str(MAX_NESTING) in str(failure(f"{opening}{deep}{closing}"))
    assert str(MAX_NESTING) in str(failure(opening * 10_000))


def test_parentheses_in_a_list_cost_no_stack() -> None:
    assert parse_filter(f"run_id IN ({'(' * 5000}'a'{')' * 5000})", RUNS) is not None


@pytest.mark.parametrize(
    "text",
    [
        "'" * 100_000,
        "`" * 99_999,
        "params." * 14_000,
        "params.a = '" + "\\'" * 45_000 + "x",
        "run_id IN ('" + "\\" * 99_000,
    ],
    ids=["quotes", "backticks", "dots", "escapes", "backslashes"],
)
@pytest.mark.timeout(5)
def test_hostile_text_is_refused_quickly(text: str) -> None:
    assert failure(text).start <= len(text)


def test_number_of_sort_keys_is_bounded() -> None:
    with pytest.raises(FilterError, match="at most"):
        parse_order_by([f"metrics.m{index}" for index in range(MAX_SORT_KEYS + 1)], RUNS)


def test_failure_is_an_invalid_parameter_and_survives_pickling() -> None:
    error = failure("params.a ~ 'x'")
    assert isinstance(error, InvalidParameterValue)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.start, again.end, again.expected) == (
        str(error),
        error.start,
        error.end,
        error.expected,
    )
