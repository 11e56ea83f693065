"""MLproject files: what they may say, and where a mistake stands."""

from pathlib import Path

import pytest

from mlflow.exceptions import ExecutionException, MlflowException
from mlflow.projects.parameters import resolve
from mlflow.projects.project_file import Project, UnknownEntryPoint, read_project
from mlflow.projects.yaml_nodes import InvalidProject

FULL = """\
name: my-ml-project
conda_env: conda.yaml
entry_points:
  main:
    parameters:
      learning_rate: {type: float, default: 0.01}
      epochs: {type: int, default: 100}
      data: path
      flag: {default: true}
      tags: {type: string, default: null}
    command: "python train.py --learning-rate {learning_rate} --epochs {epochs} {data}{flag}{tags}"
"""


def read(text: str, name: str = "MLproject") -> Project:
    Path(name).write_text(text)
    return read_project(Path())


def test_a_file_written_for_mlflow_is_read() -> None:
    Path("conda.yaml").write_text("dependencies: [python]\n")
    project = read(FULL)
    main = project.entry_point("main")
    assert project.name == "my-ml-project"
    assert project.environment.conda_env == Path("conda.yaml")
    defaults = {name: (p.type, p.default) for name, p in main.parameters.items()}
    assert defaults["learning_rate"] == ("float", "0.01")
    assert defaults["epochs"] == ("int", "100")
    assert defaults["data"] == ("path", None)
    assert defaults["flag"] == ("string", "True")
    assert defaults["tags"] == ("string", None)


@pytest.mark.parametrize("name", ["MLproject", "mlproject", "MLPROJECT"])
def test_the_file_is_found_in_any_case(name: str) -> None:
    assert read("name: x\n", name).name == "x"


def test_a_folder_without_a_file_has_scripts_as_entry_points() -> None:
    Path("my train.py").write_text("")
    Path("go.sh").write_text("")
    Path("fit.R").write_text("")
    project = read_project(Path())
    assert project.name is None
    assert project.entry_point("my train.py").command.argv({}, {"a": "1"}) == [
        "bash",
        "-c",
        "python 'my train.py' --a 1",
    ]
    assert project.entry_point("go.sh").command.render({}, {}) == "${SHELL:-bash} go.sh"
    assert project.entry_point("fit.R").command.argv({}, {}) == ["Rscript", "fit.R"]
    with pytest.raises(UnknownEntryPoint, match="there are none"):
        project.entry_point("main")


def test_scripts_outside_of_the_project_are_no_entry_points() -> None:
    Path("project").mkdir()
    Path("other.py").write_text("")
    with pytest.raises(UnknownEntryPoint):
        read_project(Path("project")).entry_point("../other.py")


def test_environments_are_found_beside_the_file() -> None:
    Path("conda.yaml").write_text("")
    assert read_project(Path()).environment.conda_env == Path("conda.yaml")
    Path("python_env.yaml").write_text("")
    assert read_project(Path()).environment.python_env == Path("python_env.yaml")


def test_a_container_has_volumes_and_variables() -> None:
    docker = read(
        "docker_env:\n  image: train:1\n  volumes: ['/a:/b:ro']\n  environment: [HOME, [TOKEN, x y]]\n"
    ).environment.docker_env
    assert docker is not None
    assert (docker.image, docker.volumes, docker.environment) == ("train:1", ("/a:/b:ro",), ("HOME", "TOKEN=x y"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [x\n", "MLproject:2: not YAML"),
        ("name: " + "[" * 50_000, "MLproject:1: not YAML text: maximum recursion depth"),
        ("", "MLproject:1: MLproject is empty; expected a mapping"),
        ("- a\n", "MLproject:1: MLproject is a list; expected a mapping with"),
        ("name: x\nentrypoints: {}\n", "MLproject:2: MLproject: unknown key 'entrypoints'; expected conda_env"),
        ("name: x\nname: y\n", "MLproject:2: MLproject: 'name' stands twice"),
        ("name: {}\n", "MLproject:1: MLproject: 'name' is a mapping; expected a text"),
        ("conda_env: c.yaml\npython_env: p.yaml\n", "'conda_env' stands beside python_env"),
        ("\nconda_env: c.yaml\n", "MLproject:2: MLproject: 'conda_env' names 'c.yaml', but there is no file 'c.yaml'"),
        ("docker_env: {volumes: []}\n", "MLproject:1: MLproject: 'docker_env' has no image"),
        ("docker_env: {image: x, environment: [[A]]}\n", "expected \\[NAME, value\\]"),
        (
            "entry_points:\n  main: python x.py\n",
            "MLproject:2: entry point 'main' is the text 'python x.py'; e",
        ),
        ("entry_points:\n  main: {}\n", "MLproject:2: entry point 'main' has no command"),
        (
            "entry_points:\n  main:\n    command: echo {lr}\n",
            "MLproject:3: .* uses {lr}, but the entry point ",
        ),
        ("entry_points:\n  main:\n    command: 'echo {'\n", "MLproject:3: .* has a '{' without a partner"),
        (
            "entry_points:\n  main:\n    parameters:\n      lr: flaot\n    command: echo\n",
            "MLproject:4: entry point 'main': parameter 'lr' is of type 'flaot'; expected string, float, int, pa",
        ),
        (
            "entry_points:\n  main:\n    parameters:\n      lr: {typ: float}\n    command: echo\n",
            "MLproject:4: entry point 'main': parameter 'lr': unknown key 'typ'; expected default, type",
        ),
        ("databricks_spark_job: {python_file: x}\n", "runs on Databricks only"),
        ("steps: {a: {depends_on: [b]}}\n", "step 'a' depends on 'b', but the steps are a"),
        ("steps: {a: {entry_point: x}}\n", "step 'a' runs entry point 'x', but the entry points are none"),
        (
            (
                "entry_points: {a: {command: x}, b: {command: y}}\nsteps:\n  a: {depends_on: [b]}\n"
                "  b: {depends_on: [a]}\n"
            ),
            "MLproject:3: .*wait for each other: ",
        ),
        ("entry_points: {a: {command: x}}\nsteps: {a: {parameters: {q: 1}}}\n", "gives parameter 'q', but .* has none"),
        ("entry_points: {a: {command: x}}\nsteps: {a: {outputs: [../x]}}\n", "expected a path inside"),
        ("entry_points: {a: {command: x}}\nsteps: {a: {cache: maybe}}\n", "expected true or false"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_what_was_expected(text: str, words: str) -> None:
    with pytest.raises(InvalidProject, match=words.replace("{", "\\{").replace("}", "\\}")) as caught:
        read(text)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert isinstance(caught.value, ExecutionException)


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(InvalidProject, match="There is no folder 'nowhere'"):
        read_project(Path("nowhere"))


def values(text: str, **given: object) -> tuple[dict[str, str], dict[str, str]]:
    entry_point = read(f"entry_points: {{main: {{parameters: {text}, command: x}}}}\n").entry_point("main")
    return resolve(entry_point.parameters, given, "main", None, Path())


def test_values_are_checked_against_their_types() -> None:
    Path("data.csv").write_text("")
    used, extra = values(
        "{n: int, x: float, p: path, u: uri, s: {default: z}}", n=3, x="1e-3", p="data.csv", u="s3://b/k", w=1
    )
    assert used == {"n": "3", "x": "1e-3", "p": str(Path("data.csv").absolute()), "u": "s3://b/k", "s": "z"}
    assert extra == {"w": "1"}


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("int", "1.5", "'1.5' for parameter 'v' of type int; expected a whole number"),
        ("float", "fast", "'fast' for parameter 'v' of type float; expected a number"),
        ("path", "gone.csv", "'gone.csv' for parameter 'v' of type path; expected a file or folder that exists"),
        ("uri", "plain", "'plain' for parameter 'v' of type uri; expected a URI"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: str, words: str) -> None:
    with pytest.raises(MlflowException, match=words) as caught:
        values(f"{{v: {kind}}}", v=value)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_all_missing_parameters_are_named_at_once() -> None:
    with pytest.raises(ExecutionException, match=r"missing parameters: 'a', 'c' of entry point 'main'.* -P a=… -P c=…"):
        values("{a: int, b: {default: 1}, c: path}")


def test_remote_files_of_type_path_are_downloaded(tmp_path: Path) -> None:
    source = tmp_path / "source.csv"
    source.write_text("a,b\n")
    entry_point = read("entry_points: {main: {parameters: {p: path}, command: x}}\n").entry_point("main")
    used, _ = resolve(entry_point.parameters, {"p": source.as_uri()}, "main", tmp_path / "storage", Path())
    assert Path(used["p"]).read_text() == "a,b\n"
