"""Routes as a command line and a file name them."""

from pathlib import Path

import pytest

from mlflow.exceptions import MlflowException
from mlflow.serving.traffic.ramps import Ramp, parse_ramp
from mlflow.serving.traffic.routes import InvalidRoute, Route, Routes, collect_routes, parse_route, read_routes

TWO = ("old=models:/m@champion:90", "new=models:/m@challenger:10")


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("a=models:/m@champion:90", Route("a", "models:/m@champion", 90)),
        ("a=models:/m/1", Route("a", "models:/m/1")),
        ("a=models:/m/1:0.5", Route("a", "models:/m/1", 0.5)),
        ("a=./folder", Route("a", "./folder")),
        ("a=s3://bucket/x=y:3", Route("a", "s3://bucket/x=y", 3)),
        ("a=runs:/1f/model:shadow", Route("a", "runs:/1f/model", 0, shadow=True)),
    ],
)
def test_a_route_is_a_name_a_model_and_a_weight(text: str, route: Route) -> None:
    assert parse_route(text) == route


@pytest.mark.parametrize("text", ["models:/m/1", "a=", "a"])
def test_what_is_no_route_is_told_the_form(text: str) -> None:
    with pytest.raises(InvalidRoute, match="NAME=MODEL_URI"):
        parse_route(text)


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        (["a=m", "a=n"], "Two routes"),
        (["a b=m"], "cannot have that name"),
        (["a=m:-1"], "weight of 'a'"),
        (["a=m:0", "b=n:0"], "All weights are 0"),
        (["a=m:nan"], "nan"),
        (["a=m:shadow"], "no route that answers"),
        (["a= :5"], "has no model"),
    ],
)
def test_routes_that_make_no_sense_together_are_refused(routes: list[str], words: str) -> None:
    with pytest.raises(InvalidRoute, match=words):
        collect_routes(routes=routes)


def test_exactly_one_way_to_name_models_is_taken() -> None:
    assert collect_routes("models:/m/1").routes == (Route("default", "models:/m/1"),)
    for how in ({}, {"model_uri": "m", "routes": TWO}, {"routes": TWO, "file": Path("x")}):
        with pytest.raises(InvalidRoute, match="either --model-uri"):
            collect_routes(**how)


def test_a_file_says_what_a_command_line_says(tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text(
        "routes:\n  old: {model: 'models:/m@champion', weight: 90}\n"
        "  new: {model: 'models:/m@challenger', weight: 10}\n"
        "  next: {model: 'models:/m/7', shadow: true}\n  plain: models:/m/8\nsticky_key: user\nramp: 'new=5,50:1h'\n"
    )
    found = read_routes(file)
    assert found == Routes(
        routes=tuple(map(parse_route, (*TWO, "next=models:/m/7:shadow", "plain=models:/m/8"))),
        sticky_key="user",
        ramp=Ramp(variant="new", steps=(5, 50), every=3600),
    )
    overridden = collect_routes(file=file, sticky_header="X-User", ramp="old=1:1s")
    assert (overridden.sticky_header, overridden.sticky_key) == ("X-User", None)
    assert overridden.ramp == parse_ramp("old=1:1s")
    json = tmp_path / "routes.json"
    json.write_text('{"routes": {"a": {"model": "m"}}}')
    assert read_routes(json).routes == (Route("a", "m"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("routes: [a]", "no mapping 'routes'"),
        ("other: 1", "keys"),
        ("routes: {a: {uri: m}}", "Route 'a'"),
        ("routes: {a: {model: m, weight: much}}", "'weight' is a number"),
        ("routes: {a: {model: m, shadow: 3}}", "true or false"),
        ("routes: {a: m}\nsticky_key: [1]", "'sticky_key'"),
        ("routes: {a: m}\nsticky_header: 'a b'", "no name of a header"),
        ("routes: {a: m}\nsticky_header: a\nsticky_key: b", "Choose one"),
        ("routes: {a: m}\nramp: 'a=5:1m'", "answers alone"),
        ("routes: {a: m, b: n}\nramp: 'c=5:1m'", "none of the routes"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text(text)
    with pytest.raises(MlflowException, match=words):
        read_routes(file)


def test_a_ramp_climbs_one_step_at_a_time_however_late_one_looks() -> None:
    ramp = parse_ramp("new=5,25,100:10m").begun(0)
    given = {"old": 3.0, "older": 1.0, "new": 0.0}
    assert ramp.weights(given) == {"old": 71.25, "older": 23.75, "new": 5.0}
    assert ramp.advanced(599_999) is ramp
    second = ramp.advanced(10_000_000)
    assert (second.position, second.due) == (1, 10_600_000)
    last = second.advanced(10_600_000)
    assert last.weights(given) == {"old": 0.0, "older": 0.0, "new": 100.0}
    assert last.is_over
    assert last.advanced(99_000_000) is last


@pytest.mark.parametrize("text", ["new", "new=5", "new=5:soon", "new=a:1m", "new=101:1m", "new=5:0s", "=5:1m"])
def test_what_is_no_ramp_is_refused(text: str) -> None:
    with pytest.raises(MlflowException, match=r"Ramp|ramp"):
        parse_ramp(text)
