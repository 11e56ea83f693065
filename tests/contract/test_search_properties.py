"""Any tree spelt canonically reads as itself; any text is either read or refused."""

from hypothesis import given
from hypothesis import strategies as st

from mlflow.contract.search import (
    GRAMMARS,
    RUNS,
    Aggregate,
    Comparison,
    Field,
    FilterError,
    Grammar,
    Kind,
    Node,
    Not,
    Operator,
    OrderBy,
    canonical,
    canonical_order,
    parse_filter,
    parse_order_by,
)
from mlflow.contract.search.tree import all_of, any_of

ORDERED = [Operator.EQ, Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE]
MATCHED = [Operator.EQ, Operator.NE, Operator.LIKE, Operator.ILIKE]
LISTED = [Operator.IN, Operator.NOT_IN]
NULLS = [Operator.IS_NULL, Operator.IS_NOT_NULL]

letters = st.characters(exclude_categories=["Cs"])
texts = st.text(letters, max_size=12)
keys = st.text(st.characters(categories=["L", "Nd"], include_characters="._-:/ "), min_size=1, max_size=12)
quotable = texts.map(lambda text: text.replace("'", "").replace("\\", "")) | st.just("it's")
numbers = st.floats(allow_nan=False)
whole = st.integers(-(2**63), 2**63 - 1) | numbers.map(lambda number: number + 0.0)


def compare(
    fields: st.SearchStrategy[Field],
    operators: list[Operator],
    values: st.SearchStrategy[object],
    members: st.SearchStrategy[object],
    nulls: bool = True,
) -> st.SearchStrategy[Comparison]:
    single = st.builds(Comparison, fields, st.sampled_from(operators), values)
    listed = st.builds(
        Comparison, fields, st.sampled_from(LISTED), st.lists(members, min_size=1, max_size=4).map(tuple)
    )
    missing = st.builds(Comparison, fields, st.sampled_from(NULLS), st.none())
    return single | listed | missing if nulls else single | listed


metrics = st.builds(Field, st.just(Kind.METRIC), keys, st.sampled_from(Aggregate), st.just(True))
texts_fields = st.builds(Field, st.sampled_from([Kind.PARAM, Kind.TAG]), keys)
casts = st.builds(Field, st.sampled_from([Kind.PARAM, Kind.TAG]), keys, st.none(), st.just(True))
names = st.builds(Field, st.just(Kind.ATTRIBUTE), st.sampled_from(["run_id", "status", "artifact_uri"]))
times = st.builds(Field, st.just(Kind.ATTRIBUTE), st.sampled_from(["start_time", "end_time"]), st.none(), st.just(True))
datasets = st.builds(Field, st.just(Kind.DATASET), st.sampled_from(["name", "digest", "context"]))
comparisons: st.SearchStrategy[Node] = (
    compare(metrics | casts, ORDERED, numbers, numbers)
    | compare(times, ORDERED, whole, whole)
    | compare(texts_fields, MATCHED, quotable, texts)
    | compare(names | datasets, MATCHED, quotable, texts, nulls=False)
)


def joined(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=4)
    return several.map(all_of) | several.map(any_of) | nodes.map(Not)


trees = st.recursive(comparisons, joined, max_leaves=12)
WORDS = """metrics.a params.`b` tags.c start_time status min( number( ( ) , AND OR NOT IN IS NULL LIKE BETWEEN = != > <
1 -2.5 1e3 'x' "y" `z` ' ; dataset.name run_id"""
words = st.sampled_from(WORDS.split())


@given(trees)
def test_canonical_text_reads_as_the_same_tree(tree: Node) -> None:
    assert parse_filter(canonical(tree), RUNS) == tree


@given(metrics | texts_fields | casts | names | times, st.booleans())
def test_canonical_sort_key_reads_as_the_same_key(field: Field, descending: bool) -> None:
    key = OrderBy(field, descending)
    assert parse_order_by([canonical_order(key)], RUNS) == (key,)


def read_or_refused(text: str, grammar: Grammar) -> None:
    try:
        tree = parse_filter(text, grammar)
    except FilterError as error:
        assert 0 <= error.start <= error.end <= len(text)
        return
    assert parse_filter(canonical(tree), grammar) == tree


@given(texts, st.sampled_from(list(GRAMMARS.values())))
def test_any_text_is_read_or_refused(text: str, grammar: Grammar) -> None:
    read_or_refused(text, grammar)


@given(st.lists(words, max_size=14).map(" ".join), st.sampled_from(list(GRAMMARS.values())))
def test_any_words_are_read_or_refused(text: str, grammar: Grammar) -> None:
    read_or_refused(text, grammar)
