import io
import json

import matplotlib as mpl
import plotly.graph_objects as go
import pytest
from matplotlib.figure import Figure
from PIL import Image as Pictures

from mlflow.tracking.media.figure import render_figure

mpl.use("Agg")


@pytest.fixture
def figure() -> Figure:
    made = Figure(figsize=(2, 1))
    made.subplots().plot([1, 2])
    return made


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.png", b"\x89PNG"), ("a.jpg", b"\xff\xd8"), ("a.pdf", b"%PDF"), ("a.svg", b"<?xml"), ("a.PNG", b"\x89PNG")],
)
def test_matplotlib_writes_the_format_of_the_extension(figure: Figure, name: str, start: bytes) -> None:
    file = render_figure(figure, f"sub/{name}")
    assert file.path == f"sub/{name}"
    assert file.read_bytes().startswith(start)


def test_save_options_reach_matplotlib(figure: Figure) -> None:
    content = render_figure(figure, "a.png", {"dpi": 50}).read_bytes()
    assert Pictures.open(io.BytesIO(content)).size == (100, 50)


@pytest.mark.parametrize("name", ["a", "a.html", "a.xyz"])
def test_matplotlib_has_no_other_formats(figure: Figure, name: str) -> None:
    with pytest.raises(ValueError, match="a"):
        render_figure(figure, name)


def test_plotly_page_loads_its_library_from_the_network_unless_told_otherwise() -> None:
    page = render_figure(go.Figure(), "p.html").read_bytes()
    whole = render_figure(go.Figure(), "p.html", {"include_plotlyjs": False, "auto_open": True}).read_bytes()
    assert b"cdn.plot.ly" in page
    assert b"cdn.plot.ly" not in whole


def test_plotly_writes_json() -> None:
    content = render_figure(go.Figure(go.Bar(y=[1, 2])), "p.json").read_bytes()
    assert json.loads(content)["data"][0]["type"] == "bar"


@pytest.mark.parametrize("name", ["p", "p.xyz", "p.jpg", "p.HTML"])
def test_plotly_has_no_other_formats(name: str) -> None:
    with pytest.raises(TypeError, match="Unsupported file extension"):
        render_figure(go.Figure(), name)


@pytest.mark.parametrize("thing", [None, "x", Figure().subplots()], ids=["none", "text", "axes"])
def test_other_objects_are_no_figures(thing: object) -> None:
    with pytest.raises(TypeError, match="Unsupported figure"):
        render_figure(thing, "a.png")
