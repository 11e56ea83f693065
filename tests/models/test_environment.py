"""Requirements and the files of an environment: as MLflow 3.17.2 writes them for the same arguments."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import pytest
import yaml

from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.models import Model, update_model_requirements
from mlflow.models.edits import get_model_requirements_files
from mlflow.models.environment import Environment
from mlflow.models.requirements import ConflictingRequirements, Requirements, pin

MLFLOW = "mlflow==3.17.2"


@pytest.fixture(autouse=True)
def files(own_folder: None) -> None:
    Path("req.txt").write_text(
        "# comment\nscikit-learn\n-c con.txt\n--extra-index-url https://x.example/simple\n\npandas  # trailing\n"
        '-r req2.txt\nnumpy>=1; python_version>"3"\n'
    )
    Path("req2.txt").write_text("scipy\n")
    Path("con.txt").write_text("six==1\n")
    Path("conda.yml").write_text(
        "name: mine\nchannels: [conda-forge]\ndependencies:\n- python=3.10\n- pip\n- pip:\n  - scikit-learn==1.0\n"
        "  - -c con.txt\n"
    )


EXPANDED = [
    MLFLOW,
    "scikit-learn",
    "--extra-index-url https://x.example/simple",
    "pandas",
    "scipy",
    'numpy>=1; python_version > "3"',
    "-c constraints.txt",
]
FACTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "inferred": ({}, [MLFLOW, "inferred==1"]),
    "list": ({"pip_requirements": ["numpy", "scikit-learn==1.9.1"]}, [MLFLOW, "numpy", "scikit-learn==1.9.1"]),
    "tuple": ({"pip_requirements": ("numpy",)}, [MLFLOW, "numpy"]),
    "empty list": ({"pip_requirements": []}, [MLFLOW]),
    "own mlflow": ({"pip_requirements": ["numpy", "mlflow==2.0"]}, ["numpy", "mlflow==2.0"]),
    "own skinny": ({"pip_requirements": ["mlflow-skinny==2.0"]}, ["mlflow-skinny==2.0"]),
    "file": ({"pip_requirements": "req.txt"}, EXPANDED),
    "path": ({"pip_requirements": Path("req2.txt")}, [MLFLOW, "scipy"]),
    "files in list": (
        {"pip_requirements": ["numpy", "--requirement req2.txt", "--constraint=con.txt"]},
        [MLFLOW, "numpy", "scipy", "-c constraints.txt"],
    ),
    "extra": ({"extra_pip_requirements": ["requests"]}, [MLFLOW, "inferred==1", "requests"]),
    "extra constraint": ({"extra_pip_requirements": ["-c con.txt"]}, [MLFLOW, "inferred==1", "-c constraints.txt"]),
    "repeated": ({"pip_requirements": ["numpy", "numpy", "numpy==1"]}, [MLFLOW, "numpy==1"]),
    "not parsable": ({"pip_requirements": ["not a req!!"]}, [MLFLOW, "not a req!!"]),
    "addresses": (
        {"pip_requirements": ["git+https://h.example/y.git", "./local.whl", "pkg @ https://h.example/y.whl"]},
        [MLFLOW, "git+https://h.example/y.git", "./local.whl", "pkg @ https://h.example/y.whl"],
    ),
    "conda": (
        {"conda_env": {"dependencies": ["python=3.9", {"pip": ["numpy==1", "torch"]}]}},
        [MLFLOW, "numpy==1", "torch"],
    ),
    "conda without pip": ({"conda_env": {"dependencies": ["python=3.9", "numpy=1"]}}, [MLFLOW]),
    "conda file": ({"conda_env": "conda.yml"}, [MLFLOW, "scikit-learn==1.0", "-c constraints.txt"]),
}


@pytest.mark.parametrize("name", FACTS)
def test_requirements_are_those_that_the_published_package_writes(name: str, tmp_path: Path) -> None:
    arguments, lines = FACTS[name]
    folder = tmp_path / "model"
    folder.mkdir()
    Environment.of(["inferred==1"], **arguments).save(folder)
    assert (folder / "requirements.txt").read_text() == "\n".join(lines)
    conda = yaml.safe_load((folder / "conda.yaml").read_text())
    assert conda["dependencies"][-1] == {"pip": lines}
    has_constraints = "-c constraints.txt" in lines
    assert (folder / "constraints.txt").exists() == has_constraints
    assert not has_constraints or (folder / "constraints.txt").read_text() == "six==1"


def test_files_are_written_as_text_that_the_published_package_writes(tmp_path: Path) -> None:
    Environment.of([], pip_requirements=["numpy"]).save(tmp_path)
    pip = version("pip")
    assert (tmp_path / "conda.yaml").read_text() == (
        f"channels:\n- conda-forge\ndependencies:\n- python={python_version()}\n- pip<={pip}\n- pip:\n  - {MLFLOW}\n"
        "  - numpy\nname: mlflow-env\n"
    )
    build = "".join(f"- {pin(name)}\n" for name in ("pip", "setuptools", "wheel"))
    assert (tmp_path / "python_env.yaml").read_text() == (
        f"python: {python_version()}\nbuild_dependencies:\n{build}dependencies:\n- -r requirements.txt\n"
    )


def test_conda_environment_of_the_user_keeps_all_but_its_pip_part() -> None:
    given = {"channels": ["c"], "dependencies": ["python=3.9", {"pip": ["torch"]}], "name": "x", "prefix": "p"}
    assert Environment.of([], conda_env=given).to_conda() == {
        **given,
        "dependencies": ["python=3.9", {"pip": [MLFLOW, "torch"]}],
    }
    assert given["dependencies"] == ["python=3.9", {"pip": ["torch"]}]


def test_environment_is_read_again_from_its_files(tmp_path: Path) -> None:
    environment = Environment.of([], pip_requirements=["numpy==1", "-c con.txt"])
    environment.save(tmp_path)
    read = Environment.read(tmp_path)
    assert read.requirements == environment.requirements
    assert read.to_conda() == environment.to_conda()


@pytest.mark.parametrize("how", ["pip_requirements", "extra_pip_requirements"])
def test_what_requirements_bring_along_is_pinned_when_asked(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {
        how: [pin("scikit-learn"), "absent", "numpy", "--extra-index-url https://x.example/simple"]
    }
    asked = Environment.of([], **given).requirements.lines
    monkeypatch.setenv("MLFLOW_LOCK_MODEL_DEPENDENCIES", "true")
    found = Environment.of([], **given).requirements.lines
    assert found[: len(asked)] == asked
    brought = found[len(asked) :]
    assert {pin("joblib"), pin("scipy"), pin("threadpoolctl")} <= {*brought}
    assert pin("pytest") not in brought  # an extra of scikit-learn's that nobody asked for
    assert not [line for line in brought if line.startswith(("mlflow", "numpy", "absent"))]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"conda_env": {}, "pip_requirements": ["a"]}, ValueError, "Only one of"),
        ({"extra_pip_requirements": ["b"], "pip_requirements": ["a"]}, ValueError, "Only one of"),
        ({"pip_requirements": 5}, TypeError, "'pip_requirements' is '5'"),
        ({"extra_pip_requirements": [1]}, TypeError, "'extra_pip_requirements' is"),
        ({"pip_requirements": "absent.txt"}, FileNotFoundError, "absent.txt"),
        ({"pip_requirements": ["-r absent.txt"]}, FileNotFoundError, "absent.txt"),
        ({"conda_env": "absent.yml"}, FileNotFoundError, "absent.yml"),
        ({"conda_env": 5}, TypeError, "conda_env is 'int'"),
        ({"conda_env": {}}, TypeError, "no list 'dependencies'"),
        ({"extra_pip_requirements": ["inferred==2"]}, ConflictingRequirements, "contradict each other"),
    ],
    ids=["both", "two", "number", "numbers", "file", "nested file", "conda file", "conda", "empty conda", "conflict"],
)
def test_broken_environment_is_refused(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        Environment.of(["inferred==1"], **arguments)
    assert isinstance(caught.value, MlflowException)


def test_files_that_include_each_other_are_refused() -> None:
    Path("a.txt").write_text("-r b.txt")
    Path("b.txt").write_text("-r a.txt")
    with pytest.raises(InvalidParameterValue, match="include each other"):
        Requirements.read("a.txt")


def test_nested_files_are_found_beside_the_file_that_names_them() -> None:
    Path("sub").mkdir()
    Path("sub/a.txt").write_text("-r b.txt\n-c c.txt\nnumpy \\\n  >=1\n")
    Path("sub/b.txt").write_text("scipy")
    Path("sub/c.txt").write_text("# why\nsix==1\n")
    assert Requirements.read("sub/a.txt") == Requirements(["scipy", "numpy   >=1"], ["six==1"])


def test_specifiers_of_one_distribution_are_joined_and_markers_kept_apart() -> None:
    found = Requirements.read(["numpy>=1", "Numpy<3", 'six; python_version<"3"', "six"])
    assert found.lines == ["numpy<3,>=1", 'six; python_version < "3"', "six"]


def test_pin_leaves_out_the_local_part_and_unknown_versions() -> None:
    assert pin("mlflow") == MLFLOW
    assert pin("no-such-distribution") == "no-such-distribution"


@pytest.fixture
def model(tmp_path: Path) -> str:
    folder = tmp_path / "model"
    folder.mkdir()
    Model().save(folder / "MLmodel")
    Environment.of([], pip_requirements=["numpy", "-c con.txt", "./local.whl"]).save(folder)
    return str(folder)


def test_requirements_of_a_stored_model_are_added_replaced_and_removed(model: str) -> None:
    files = get_model_requirements_files(model)
    update_model_requirements(model, "add", ["scipy==1.0", "NumPy==2.0"])
    added = [MLFLOW, "./local.whl", "scipy==1.0", "NumPy==2.0", "-c constraints.txt"]
    assert files.requirements.read_text().splitlines() == added
    assert yaml.safe_load(files.conda.read_text())["dependencies"][-1] == {"pip": added}
    update_model_requirements(model, "remove", ["numpy", "absent"])
    assert files.requirements.read_text().splitlines() == [MLFLOW, "./local.whl", "scipy==1.0", "-c constraints.txt"]


def test_broken_change_leaves_a_stored_model_as_it_is(model: str) -> None:
    before = get_model_requirements_files(model).requirements.read_text()
    with pytest.raises(InvalidParameterValue, match="'bad req!!'"):
        update_model_requirements(model, "add", ["scipy", "bad req!!"])
    wrong: Any = "replace"
    with pytest.raises(InvalidParameterValue, match="'replace'"):
        update_model_requirements(model, wrong, ["scipy"])
    with pytest.raises(ResourceDoesNotExist):
        update_model_requirements(f"{model}/absent", "add", ["scipy"])
    assert get_model_requirements_files(model).requirements.read_text() == before
