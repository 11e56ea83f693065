import hashlib
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import InvalidParameterValue, InvalidState, MlflowException, ResourceDoesNotExist
from mlflow.sql.care import check
from mlflow.sql.store import open_store
from tests.fixtures.databases import BACKENDS
from tests.transfer import legacy_database, legacy_folder
from tests.transfer.conftest import Migrate, all_runs, history
from tests.transfer.legacy_database import CHILD, ERAS, GONE, LONG, PARENT, POINTS, RUNNING, Era

pytestmark = pytest.mark.long


def make_database(folder: Path, era: Era = ERAS["3.17"]) -> str:
    uri = f"sqlite:///{folder / 'old.db'}"
    legacy_database.make(uri, era)
    return uri


def make_folder(folder: Path) -> str:
    legacy_folder.make(folder / "mlruns")
    return str(folder / "mlruns")


SOURCES = [pytest.param(make_database, id="database"), pytest.param(make_folder, id="folder")]
MakeSource = Callable[[Path], str]


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in files
    }


@pytest.mark.parametrize("era", ERAS.values(), ids=ERAS)
def test_a_database_of_any_age_is_read_whole(era: Era, tmp_path: Path, migrated: Migrate) -> None:
    store, done = migrated(make_database(tmp_path, era))
    assert (done.experiments, done.runs, done.read, done.already_there) == (3, 4, 4, 0)
    runs = all_runs(store)
    assert set(runs) == {PARENT, CHILD, GONE, RUNNING}
    for run_id, key in {(point[0], point[1]) for point in POINTS}:
        expected = [
            (step if era.steps else 0, timestamp, math.nan if is_nan and era.nan else value)
            for run, name, step, timestamp, value, is_nan in POINTS
            if (run, name) == (run_id, key)
        ]
        got = history(store, run_id, key)
        assert sorted(map(repr, got)) == sorted(map(repr, expected)), (run_id, key)
    assert done.points == len(POINTS)
    assert check(store.database) == []


def test_a_run_keeps_its_facts(tmp_path: Path, migrated: Migrate) -> None:
    store, _ = migrated(make_database(tmp_path))
    runs = all_runs(store)
    parent, gone = runs[PARENT], runs[GONE]
    assert parent.info.to_dictionary() == {
        "run_id": PARENT,
        "experiment_id": "7",
        "user_id": "ada",
        "status": "FINISHED",
        "start_time": 1_700_000_000_000,
        "end_time": 1_700_000_005_000,
        "lifecycle_stage": "active",
        "artifact_uri": f"/old/mlruns/7/{PARENT}/artifacts",
        "run_name": "parent",
    }
    assert parent.data.params == {"lr": "0.1", "model/depth": "3", "long": LONG, "text": "line one\nline 日本"}
    assert runs[CHILD].data.tags["mlflow.parentRunId"] == PARENT
    assert runs[CHILD].data.tags["none"] == ""
    assert (gone.info.lifecycle_stage, gone.info.experiment_id) == ("deleted", "9")
    assert (runs[RUNNING].info.status, runs[RUNNING].info.end_time) == ("RUNNING", None)
    use = parent.inputs.dataset_inputs[0]
    assert (use.dataset.name, use.dataset.digest, use.dataset.profile) == ("grid", "92a7ac9c", '{"rows": 3}')
    assert [(tag.key, tag.value) for tag in use.tags] == [("mlflow.data.context", "training")]
    assert [model.model_id for model in parent.inputs.model_inputs] == ["m-1"]
    assert [(model.model_id, model.step) for model in parent.outputs.model_outputs] == [("m-2", 4)]


def test_the_columns_of_the_first_versions_become_tags(tmp_path: Path, migrated: Migrate) -> None:
    store, _ = migrated(make_database(tmp_path, ERAS["first"]))
    tags = all_runs(store)[RUNNING].data.tags
    assert tags == {"mlflow.runName": "running", "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"}


def test_an_experiment_keeps_its_facts(tmp_path: Path, migrated: Migrate) -> None:
    store, done = migrated(make_database(tmp_path))
    sweep, gone = (store.experiments.get_experiment(EVERYONE, number) for number in ("7", "9"))
    assert (sweep.name, sweep.artifact_location, sweep.tags) == ("sweep/ünï", "/old/mlruns/7", {"team": "vision"})
    assert (sweep.creation_time, sweep.last_update_time) == (1_600_000_000_000, 1_600_000_000_500)
    assert gone.lifecycle_stage == "deleted"
    assert store.experiments.get_experiment(EVERYONE, "0").artifact_location == "/old/mlruns/0"
    assert done.new_experiment_ids == {}
    assert (done.left_out, done.models) == ({}, 1)
    assert int(store.experiments.create_experiment(EVERYONE, "new")) > 9


def test_a_folder_is_read_whole(tmp_path: Path, migrated: Migrate) -> None:
    store, done = migrated(make_folder(tmp_path))
    runs = all_runs(store)
    parent = runs[PARENT]
    assert parent.data.params == {
        "lr": "0.1",
        "model/depth": "3",
        "long": LONG,
        "empty": "",
        "text": "line one\r\nline 日本\n",
    }
    assert history(store, PARENT, "loss") == [(i, 1_700_000_000_000 + i, 1 / (i + 1)) for i in range(50)]
    assert history(store, PARENT, "val/acc") == [(0, 1_700_000_000_500, 0.1), (-1, 1_700_000_000_501, 0.2)]
    assert [repr(value) for _, _, value in history(store, PARENT, "odd")] == [
        "nan",
        "1.7976931348623157e+308",
        "-1.7976931348623157e+308",
        "1e-300",
    ]
    assert history(store, PARENT, "of_model") == [(1, 1_700_000_000_900, 0.5)]
    assert (parent.info.experiment_id, parent.info.status, parent.info.user_id) == (
        legacy_folder.EXPERIMENT,
        "FINISHED",
        "ada",
    )
    use = parent.inputs.dataset_inputs[0]
    assert (use.dataset.name, [tag.value for tag in use.tags]) == ("grid", ["training"])
    assert [model.model_id for model in parent.inputs.model_inputs] == ["m-1"]
    assert [(model.model_id, model.step) for model in parent.outputs.model_outputs] == [("m-2", 4)]
    assert (runs[GONE].info.lifecycle_stage, runs[RUNNING].info.status) == ("deleted", "RUNNING")
    assert store.experiments.get_experiment(EVERYONE, legacy_folder.TRASHED).lifecycle_stage == "deleted"
    assert (done.left_out, done.logged_models) == ({"traces": 1}, 1)
    assert (done.models, done.versions) == (1, 1)
    assert done.points == 50 + 2 + 4 + 1
    assert check(store.database) == []


def test_files_in_the_trash_of_a_folder_are_found(tmp_path: Path, migrated: Migrate) -> None:
    store, _ = migrated(make_folder(tmp_path))
    trashed = tmp_path / "mlruns" / ".trash" / legacy_folder.TRASHED / GONE / "artifacts"
    assert all_runs(store)[GONE].info.artifact_uri == trashed.as_uri()


def test_files_of_a_folder_that_has_moved_are_found(tmp_path: Path, migrated: Migrate) -> None:
    make_folder(tmp_path)
    moved = (tmp_path / "mlruns").rename(tmp_path / "elsewhere")
    store, _ = migrated(str(moved))
    artifacts = moved / legacy_folder.EXPERIMENT / PARENT / "artifacts"
    assert all_runs(store)[PARENT].info.artifact_uri == artifacts.as_uri()


@pytest.mark.parametrize("make", SOURCES)
def test_the_source_is_not_changed(make: MakeSource, tmp_path: Path, migrated: Migrate) -> None:
    (tmp_path / "source").mkdir()
    source = make(tmp_path / "source")
    before = fingerprint(tmp_path / "source")
    migrated(source, artifacts="copy")
    assert fingerprint(tmp_path / "source") == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_source_that_cannot_be_written_is_read(tmp_path: Path, migrated: Migrate) -> None:
    (tmp_path / "source").mkdir()
    source = make_database(tmp_path / "source")
    (tmp_path / "source").chmod(0o555)
    _, done = migrated(source)
    assert done.read == 4


@pytest.mark.parametrize("make", SOURCES)
def test_repeating_doubles_nothing(make: MakeSource, tmp_path: Path, migrated: Migrate) -> None:
    source = make(tmp_path)
    store, first = migrated(source)
    before = all_runs(store)
    store, second = migrated(source)
    assert (first.read, second.read, second.already_there, second.differing) == (4, 0, 4, [])
    assert repr(all_runs(store)) == repr(before)
    assert len(history(store, PARENT, "loss")) == 50


def test_repeating_brings_what_is_new_and_names_what_has_grown(tmp_path: Path, migrated: Migrate) -> None:
    source = make_database(tmp_path)
    migrated(source)
    legacy_database.add_run(source, "e" * 32, 10)
    with sa.create_engine(source).begin() as connection:
        point = f"INSERT INTO metrics VALUES ('loss', 9.0, 1700000009000, '{CHILD}', 9, 0)"
        connection.execute(sa.text(point))
    store, done = migrated(source)
    assert (done.read, done.differing) == (1, [CHILD])
    assert len(history(store, "e" * 32, "m")) == 10


def test_an_experiment_whose_id_is_taken_gets_another_and_one_whose_name_is_there_is_joined(
    tmp_path: Path, migrated: Migrate
) -> None:
    target = f"sqlite:///{tmp_path / 'target.db'}"
    store = open_store(target, str(tmp_path))
    for number in range(6):
        store.experiments.create_experiment(EVERYONE, f"mine {number}")
    assert store.experiments.create_experiment(EVERYONE, "also mine") == "7"
    joined = store.experiments.create_experiment(EVERYONE, "gone")
    store.close()
    store, done = migrated(make_database(tmp_path), target)
    assert set(done.new_experiment_ids) == {"7", "9"}
    assert done.new_experiment_ids["9"] == joined
    runs = all_runs(store)
    assert runs[GONE].info.experiment_id == joined
    sweep = store.experiments.get_experiment(EVERYONE, done.new_experiment_ids["7"])
    assert (sweep.name, runs[PARENT].info.experiment_id) == ("sweep/ünï", sweep.experiment_id)


def test_two_experiments_of_one_name_stay_two(tmp_path: Path, migrated: Migrate) -> None:
    source = make_folder(tmp_path)
    other = tmp_path / "mlruns" / "300000000000000000"
    meta = {"experiment_id": other.name, "name": "sweep/ünï", "artifact_location": "", "lifecycle_stage": "active"}
    legacy_folder.write(other / "meta.yaml", meta)
    for _ in range(2):
        store, _ = migrated(source)
        assert store.experiments.get_experiment(EVERYONE, other.name).name == f"sweep/ünï ({other.name})"


def test_a_default_experiment_of_another_name_is_taken_over(tmp_path: Path, migrated: Migrate) -> None:
    source = make_database(tmp_path)
    with sa.create_engine(source).begin() as connection:
        connection.execute(sa.text("UPDATE experiments SET name = 'first' WHERE experiment_id = 0"))
    for _ in range(2):
        store, _ = migrated(source)
        names = [found.name for found in store.experiments.search_experiments(EVERYONE, 10, view_type="ALL")]
        assert sorted(names) == ["first", "gone", "sweep/ünï"]
    assert store.experiments.get_experiment(EVERYONE, "0").name == "first"


def test_copied_files_are_at_home_in_the_target(tmp_path: Path, migrated: Migrate) -> None:
    store, done = migrated(make_folder(tmp_path), artifacts="copy")
    run = all_runs(store)[PARENT]
    home = tmp_path / "files" / legacy_folder.EXPERIMENT / PARENT / "artifacts"
    assert run.info.artifact_uri == str(home)
    assert (home / "notes" / "hello.txt").read_text() == "hello"
    assert done.files_left == {}


def test_files_behind_a_server_stay_where_they_are(tmp_path: Path, migrated: Migrate) -> None:
    source = make_database(tmp_path)
    with sa.create_engine(source).begin() as connection:
        connection.execute(
            sa.text(f"UPDATE runs SET artifact_uri = 'mlflow-artifacts:/7/x' WHERE run_uuid = '{CHILD}'")
        )
    store, done = migrated(source, artifacts="copy")
    assert set(done.files_left) == {CHILD}
    assert all_runs(store)[CHILD].info.artifact_uri == "mlflow-artifacts:/7/x"


def test_a_run_larger_than_memory_is_allowed_is_read_in_parts(tmp_path: Path, migrated: Migrate) -> None:
    source = make_database(tmp_path)
    legacy_database.add_run(source, "e" * 32, 510_000)
    store, done = migrated(source)
    assert done.points == len(POINTS) + 510_000
    summary = store.metrics.summarize_metrics(EVERYONE, ["e" * 32])[0]
    assert (summary.count, summary.last_step, summary.max) == (510_000, 509_999, 96.0)
    assert check(store.database) == []


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_kind_of_database_can_be_the_target(
    backend: str, tmp_path: Path, migrated: Migrate, request: pytest.FixtureRequest
) -> None:
    store, done = migrated(make_database(tmp_path), request.getfixturevalue(f"{backend}_uri"))
    assert done.points == len(POINTS)
    assert len(history(store, PARENT, "loss")) == 50
    assert int(store.experiments.create_experiment(EVERYONE, "new")) == 10
    assert check(store.database) == []


@pytest.mark.parametrize("backend", BACKENDS[1:])
def test_every_kind_of_database_can_be_the_source(
    backend: str, migrated: Migrate, request: pytest.FixtureRequest
) -> None:
    uri: str = request.getfixturevalue(f"{backend}_uri")
    legacy_database.make(str(sa.make_url(uri).set(drivername=DRIVERS[backend]).render_as_string(hide_password=False)))
    store, done = migrated(uri)
    assert done.points == len(POINTS)
    assert len(history(store, PARENT, "loss")) == 50
    assert all_runs(store)[PARENT].data.params["text"] == "line one\nline 日本"


DRIVERS = {"postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}


MANY_RUNS = [f"{number:032x}" for number in range(40)]


@pytest.fixture(scope="module")
def many_runs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database whose migration takes a while."""
    source = make_database(tmp_path_factory.mktemp("many"))
    for run_id in MANY_RUNS:
        legacy_database.add_run(source, run_id, 8_000)
    return source


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(3))
def test_a_killed_migration_goes_on(seed: int, many_runs: str, tmp_path: Path, migrated: Migrate) -> None:
    target = tmp_path / "target.db"
    program = [sys.executable, "-m", "mlflow.cli", "migrate", many_runs, "--target", f"sqlite:///{target}"]
    killed = 0
    for attempt in range(3):
        process = subprocess.Popen(program, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if target.exists() and time.monotonic() > deadline - 60 + 0.6 + 0.25 * (seed + attempt):
                process.send_signal(signal.SIGKILL)
                killed += 1
                break
            time.sleep(0.005)
        process.wait()
    assert killed
    store, done = migrated(many_runs, f"sqlite:///{target}")
    assert done.runs == 44
    summaries = store.metrics.summarize_metrics(EVERYONE, MANY_RUNS, ["m"])
    assert {summary.run_id: summary.count for summary in summaries} == dict.fromkeys(MANY_RUNS, 8_000)
    assert len(history(store, PARENT, "loss")) == 50
    assert check(store.database) == []


def no_file(folder: Path) -> str:
    return str(folder / "nowhere.db")


def text_file(folder: Path) -> str:
    (folder / "text.db").write_text("no database at all, but long enough to be looked at " * 20)
    return str(folder / "text.db")


def damaged(folder: Path) -> str:
    uri = make_database(folder)
    path = folder / "old.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    return uri


def of_this_version(folder: Path) -> str:
    uri = f"sqlite:///{folder / 'ours.db'}"
    open_store(uri, str(folder)).close()
    return uri


def other_tables(folder: Path) -> str:
    uri = f"sqlite:///{folder / 'other.db'}"
    with sa.create_engine(uri).begin() as connection:
        connection.execute(sa.text("CREATE TABLE recipes (name TEXT)"))
    return uri


def empty_folder(folder: Path) -> str:
    (folder / "empty").mkdir()
    return str(folder / "empty")


@pytest.mark.parametrize(
    ("make", "failure", "words"),
    [
        pytest.param(no_file, ResourceDoesNotExist, "nowhere.db", id="no such file"),
        pytest.param(text_file, InvalidParameterValue, "no SQLite database", id="a text file"),
        pytest.param(damaged, MlflowException, "old.db", id="a damaged database"),
        pytest.param(of_this_version, InvalidState, "nothing to migrate", id="one of ours"),
        pytest.param(other_tables, InvalidParameterValue, "no experiments", id="another program's"),
        pytest.param(empty_folder, InvalidParameterValue, "meta.yaml", id="an empty folder"),
        pytest.param(lambda _: "http://127.0.0.1:5000", InvalidParameterValue, "runs import", id="a server"),
    ],
)
def test_what_is_no_source_is_refused(
    make: MakeSource, failure: type[MlflowException], words: str, tmp_path: Path, migrated: Migrate
) -> None:
    with pytest.raises(failure, match=words):
        migrated(make(tmp_path))


def test_parts_of_a_folder_that_cannot_be_read_are_left_out_and_counted(tmp_path: Path, migrated: Migrate) -> None:
    source = make_folder(tmp_path)
    experiment = tmp_path / "mlruns" / legacy_folder.EXPERIMENT
    (experiment / CHILD / "meta.yaml").write_text("{ no yaml")
    (experiment / PARENT / "metrics" / "loss").write_text("1700000000000 0.5 1\n17000000000")
    legacy_folder.write(tmp_path / "mlruns" / "5" / "meta.yaml", "[1, 2]")
    store, done = migrated(source)
    assert set(all_runs(store)) == {PARENT, GONE, RUNNING}
    assert history(store, PARENT, "loss") == [(1, 1_700_000_000_000, 0.5)]
    assert done.read == 3
    assert {kind: count for kind, count in done.left_out.items() if "cannot be read" in kind} == {
        "experiments whose meta.yaml cannot be read": 1,
        "runs whose meta.yaml cannot be read": 1,
        "lines of metrics that cannot be read": 1,
    }


def test_metadata_of_the_first_file_stores_is_understood(tmp_path: Path, migrated: Migrate) -> None:
    folder = tmp_path / "mlruns" / "1"
    legacy_folder.write(folder / "meta.yaml", {"experiment_id": 1, "name": "old", "artifact_location": "mlruns/1"})
    run = {"run_uuid": PARENT, "experiment_id": 1, "name": "first", "status": 4, "start_time": 5, "end_time": 6}
    legacy_folder.write(folder / PARENT / "meta.yaml", run | {"artifact_uri": f"mlruns/1/{PARENT}/artifacts"})
    legacy_folder.write(folder / PARENT / "metrics" / "m", "1500000000 0.25\n1500000001 0.125\n")
    store, _ = migrated(str(tmp_path / "mlruns"))
    found = all_runs(store)[PARENT]
    assert (found.info.status, found.info.run_name, found.info.start_time) == ("FAILED", "first", 5)
    assert found.info.artifact_uri == (folder / PARENT / "artifacts").as_uri()
    assert history(store, PARENT, "m") == [(0, 1_500_000_000, 0.25), (0, 1_500_000_001, 0.125)]


def test_a_large_run_of_a_folder_is_read_metric_by_metric(tmp_path: Path, migrated: Migrate) -> None:
    source = make_folder(tmp_path)
    run = legacy_folder.add_run(tmp_path / "mlruns", "e" * 32, "large")
    lines = "".join(f"{1_700_000_000_000 + i} {i % 97}.{i % 89:010d} {i}\n" for i in range(260_000))
    for key in ("a", "b"):
        legacy_folder.write(run / "metrics" / key, lines)
    store, _ = migrated(source)
    summaries = store.metrics.summarize_metrics(EVERYONE, ["e" * 32])
    assert [(summary.key, summary.count, summary.last_step) for summary in summaries] == [
        ("a", 260_000, 259_999),
        ("b", 260_000, 259_999),
    ]
