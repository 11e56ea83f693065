import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlflow.entities import ViewType
from mlflow.exceptions import DataLoss, InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.tracking.client import MlflowClient
from mlflow.transfer.archives import pack, unpacked
from mlflow.transfer.copies import Copied, copy_runs
from mlflow.transfer.run_folder import FolderOrigin, RunFolder
from mlflow.transfer.run_target import UNFINISHED, RunTarget
from mlflow.transfer.store_origin import Choice, StoreOrigin
from tests.fixtures.servers import StartServer, TrackingServer
from tests.transfer.runs import STEPS, Family, content, make_family

ALL = ViewType.ALL


@pytest.fixture
def here(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'here.db'}"


@pytest.fixture
def family(here: str) -> Family:
    return make_family(here)


def export(uri: str, folder: Path, experiment: str = "sweep", **options: bool) -> RunFolder:
    exported = RunFolder(folder)
    for run in StoreOrigin(Choice(experiments=[experiment], view=ALL), uri).runs():
        exported.add(run, **options)
    return exported


def bring(origin: FolderOrigin | StoreOrigin, uri: str, experiment: str | None = None) -> Copied:
    return copy_runs(origin, RunTarget(uri), experiment)


def test_an_exported_folder_brings_the_same_runs_elsewhere(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out")
    there = f"sqlite:///{tmp_path / 'there.db'}"
    copied = bring(FolderOrigin(tmp_path / "out"), there)
    assert copied.runs == {run_id: run_id for run_id in family[1:]}
    assert (copied.files, copied.refused) == (2, {})
    for run_id in family[1:]:
        assert content(there, run_id) == content(here, run_id)
    assert MlflowClient(there).get_run(family.child).data.tags["mlflow.parentRunId"] == family.parent
    experiment = MlflowClient(there).get_experiment_by_name("sweep")
    assert experiment is not None
    assert experiment.tags == {"team": "vision"}


def test_importing_twice_changes_nothing(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out")
    there = f"sqlite:///{tmp_path / 'there.db'}"
    bring(FolderOrigin(tmp_path / "out"), there)
    before = [content(there, run_id) for run_id in family[1:]]
    copied = bring(FolderOrigin(tmp_path / "out"), there)
    assert sorted(copied.already_there) == sorted(family[1:])
    assert [content(there, run_id) for run_id in family[1:]] == before


def test_a_copy_within_a_store_gets_ids_of_its_own_that_a_repetition_finds(here: str, family: Family) -> None:
    origin = StoreOrigin(Choice(experiments=["sweep"], view=ALL), here)
    copied = bring(origin, here, "copy")
    assert not set(copied.runs.values()) & set(family)
    for old, new in copied.runs.items():
        assert content(here, new) == content(here, old)
    child = MlflowClient(here).get_run(copied.runs[family.child])
    assert child.data.tags["mlflow.parentRunId"] == copied.runs[family.parent]
    again = bring(origin, here, "copy")
    assert again.runs == copied.runs
    assert len(again.already_there) == 3


def test_a_child_that_comes_before_its_parent_still_finds_it(here: str, family: Family) -> None:
    copied = bring(StoreOrigin(Choice(run_ids=[family.child, family.parent]), here), here, "copy")
    child = MlflowClient(here).get_run(copied.runs[family.child])
    assert child.data.tags["mlflow.parentRunId"] == copied.runs[family.parent]


def test_runs_go_from_server_to_server(start_server: StartServer) -> None:
    one, other = start_server(), start_server()
    family = make_family(one.url)
    copied = bring(StoreOrigin(Choice(experiments=["sweep"], view=ALL), one.url), other.url)
    assert copied.runs == {run_id: run_id for run_id in family[1:]}
    for run_id in family[1:]:
        assert content(other.url, run_id) == content(one.url, run_id)
    root = MlflowClient(other.url).get_run(family.parent).info.artifact_uri
    assert root is not None
    assert root.startswith("mlflow-artifacts:/")


@pytest.mark.oracle
def test_runs_of_a_published_server_come_here_whole(published_server: TrackingServer, tmp_path: Path) -> None:
    name = f"from {tmp_path}"
    family = make_family(published_server.url, name, outputs=False)
    there = f"sqlite:///{tmp_path / 'there.db'}"
    copied = bring(StoreOrigin(Choice(experiments=[name], view=ALL), published_server.url), there)
    assert copied.runs == {run_id: run_id for run_id in family[1:]}
    assert copied.refused == {}
    for run_id in family[1:]:
        assert content(there, run_id) == content(published_server.url, run_id)


@pytest.mark.oracle
def test_runs_go_to_a_published_server_under_ids_that_it_gives(
    here: str, published_server: TrackingServer, tmp_path: Path
) -> None:
    make_family(here, outputs=False)
    name = f"to {tmp_path}"
    origin = StoreOrigin(Choice(experiments=["sweep"], view=ALL), here)
    copied = bring(origin, published_server.url, name)
    assert copied.refused == {}
    for old, new in copied.runs.items():
        assert old != new
        assert content(published_server.url, new) == content(here, old)
        run = MlflowClient(published_server.url).get_run(new)
        assert run.data.tags["mlflow.offline.runId"] == old
    again = bring(origin, published_server.url, name)
    assert again.runs == copied.runs
    assert len(again.already_there) == 3


def test_an_export_that_is_repeated_writes_only_what_has_changed(here: str, family: Family, tmp_path: Path) -> None:
    folder = export(here, tmp_path / "out")
    runs = list(StoreOrigin(Choice(experiments=["sweep"], view=ALL), here).runs())
    assert [folder.add(run) for run in runs] == [False, False, False]
    MlflowClient(here).log_metric(family.child, "loss", 0.5, step=1)
    runs = list(StoreOrigin(Choice(experiments=["sweep"], view=ALL), here).runs())
    assert [folder.add(run) for run in runs] == [False, True, False]


def test_an_export_without_files_says_so_and_can_be_completed(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out", artifacts=False)
    assert not list((tmp_path / "out").rglob("artifacts"))
    there = f"sqlite:///{tmp_path / 'there.db'}"
    assert bring(FolderOrigin(tmp_path / "out"), there).files == 0
    export(here, tmp_path / "out")
    assert list((tmp_path / "out").rglob("artifacts"))


def test_a_zip_holds_the_same(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out")
    pack(tmp_path / "out", tmp_path / "out.zip")
    assert not (tmp_path / "out").exists()
    there = f"sqlite:///{tmp_path / 'there.db'}"
    with unpacked(tmp_path / "out.zip") as folder:
        bring(FolderOrigin(folder), there)
    assert content(there, family.parent) == content(here, family.parent)


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"0.25", b"0.26") + b" ")


@pytest.mark.parametrize(
    ("file", "harm", "words"),
    [
        pytest.param("metrics.csv", change, "not what was exported", id="a changed history"),
        pytest.param("artifacts/empty.txt", change, "not what was exported", id="a changed file"),
        pytest.param("artifacts/empty.txt", Path.unlink, "is missing", id="a lost file"),
        pytest.param("run.json", Path.unlink, "is missing", id="no record"),
        pytest.param("run.json", lambda path: path.write_text("{"), "no JSON", id="half a record"),
        pytest.param("run.json", lambda path: path.write_text('{"info": 3}'), "is no run", id="another record"),
        pytest.param("files.json", Path.unlink, "not finished", id="an unfinished run"),
        pytest.param("artifacts/more.txt", lambda path: path.write_text("x"), "does not belong", id="a foreign file"),
        pytest.param(
            "artifacts/link", lambda path: path.symlink_to("/etc/passwd"), "no plain file", id="a link that leads out"
        ),
    ],
)
def test_a_damaged_export_is_refused_before_anything_is_brought_in(
    file: str, harm: object, words: str, here: str, family: Family, tmp_path: Path
) -> None:
    export(here, tmp_path / "out")
    assert callable(harm)
    harm(tmp_path / "out" / "runs" / family.parent / file)
    there = f"sqlite:///{tmp_path / 'there.db'}"
    with pytest.raises(MlflowException, match=words):
        bring(FolderOrigin(tmp_path / "out", (family.parent,)), there)
    with pytest.raises(ResourceDoesNotExist):
        MlflowClient(there).get_run(family.parent)


def test_an_id_that_leads_elsewhere_is_refused(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out")
    record = tmp_path / "out" / "runs" / family.parent / "run.json"
    record.write_text(
        record.read_text().replace(f'"experiment_id": "{family.experiment_id}"', '"experiment_id": "../1"')
    )
    with pytest.raises(InvalidParameterValue, match=r"\.\./1"):
        FolderOrigin(tmp_path / "out", (family.parent,))


def test_a_later_version_of_the_format_is_refused(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out")
    mark = tmp_path / "out" / "export.json"
    mark.write_text(mark.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(InvalidParameterValue, match="Upgrade"):
        FolderOrigin(tmp_path / "out")


def test_a_folder_of_something_else_is_not_written_into(here: str, family: Family, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("…")
    with pytest.raises(InvalidParameterValue, match="no export"):
        export(here, tmp_path / "out")


def test_an_experiment_in_the_trash_takes_no_runs(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out")
    there = MlflowClient(f"sqlite:///{tmp_path / 'there.db'}")
    there.delete_experiment(there.create_experiment("sweep"))
    with pytest.raises(MlflowException, match="in the trash"):
        bring(FolderOrigin(tmp_path / "out"), there.tracking_uri)


def test_an_unknown_run_or_experiment_is_named(here: str, family: Family, tmp_path: Path) -> None:
    with pytest.raises(ResourceDoesNotExist, match="nobody"):
        StoreOrigin(Choice(experiments=["nobody"]), here)
    with pytest.raises(ResourceDoesNotExist, match="0123"):
        list(StoreOrigin(Choice(run_ids=["0123"]), here).runs())
    export(here, tmp_path / "out")
    with pytest.raises(InvalidParameterValue, match="0123"):
        FolderOrigin(tmp_path / "out", ("0123",))


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(3))
def test_a_killed_import_goes_on_and_doubles_nothing(seed: int, here: str, tmp_path: Path) -> None:
    family = make_family(here)
    for number in range(30):
        MlflowClient(here).log_batch(
            MlflowClient(here).create_run(family.experiment_id, 1_700_000_100_000 + number).info.run_id,
            params=[],
            tags=[],
        )
    export(here, tmp_path / "out")
    there = f"sqlite:///{tmp_path / 'there.db'}"
    program = [sys.executable, "-m", "mlflow.cli", "runs", "import", str(tmp_path / "out")]
    process = subprocess.Popen(program, env={"MLFLOW_TRACKING_URI": there, "PYTHONPATH": ":".join(sys.path)})
    begun = MlflowClient(there)
    while process.poll() is None and not begun.search_experiments(filter_string="name = 'sweep'"):
        time.sleep(0.005)
    time.sleep(0.02 * seed)
    process.send_signal(signal.SIGKILL)
    process.wait()
    copied = bring(FolderOrigin(tmp_path / "out"), there)
    assert len(copied.runs) == 33
    for run_id in copied.runs:
        assert content(there, run_id) == content(here, run_id)
        assert UNFINISHED not in MlflowClient(there).get_run(run_id).data.tags
    experiment = begun.get_experiment_by_name("sweep")
    assert experiment is not None
    assert len(begun.search_runs([experiment.experiment_id], run_view_type=ALL)) == 33


@pytest.mark.parametrize(
    "line", [b"loss,1", b"", b"loss,1,1,\xff", b'loss,1,1,"' + b"x" * 200_000], ids=["cut", "empty", "bytes", "endless"]
)
def test_a_history_file_with_a_line_that_is_no_point_is_refused(tmp_path: Path, line: bytes) -> None:
    from mlflow.transfer.history_file import read_histories

    (tmp_path / "metrics.csv").write_bytes(b"key,step,timestamp,value\nloss,0,1,0.5\n" + line + b"\n")
    with pytest.raises(DataLoss, match="is no point"):
        list(read_histories(tmp_path / "metrics.csv"))


def test_the_documented_members_are_those_of_a_run(here: str, family: Family, tmp_path: Path) -> None:
    export(here, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "runs" / family.parent / "run.json").read_text())
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text()
    table = page[page.index("| member |") :].split("\n\n")[0]
    documented = {name for row in table.splitlines()[2:] for name in re.findall("`([a-z_]+)`", row.split("|")[1])}
    assert documented == set(record)
    assert set(re.findall("`([a-z_]+)`", table.splitlines()[2].split("|")[2])) == set(record["info"])
    assert record["points"] == {"a key/deep": 1, "loss": STEPS, "odd": 2}
    assert [metric["value"] for metric in record["metrics"]] == [-2.5, 1 / STEPS, 1e-300]
