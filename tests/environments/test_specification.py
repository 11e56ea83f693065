"""Files that describe environments, and what is made of them."""

from pathlib import Path

import pytest

from mlflow.environments.specification import InvalidEnvironment, read_conda_env, read_python_env


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path.absolute()


def test_a_python_env_takes_in_the_files_that_it_names() -> None:
    write("env/more.txt", "scipy>=1 # a comment\n\n-e ../lib\n./wheels/x.whl\n")
    write("env/requirements.txt", "numpy==1.26.4 \\\n  ; python_version > '3'\n-r more.txt\n-c held.txt\n")
    write("env/held.txt", "six<2\n")
    path = write(
        "env/python_env.yaml", "python: '3.11'\nbuild_dependencies: [pip]\ndependencies: [-r requirements.txt]"
    )
    found = read_python_env(path)
    assert found.python == "3.11"
    assert found.requirements == (
        "pip",
        "numpy==1.26.4 ; python_version > '3'",
        "scipy>=1",
        f"-e {Path('lib').resolve()}",
        str(Path("env/wheels/x.whl").resolve()),
    )
    assert found.constraints == ("six<2",)


def test_mlflow_itself_is_left_to_the_running_distribution() -> None:
    lines = "[mlflow==2.9.0, mlflow_skinny, 'mlflow[extras]>=2', mlflow-plugin, MLflow, ./mlflow/x.whl]"
    found = read_python_env(write("python_env.yaml", f"dependencies: {lines}\n"))
    assert found.requirements == ("mlflow-plugin", str(Path("mlflow/x.whl").resolve()))


def test_a_conda_file_of_python_and_pip_needs_no_conda() -> None:
    text = "name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11.4\n  - pip<=24\n  - pip: [numpy, mlflow]\n"
    found = read_conda_env(write("conda.yaml", text))
    assert found.python is not None
    assert (found.python.python, found.python.requirements) == ("3.11.4", ("numpy",))
    assert found.content["dependencies"] == ["python=3.11.4", "pip<=24", {"pip": ["numpy"]}]


def test_packages_of_conda_need_it() -> None:
    text = "dependencies: [python>=3.10, conda-forge::cudatoolkit=11, numpy, {pip: [six]}]\n"
    found = read_conda_env(write("conda.yaml", text))
    assert found.python is None
    assert found.needs_conda == ("conda-forge::cudatoolkit=11", "numpy")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dependencies: [-r gone.txt]\n", "requirements file '.*gone.txt' cannot be read"),
        ("dependencies: numpy\n", "'dependencies' of '.*' is 'numpy'; expected a list"),
        ("dependencies: [-r env/circle.txt]\n", "circle.txt' names itself by '-c ../env/circle.txt'"),
        ("dependencies: [-r env/bytes.txt]\n", "bytes.txt' cannot be read: it is no text"),
        ("python: 3.10\n", "is '3.1', which is no version of Python. Write it in quotes, such as '3.10'"),
        ("python: ./bin/python\n", "is './bin/python', which is no version"),
        ("python: --no-such-option\n", "which is no version"),
        ("a: 2024-13-45\n", "is not YAML"),
        ("a: " + "[" * 100_000, "is not YAML: line 1 is nested more than 100 levels deep"),
        ("- a\n", "is not a mapping"),
        ("a: [\n", "is not YAML"),
    ],
)
def test_a_wrong_file_is_named(text: str, words: str) -> None:
    write("env/circle.txt", "six\n-r ./more.txt\n")
    write("env/more.txt", "-c ../env/circle.txt\n")
    write("env/bytes.txt", "").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidEnvironment, match=words):
        read_python_env(write("python_env.yaml", text))


@pytest.mark.parametrize("dependencies", ["5", "{a: b}", "[{pip: 5}]"])
def test_a_wrong_list_of_a_conda_file_is_named(dependencies: str) -> None:
    with pytest.raises(InvalidEnvironment, match="expected a list"):
        read_conda_env(write("conda.yaml", f"dependencies: {dependencies}\n"))


@pytest.mark.parametrize("version", ["3", "3.11", "3.11.7", "3.14.0rc1", ">=3.10", "~=3.11", "==3.11.*", "3.10.12"])
def test_a_version_of_python_may_have_what_versions_have(version: str) -> None:
    assert read_python_env(write("python_env.yaml", f"python: '{version}'\n")).python == version
