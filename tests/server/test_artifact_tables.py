"""Files that are tables, answered page by page; YAML files as JSON; HTML files for a frame."""

import io
import json
from urllib.parse import quote

import pytest

from tests.server.served import Answer, Served


@pytest.fixture
def run(server: Served) -> str:
    return server.new_run()


def put(server: Served, run: str, path: str, content: bytes) -> None:
    address = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={quote(path)}"
    assert server.send("POST", address, content).status == 200


def table(server: Served, run: str, path: str, **options: int) -> Answer:
    more = "".join(f"&{name}={value}" for name, value in options.items())
    return server.get(f"/api/ext/v1/artifacts/table?run_id={run}&path={quote(path)}{more}")


def test_a_page_of_a_csv_file_has_its_rows_and_their_number(server: Served, run: str):
    rows = "".join(f'{number},"a, b\nc"\n' for number in range(250))
    put(server, run, "rows.csv", f"\ufeffid,text\n{rows}".encode())
    answer = table(server, run, "rows.csv", offset=100, limit=2).json
    assert answer == {
        "columns": ["id", "text"],
        "rows": [["100", "a, b\nc"], ["101", "a, b\nc"]],
        "offset": 100,
        "total": 250,
    }


def test_separators_of_lines_inside_text_are_text(server: Served, run: str):
    put(server, run, "rows.tsv", "a\tb\n1\u2028x\t2\x0b".encode())
    assert table(server, run, "rows.tsv").json["rows"] == [["1\u2028x", "2\x0b"]]


def test_bytes_that_are_no_text_become_marks(server: Served, run: str):
    put(server, run, "rows.csv", b"a\n\xff\n")
    assert table(server, run, "rows.csv").json["rows"] == [["\ufffd"]]


def test_an_empty_file_is_an_empty_table(server: Served, run: str):
    put(server, run, "rows.csv", b"\n")
    assert table(server, run, "rows.csv").json["total"] == 0


def test_a_logged_table_keeps_what_is_missing_apart_from_text(server: Served, run: str):
    content = {"columns": ["a", "b"], "data": [[None, "None"], [{"x": 1}, True], [1.5, "é"]]}
    put(server, run, "table.json", json.dumps(content).encode())
    answer = table(server, run, "table.json").json
    assert answer["rows"] == [[None, "None"], ['{"x":1}', "true"], ["1.5", "é"]]
    assert answer["total"] == 3


def test_parquet_is_read_too(server: Served, run: str):
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({"n": list(range(30)), "s": [None, *"x" * 29]}), buffer)
    put(server, run, "rows.parquet", buffer.getvalue())
    answer = table(server, run, "rows.parquet", offset=0, limit=2).json
    assert answer == {"columns": ["n", "s"], "rows": [["0", None], ["1", "x"]], "offset": 0, "total": 30}


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        pytest.param("a.txt", b"x", "is no table", id="kind"),
        pytest.param("a.json", b'{"a": 1}', "not a table of mlflow.log_table", id="other json"),
        pytest.param("a.parquet", b"PAR1", "cannot be read as Parquet", id="broken parquet"),
        pytest.param("a.csv", b'"' + b"x" * 200_000, "cannot be read as a table", id="endless cell"),
    ],
)
def test_what_is_no_table_is_said_so(server: Served, run: str, path: str, content: bytes, told: str):
    put(server, run, path, content)
    answer = table(server, run, path)
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert told in answer.json["message"]


@pytest.mark.parametrize("options", [{"limit": 0}, {"limit": 1001}, {"offset": -1}])
def test_pages_have_bounds(server: Served, run: str, options: dict[str, int]):
    assert table(server, run, "a.csv", **options).code == "INVALID_PARAMETER_VALUE"


def test_a_page_for_a_frame_has_an_origin_of_its_own_and_no_network(server: Served, run: str):
    put(server, run, "plot.html", b"<script>1</script>")
    answer = server.get(f"/api/ext/v1/artifacts/page?run_id={run}&path=plot.html")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; ")
    assert "allow-same-origin" not in policy
    assert "content-disposition" not in answer.headers


def document(server: Served, run: str, path: str) -> Answer:
    return server.get(f"/api/ext/v1/artifacts/document?run_id={run}&path={quote(path)}")


def test_a_yaml_file_is_answered_as_json(server: Served, run: str):
    put(
        server,
        run,
        "model/MLmodel",
        b"flavors:\n  python_function:\n    env: {conda: conda.yaml}\ntime: 2026-01-01 10:00:00\n",
    )
    content = document(server, run, "model/MLmodel").json["document"]
    assert content["flavors"] == {"python_function": {"env": {"conda": "conda.yaml"}}}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", id="aliases multiply"),
        pytest.param(b"a: 2024-13-45\n", id="a date that there is not"),
        pytest.param(b"!!python/object/apply:os.system ['true']", id="objects"),
        pytest.param(b"a: [", id="broken"),
        pytest.param(b"[" * 5000, id="deep"),
        pytest.param(b"a: " + b"x" * (2 << 20), id="large"),
    ],
)
def test_yaml_that_would_do_more_than_tell_is_refused(server: Served, run: str, content: bytes):
    put(server, run, "MLmodel", content)
    answer = document(server, run, "MLmodel")
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_rows_are_sorted_by_size_then_text_and_what_is_missing_comes_last(server: Served, run: str):
    put(server, run, "rows.csv", b"id,value\na,10\nb,9\nc,\nd,x\ne,nan\nf,-1e3\n")
    ids = {order: [row[0] for row in sorted_rows(server, run, order)] for order in ("value", "-value")}
    assert ids == {"value": ["f", "b", "a", "d", "c", "e"], "-value": ["d", "a", "b", "f", "c", "e"]}


def sorted_rows(server: Served, run: str, order: str) -> list[list[str | None]]:
    answer = server.get(f"/api/ext/v1/artifacts/table?run_id={run}&path=rows.csv&sort={order}").json
    rows: list[list[str | None]] = answer["rows"]
    return rows


def test_a_sorted_table_is_read_page_by_page(server: Served, run: str):
    put(server, run, "rows.csv", b"n\n" + b"".join(b"%d\n" % (number * 7 % 250) for number in range(250)))
    answer = server.get(f"/api/ext/v1/artifacts/table?run_id={run}&path=rows.csv&sort=n&offset=200&limit=3").json
    assert answer == {"columns": ["n"], "rows": [["200"], ["201"], ["202"]], "offset": 200, "total": 250}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("search=ADA", ["1", "3"], id="any column"),
        pytest.param("search=ada&column=name", ["1"], id="one column"),
        pytest.param("search=ada&sort=-id", ["3", "1"], id="sorted"),
        pytest.param("search=nobody", [], id="none"),
    ],
)
def test_rows_that_contain_a_text_are_kept(server: Served, run: str, query: str, ids: list[str]):
    rows = [{"id": 1, "name": "Ada", "note": None}, {"id": 2, "name": "Grace"}, {"id": 3, "note": "of Ada"}]
    put(server, run, "rows.json", json.dumps(rows).encode())
    answer = server.get(f"/api/ext/v1/artifacts/table?run_id={run}&path=rows.json&{query}").json
    assert answer["columns"] == ["id", "name", "note"]
    assert [row[0] for row in answer["rows"]] == ids
    assert answer["total"] == len(ids)


@pytest.mark.parametrize("query", ["sort=absent", "search=x&column=absent", "sort=a&offset=100000"])
def test_orders_that_a_table_cannot_have_are_refused(server: Served, run: str, query: str):
    put(server, run, "rows.csv", b"a\n1\n")
    assert server.get(f"/api/ext/v1/artifacts/table?run_id={run}&path=rows.csv&{query}").code == (
        "INVALID_PARAMETER_VALUE"
    )


def test_a_parquet_file_is_sorted_and_searched(server: Served, run: str):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": list(range(9000)), "kind": ["even", "odd"] * 4500}), buffer)
    put(server, run, "rows.parquet", buffer.getvalue())
    query = "search=odd&sort=-id&limit=2"
    answer = server.get(f"/api/ext/v1/artifacts/table?run_id={run}&path=rows.parquet&{query}").json
    assert (answer["rows"], answer["total"]) == ([["8999", "odd"], ["8997", "odd"]], 4500)
