"""Filters and order_bys become trees."""

import pytest

from mlflow.contract.search import (
    EXPERIMENTS,
    LOGGED_MODELS,
    MODEL_VERSIONS,
    REGISTERED_MODELS,
    RUNS,
    Aggregate,
    And,
    Comparison,
    Field,
    FilterError,
    Kind,
    Node,
    Not,
    Operator,
    Or,
    OrderBy,
    Value,
    canonical,
    like_to_regex,
    logged_model_order,
    parse_filter,
    parse_order_by,
)

ACCURACY = Field(Kind.METRIC, "acc", Aggregate.LAST, True)
A = Comparison(Field(Kind.PARAM, "a"), Operator.EQ, "1")
B = Comparison(Field(Kind.PARAM, "b"), Operator.EQ, "2")
C = Comparison(Field(Kind.TAG, "c"), Operator.NE, "3")
SPELT = {"A": "params.a = '1'", "B": "params.b = '2'", "C": "tags.c != '3'"}


def spelt(sketch: str) -> str:
    return " ".join(SPELT.get(word, word) for word in sketch.replace("(", "( ").replace(")", " )").split())


@pytest.mark.parametrize(
    ("text", "field", "operator", "value"),
    [
        ("metrics.acc > 0.5", ACCURACY, Operator.GT, 0.5),
        ("metric.acc <= -1e-3", ACCURACY, Operator.LE, -0.001),
        ("metrics.acc < 1e999", ACCURACY, Operator.LT, float("inf")),
        ("metrics.acc IS NULL", ACCURACY, Operator.IS_NULL, None),
        ("metrics.acc IN (1, 2.5)", ACCURACY, Operator.IN, (1.0, 2.5)),
        ("last(metrics.acc) = 1", ACCURACY, Operator.EQ, 1.0),
        ("MIN(metrics.acc) = 1", Field(Kind.METRIC, "acc", Aggregate.MIN, True), Operator.EQ, 1.0),
        ("max ( metrics.`a b` ) = 1", Field(Kind.METRIC, "a b", Aggregate.MAX, True), Operator.EQ, 1.0),
        ("first(metrics.x/y) != 1", Field(Kind.METRIC, "x/y", Aggregate.FIRST, True), Operator.NE, 1.0),
        ("mean(metrics.acc) IS NOT NULL", Field(Kind.METRIC, "acc", Aggregate.MEAN, True), Operator.IS_NOT_NULL, None),
        ("params.lr = '0.1'", Field(Kind.PARAM, "lr"), Operator.EQ, "0.1"),
        ("number(params.lr) >= 0.1", Field(Kind.PARAM, "lr", None, True), Operator.GE, 0.1),
        ("number(tags.n) NOT IN (1)", Field(Kind.TAG, "n", None, True), Operator.NOT_IN, (1.0,)),
        ("tags.t not in ('a', \"b\",)", Field(Kind.TAG, "t"), Operator.NOT_IN, ("a", "b")),
        ("tags.mlflow.user ilike 'A%'", Field(Kind.TAG, "mlflow.user"), Operator.ILIKE, "A%"),
        ("start_time > 1700000000000", Field(Kind.ATTRIBUTE, "start_time", None, True), Operator.GT, 1700000000000),
        ("created > 1.5", Field(Kind.ATTRIBUTE, "start_time", None, True), Operator.GT, 1.5),
        ("`Run name` = 'x'", Field(Kind.ATTRIBUTE, "run_name"), Operator.EQ, "x"),
        ("attr.status IN ('FAILED')", Field(Kind.ATTRIBUTE, "status"), Operator.IN, ("FAILED",)),
        ("datasets.context = 'train'", Field(Kind.DATASET, "context"), Operator.EQ, "train"),
    ],
)
def test_comparison_of_a_run(text: str, field: Field, operator: Operator, value: Value) -> None:
    assert parse_filter(text, RUNS) == Comparison(field, operator, value)


@pytest.mark.parametrize(
    ("sketch", "tree"),
    [
        ("A AND B AND C", And((A, B, C))),
        ("A OR B AND C", Or((A, And((B, C))))),
        ("A AND B OR C", Or((And((A, B)), C))),
        ("NOT A AND B", And((Not(A), B))),
        ("NOT (A AND B)", Not(And((A, B)))),
        ("NOT NOT A", Not(Not(A))),
        ("(A OR B) AND C", And((Or((A, B)), C))),
        ("A and (B and C)", And((A, B, C))),
        ("((A))", A),
        ("A OR (B OR C)", Or((A, B, C))),
        ("A B", And((A, B))),
        ("AND A AND AND B AND", And((A, B))),
        ("A OR B AND", Or((A, B))),
    ],
)
def test_not_binds_before_and_before_or(sketch: str, tree: Node) -> None:
    assert parse_filter(spelt(sketch), RUNS) == tree


@pytest.mark.parametrize("text", [None, "", " ", "AND", "and AND", "\n"])
def test_empty_filter_has_no_condition(text: str | None) -> None:
    assert parse_filter(text, RUNS) is None


def test_between_is_a_pair_of_bounds() -> None:
    tree = parse_filter("min(metrics.acc) between 0 and 1 AND params.a = '1'", RUNS)
    low = Field(Kind.METRIC, "acc", Aggregate.MIN, True)
    assert tree == And((Comparison(low, Operator.GE, 0.0), Comparison(low, Operator.LE, 1.0), A))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'it''s'", "it''s"),
        (r"'it\'s'", r"it\'s"),
        ('"it\'s"', "it's"),
        ("'C:\\'", "C:\\"),
        (r"'C:\\'", r"C:\\"),
        ("''", ""),
        ("''''", "''"),
        ("'a;b -- c /* d */'", "a;b -- c /* d */"),
        ("'a\nb'", "a\nb"),
        ("'x AND y'", "x AND y"),
    ],
)
def test_quoted_text_is_taken_verbatim(written: str, value: str) -> None:
    assert parse_filter(f"tags.t = {written}", RUNS) == Comparison(Field(Kind.TAG, "t"), Operator.EQ, value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'it''s'", "its"),
        (r"'it\'s'", "it's"),
        (r"'C:\\'", "C:\\"),
        (r"'\x64\163'", "ds"),
        (r"'\u00e9\U0001f600'", "é😀"),
        (r"'d\s'", r"d\s"),
        ("'d' \"s\"", "ds"),
        ("(('ds'))", "ds"),
        (r"'a\nb'", "a\nb"),
    ],
)
def test_text_in_a_list_is_a_python_literal(written: str, value: str) -> None:
    assert parse_filter(f"tags.t IN ({written}, 'x')", RUNS) == Comparison(
        Field(Kind.TAG, "t"), Operator.IN, (value, "x")
    )


@pytest.mark.parametrize(
    ("written", "key"),
    [("a.b-c/d:e", "a.b-c/d:e"), ("`x y`", "x y"), ('"x y"', "x y"), ("'x.y'", "x.y"), ("1", "1"), ("and", "and")],
)
def test_key_may_be_bare_or_quoted(written: str, key: str) -> None:
    assert parse_filter(f"params.{written} = '1'", RUNS) == Comparison(Field(Kind.PARAM, key), Operator.EQ, "1")


def test_whole_number_beyond_64_bits_is_a_float() -> None:
    tree = parse_filter("start_time < 9223372036854775808 AND end_time < 9223372036854775807", RUNS)
    assert isinstance(tree, And)
    values = [item.value for item in tree.items if isinstance(item, Comparison)]
    assert values == [2.0**63, 2**63 - 1]
    assert [type(value) for value in values] == [float, int]


def test_logged_models_take_text_without_single_quotes_literally() -> None:
    tree = parse_filter('name = "m" AND model_type = lm-x AND experiment_id = 1 AND params."p" = \'x\'', LOGGED_MODELS)
    assert isinstance(tree, And)
    compared = [(item.field.key, item.value) for item in tree.items if isinstance(item, Comparison)]
    assert compared == [("name", '"m"'), ("model_type", "lm-x"), ("experiment_id", "1"), ('"p"', "x")]


def test_metric_of_a_logged_model_has_no_aggregate() -> None:
    wanted = Comparison(Field(Kind.METRIC, "a", None, True), Operator.GT, 1.0)
    assert parse_filter("metrics.a > 1", LOGGED_MODELS) == wanted


def test_version_number_may_be_quoted() -> None:
    quoted = parse_filter("version_number >= '2'", MODEL_VERSIONS)
    assert quoted == parse_filter("version_number >= 2", MODEL_VERSIONS)
    assert isinstance(quoted, Comparison)
    assert quoted.value == 2


def test_order_by_reads_direction_alias_and_function() -> None:
    keys = parse_order_by(["min(metrics.acc) desc", "created", "number(params.lr) ASC"], RUNS)
    assert keys == (
        OrderBy(Field(Kind.METRIC, "acc", Aggregate.MIN, True), True),
        OrderBy(Field(Kind.ATTRIBUTE, "start_time", None, True), False),
        OrderBy(Field(Kind.PARAM, "lr", None, True), False),
    )


@pytest.mark.parametrize("items", [None, [], ()])
def test_no_order_by_gives_no_keys(items: list[str] | None) -> None:
    assert parse_order_by(items, RUNS) == ()


def test_repeated_sort_key_has_the_code_of_mlflow() -> None:
    for grammar, key in ((RUNS, "created"), (REGISTERED_MODELS, "timestamp"), (MODEL_VERSIONS, "name")):
        alias = {"created": "start_time DESC", "timestamp": "last_updated_timestamp"}.get(key, key)
        with pytest.raises(FilterError, match="twice") as failure:
            parse_order_by([key, alias], grammar)
        assert failure.value.error_code == "INTERNAL_ERROR"


def test_repeated_sort_key_of_experiments_counts_once() -> None:
    assert parse_order_by(["name DESC", "name"], EXPERIMENTS) == (OrderBy(Field(Kind.ATTRIBUTE, "name"), True),)


def test_last_of_a_metric_is_the_metric_itself() -> None:
    with pytest.raises(FilterError, match="twice"):
        parse_order_by(["metrics.a", "last(metrics.a)"], RUNS)
    assert len(parse_order_by(["metrics.a", "max(metrics.a)"], RUNS)) == 2


def test_logged_models_are_ordered_by_attribute_or_metric() -> None:
    by_metric = logged_model_order("metrics.a b", LOGGED_MODELS, descending=True)
    assert by_metric == OrderBy(Field(Kind.METRIC, "a b", None, True), True)
    by_time = logged_model_order("creation_time", LOGGED_MODELS)
    assert by_time == OrderBy(Field(Kind.ATTRIBUTE, "creation_timestamp", None, True), False)
    for unknown in ("params.p", "tags.t", "metrics.", "foo", "", "name DESC", "status_message"):
        with pytest.raises(FilterError, match="creation_timestamp") as failure:
            logged_model_order(unknown, LOGGED_MODELS)
        assert failure.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ('( attributes.created>5 )and params.`a`="x"', "start_time > 5 AND params.a = 'x'"),
        ("NOT(metrics.a=1 OR metrics.b=2)", "NOT (metrics.a = 1.0 OR metrics.b = 2.0)"),
        ('tags.`x y` in ("it\'s")', r"tags.`x y` IN ('it\'s')"),
        ("metrics.a < -1e999", "metrics.a < -1e999"),
        ('params.a = "it\'s"', 'params.a = "it\'s"'),
    ],
)
def test_canonical_text_is_short_and_even(text: str, shortest: str) -> None:
    assert canonical(parse_filter(text, RUNS)) == shortest


def test_canonical_refuses_what_no_filter_can_say() -> None:
    with pytest.raises(ValueError, match="cannot be quoted"):
        canonical(Comparison(Field(Kind.PARAM, "a"), Operator.EQ, "both ' and \""))
    with pytest.raises(ValueError, match="NaN"):
        canonical(Comparison(ACCURACY, Operator.EQ, float("nan")))


@pytest.mark.parametrize(
    ("pattern", "text", "like", "ilike"),
    [
        ("a%", "abc", True, True),
        ("a%", "ABC", False, True),
        ("_", "x", True, True),
        ("_", "xy", False, False),
        ("a.c", "abc", False, False),
        ("%b%", "a\nb\nc", True, True),
        ("", "", True, True),
        (r"C:\%", "C:\\x", True, True),
        ("É", "é", False, True),
    ],
)
def test_like_pattern_as_expression(pattern: str, text: str, like: bool, ilike: bool) -> None:
    assert (like_to_regex(pattern, True).fullmatch(text) is not None) is like
    assert (like_to_regex(pattern, False).fullmatch(text) is not None) is ilike
