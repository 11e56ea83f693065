"""`mlflow models predict`: files and folders of every form, in pieces."""

import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from mlflow.cli import cli
from mlflow.serving.batch.predictions import predict_files
from mlflow.serving.scorer import Scorer
from tests.fixtures.processes import StartChild
from tests.fixtures.servers import OURS
from tests.serving.samples import ROWS

Predict = Callable[..., Result]
EXPECTED = [0, 0, 1, 1]


@pytest.fixture
def predict(models: Path) -> Predict:
    """Run the command on the classifier: `predict("-i", path, model="typed", input=…)`."""

    def run(*options: str | Path, model: str = "logistic", **how: Any) -> Result:
        command = ["models", "predict", "-m", models / model, "--env-manager", "local", *options]
        return CliRunner().invoke(cli, [str(word) for word in command], **how)

    return run


def write(path: Path, frame: pd.DataFrame = ROWS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix:
        case ".csv" | ".gz":
            frame.to_csv(path, index=False)
        case ".parquet":
            frame.to_parquet(path)
        case ".jsonl":
            frame.to_json(path, orient="records", lines=True)
        case ".json":
            path.write_text(json.dumps({"dataframe_split": frame.to_dict(orient="split")}))
    return path


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz", "rows.parquet", "rows.jsonl", "rows.json"])
@pytest.mark.parametrize("rows", ["3", "10000"])
def test_a_file_of_any_form_is_answered_as_a_server_answers(predict: Predict, tmp_path: Path, name: str, rows: str):
    done = predict("-i", write(tmp_path / name), "--batch-rows", rows)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"predictions": EXPECTED}


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.jsonl.zst", "out.csv.gz", "out.csv.zst"])
def test_files_are_packed_as_the_ends_of_their_names_say(predict: Predict, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert predict("-i", write(tmp_path / "rows.csv"), "-o", out, "--batch-rows", "3").exit_code == 0
    assert out.read_bytes()[:2] in {b"\x1f\x8b", b"\x28\xb5"}
    if ".csv" in name:
        assert pd.read_csv(out)["predictions"].tolist() == EXPECTED
    else:
        packing: Any = {".gz": "gzip", ".zst": "zstd"}[out.suffix]
        assert pd.read_json(out, lines=True, compression=packing)[0].tolist() == EXPECTED


@pytest.mark.parametrize("packing", [".gz", ".zst"])
@pytest.mark.parametrize("form", [".csv", ".jsonl"])
def test_packed_rows_are_read(predict: Predict, tmp_path: Path, form: str, packing: str) -> None:
    source = tmp_path / f"rows{form}{packing}"
    if form == ".csv":
        ROWS.to_csv(source, index=False)
    else:
        ROWS.to_json(source, orient="records", lines=True)
    assert json.loads(predict("-i", source, "--batch-rows", "3").stdout) == {"predictions": EXPECTED}


def test_a_folder_of_predictions_has_a_file_for_each_input(predict: Predict, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.csv", ROWS[:3])
    write(tmp_path / "in" / "deep" / "b.csv", ROWS[3:])
    write(tmp_path / "in" / "empty.csv", ROWS[:0])
    done = predict("-i", tmp_path / "in", "-o", f"{tmp_path / 'out'}/", "--batch-rows", "2")
    assert done.exit_code == 0, done.output
    found = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert found == {"a.csv", "deep/b.csv", "empty.csv"}
    assert pd.read_csv(tmp_path / "out" / "a.csv")["predictions"].tolist() == EXPECTED[:3]
    assert pd.read_csv(tmp_path / "out" / "deep" / "b.csv")["predictions"].tolist() == EXPECTED[3:]


def test_a_folder_of_requests_is_answered_one_by_one(predict: Predict, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / "in" / f"{name}.json")
    assert predict("-i", tmp_path / "in").exit_code == 1
    assert predict("-i", tmp_path / "in", "-o", f"{tmp_path / 'out'}/").exit_code == 0
    assert json.loads((tmp_path / "out" / "b.json").read_text()) == {"predictions": EXPECTED}


def test_inputs_are_not_overwritten_by_their_predictions(predict: Predict, tmp_path: Path) -> None:
    source = write(tmp_path / "in" / "a.csv")
    before = source.read_text()
    done = predict("-i", tmp_path / "in", "-o", tmp_path / "in")
    assert done.exit_code == 1
    assert "not overwritten" in done.stderr
    assert source.read_text() == before


@pytest.mark.parametrize("name", ["out.json", "out.jsonl", "out.csv", "out.parquet"])
def test_predictions_are_written_in_the_form_that_the_name_tells(predict: Predict, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert predict("-i", write(tmp_path / "rows.csv"), "-o", out, "--batch-rows", "3").exit_code == 0
    match out.suffix:
        case ".json":
            assert json.loads(out.read_text())["predictions"] == EXPECTED
        case ".jsonl":
            assert [json.loads(line) for line in out.read_text().splitlines()] == EXPECTED
        case ".csv":
            assert pd.read_csv(out)["predictions"].tolist() == EXPECTED
        case ".parquet":
            assert pd.read_parquet(out)["predictions"].tolist() == EXPECTED
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_folder_is_read_in_the_order_of_its_names(predict: Predict, tmp_path: Path) -> None:
    write(tmp_path / "in" / "b.parquet", ROWS[2:])
    write(tmp_path / "in" / "a.parquet", ROWS[:2])
    (tmp_path / "in" / "_SUCCESS").touch()
    assert json.loads(predict("-i", tmp_path / "in").stdout)["predictions"] == EXPECTED


def test_a_folder_of_several_forms_needs_to_be_told_which(predict: Predict, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.csv")
    write(tmp_path / "in" / "b.parquet")
    done = predict("-i", tmp_path / "in")
    assert done.exit_code == 1
    assert "csv, parquet" in done.stderr
    assert json.loads(predict("-i", tmp_path / "in", "-t", "csv").stdout)["predictions"] == EXPECTED


def test_a_request_on_stdin_is_answered(predict: Predict) -> None:
    request = json.dumps({"dataframe_records": ROWS.to_dict(orient="records")})
    assert json.loads(predict(input=request).stdout) == {"predictions": EXPECTED}
    assert json.loads(predict("-t", "csv", input=ROWS.to_csv(index=False)).stdout) == {"predictions": EXPECTED}


def test_nothing_in_is_nothing_out(predict: Predict, tmp_path: Path) -> None:
    done = predict("-i", write(tmp_path / "rows.parquet", ROWS[:0]))
    assert json.loads(done.stdout) == {"predictions": []}


def test_a_wrong_row_is_named_with_its_place_and_an_older_answer_stays(predict: Predict, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")
    (tmp_path / "rows.csv").write_text("age,income\n1,2\n3,4\n5,many\n")
    done = predict("-i", tmp_path / "rows.csv", "-o", out, "--batch-rows", "2")
    assert done.exit_code == 1
    assert "income" in done.stderr
    assert "piece 2 of" in done.stderr
    assert out.read_text() == "before"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["-i", "gone.csv"], "gone.csv", id="no such file"),
        pytest.param(["-i", "broken.parquet"], "broken.parquet", id="no Parquet"),
        pytest.param(["-i", "broken.json"], "not JSON", id="no JSON"),
        pytest.param(["-i", "broken.jsonl"], "broken.jsonl", id="no JSON Lines"),
        pytest.param(["-i", "shifted.csv"], "more values than the header has names", id="a value without a name"),
    ],
)
def test_what_cannot_be_read_is_named(predict: Predict, tmp_path: Path, options: list[str], words: str) -> None:
    for name in ("broken.parquet", "broken.json", "broken.jsonl"):
        (tmp_path / name).write_text("{broken")
    (tmp_path / "shifted.csv").write_text("age,income\n1,70,5\n")
    done = predict(*options)
    assert done.exit_code == 1
    assert words in done.stderr


def test_answers_that_are_not_a_row_for_each_row_are_refused(predict: Predict, tmp_path: Path) -> None:
    done = predict("-i", write(tmp_path / "rows.csv"), model="free")
    assert done.exit_code == 1
    assert "'dict'" in done.stderr


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_progress_ends_at_the_number_of_rows(models: Path, tmp_path: Path, form: str) -> None:
    scorer, told = Scorer.load(str(models / "logistic")), list[tuple[int, int | None]]()
    source = write(tmp_path / f"rows.{form}", pd.concat([ROWS] * 5))
    done = predict_files(scorer, source, tmp_path / "out.csv", None, 6, lambda *news: told.append(news))
    assert (done, [count for count, _ in told]) == (20, [6, 12, 18, 20])
    assert told[-1] == (20, 20)


@pytest.mark.faults
@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system has no files without names")
def test_a_command_that_is_killed_leaves_nothing_half_written(
    models: Path, tmp_path: Path, start_child: StartChild
) -> None:
    source, output = tmp_path / "rows.csv", tmp_path / "out" / "scores.csv"
    output.parent.mkdir()
    output.write_text("older")
    os.mkfifo(source)
    words = ["models", "predict", "-m", str(models / "logistic"), "--env-manager", "local", "--batch-rows", "10"]
    child = start_child([*OURS, *words, "-i", str(source), "-o", str(output)])
    with source.open("w") as rows:
        rows.write("age,income\n" + "20,1\n" * 10_000)
        rows.flush()  # and never more
        child.kill()
    assert [path.name for path in output.parent.iterdir()] == ["scores.csv"]
    assert output.read_text() == "older"


def test_memory_does_not_grow_with_the_file(models: Path, tmp_path: Path) -> None:
    scorer = Scorer.load(str(models / "logistic"))
    source = write(tmp_path / "rows.csv", pd.concat([ROWS] * 50_000))  # 200,000 rows: 24 MB as objects of Python
    tracemalloc.start()
    predict_files(scorer, source, tmp_path / "out.jsonl", None, 5_000, lambda done, total: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 200_000
    assert peak < 8e6
