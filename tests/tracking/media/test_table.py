import datetime
import io
import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pictures

from mlflow.tracking.media.image import Image
from mlflow.tracking.media.table import read_table, render_table, tables_tag


def table(data: object, existing: bytes | None = None) -> dict:
    return json.loads(render_table(data, "t.json", existing)[-1].read_bytes())


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        pytest.param({"a": [1, 2], "b": ["x", "y"]}, [[1, "x"], [2, "y"]], id="columns"),
        pytest.param({"a": 1, "b": "s"}, [[1, "s"]], id="one row"),
        pytest.param({"a": 1, "b": ["t", "u"]}, [[1, "t"], [1, "u"]], id="repeated"),
        pytest.param({"a": [1], "b": ["t", "u"]}, [[[1], ["t", "u"]]], id="ragged"),
        pytest.param({}, [], id="empty"),
        pytest.param(pd.DataFrame({"a": [1, None]}, index=[7, 9]), [[1.0], [None]], id="frame"),
        pytest.param(
            {"a": [float("nan"), float("inf"), 1 / 3, 1e300]}, [[None], [None], [1 / 3], [1e300]], id="floats"
        ),
        pytest.param({"a": np.arange(2), "b": [np.int8(3), np.array([1, 2])]}, [[0, 3], [1, [1, 2]]], id="numpy"),
        pytest.param({"a": [b"xx", "é"]}, [["xx"], ["é"]], id="text"),
        pytest.param(
            {"a": pd.to_datetime(["2020-01-01T01:02:03", None])}, [["2020-01-01T01:02:03.000"], [None]], id="time"
        ),
        pytest.param({"a": [datetime.date(2020, 1, 2)]}, [["2020-01-02"]], id="date"),
        pytest.param({"a": pd.array([1, None], dtype="Int64")}, [[1], [None]], id="nullable"),
    ],
)
def test_data_of_every_shape_becomes_rows(data: object, rows: list) -> None:
    assert table(data)["data"] == rows


def test_rows_are_appended_and_missing_columns_filled_with_null() -> None:
    first = render_table({"a": [1], "b": ["x"]}, "t.json")[-1].read_bytes()
    second = render_table({"c": [2.5], "a": [3]}, "t.json", first)[-1].read_bytes()
    assert json.loads(second) == {"columns": ["a", "b", "c"], "data": [[1, "x", None], [3, None, 2.5]]}


def test_json_table_reads_back_as_the_frame_it_was() -> None:
    frame = pd.DataFrame({"a": [0.1, None], "b": ["x", "y"], "n": [1, 2], "l": [[1], {"k": 2}]})
    pd.testing.assert_frame_equal(read_table(render_table(frame, "t.json")[-1].read_bytes(), "t.json"), frame)


def test_parquet_table_appends_and_reads_back() -> None:
    first = render_table({"a": [1], "b": ["x"]}, "t.parquet")[-1].read_bytes()
    second = render_table({"a": [2], "c": [0.5]}, "t.parquet", first)[-1].read_bytes()
    frame = read_table(second, "t.parquet")
    assert frame["a"].tolist() == [1, 2]
    assert frame.columns.tolist() == ["a", "b", "c"]


def test_parquet_refuses_a_column_that_changes_its_type() -> None:
    first = render_table({"a": [1]}, "t.parquet")[-1].read_bytes()
    with pytest.raises(ValueError, match="one type a column"):
        render_table({"a": ["q"]}, "t.parquet", first)


@pytest.mark.parametrize("suffix", ["json", "parquet"])
def test_images_become_files_beside_the_table(suffix: str) -> None:
    name = f"sub/t.v2.{suffix}"
    *images, written = render_table({"n": [1, 2], "i": [Image(np.zeros((2, 3))), Pictures.new("L", (3, 2))]}, name)
    cell = read_table(written.read_bytes(), name)["i"][1]
    assert cell["type"] == "image"
    assert cell["filepath"].startswith("table_images/sub/t.v2/")
    assert {file.path for file in images} >= {cell["filepath"], cell["compressed_filepath"]}
    assert all(Pictures.open(io.BytesIO(file.read_bytes())).size == (3, 2) for file in images)


def test_a_column_of_images_and_other_values_is_refused() -> None:
    with pytest.raises(ValueError, match="mix of images"):
        render_table({"i": [Image(np.zeros((1, 1))), "x"]}, "t.json")


@pytest.mark.parametrize("name", ["t", "t.csv", "t.JSON"])
def test_other_extensions_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="extension"):
        render_table({"a": [1]}, name)


@pytest.mark.parametrize("existing", [b"{", b"[]", b'{"columns": []}', b"\xff"], ids=repr)
def test_a_file_that_is_no_table_is_not_appended_to(existing: bytes) -> None:
    with pytest.raises(ValueError, match="no table"):
        render_table({"a": [1]}, "t.json", existing)


def test_a_list_is_no_table() -> None:
    with pytest.raises(ValueError, match="not list"):
        render_table([{"a": 1}], "t.json")


def test_the_tag_lists_each_table_once() -> None:
    tag = tables_tag(tables_tag(tables_tag(None, "a.json"), "b.json"), "a.json")
    assert json.loads(tag) == [{"path": "a.json", "type": "table"}, {"path": "b.json", "type": "table"}]
