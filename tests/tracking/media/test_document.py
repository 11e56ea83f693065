import collections
import json

import numpy as np
import pytest
import yaml

from mlflow.tracking.media.document import render_dict, render_text


@pytest.mark.parametrize("name", ["d.json", "d.txt", "d"])
def test_dictionaries_are_json_with_two_spaces(name: str) -> None:
    assert render_dict({"b": 1, "a": [None]}, name).content == b'{\n  "b": 1,\n  "a": [\n    null\n  ]\n}'


@pytest.mark.parametrize("name", ["d.yaml", "d.yml"])
def test_yaml_holds_plain_values_only(name: str) -> None:
    value = {"n": np.float32(1.5), "l": np.arange(2), "o": collections.OrderedDict(a=1), "t": (1, 2), "s": object}
    written = render_dict(value, name).read_bytes()
    assert b"!!" not in written
    assert yaml.safe_load(written) == {"n": 1.5, "l": [0, 1], "o": {"a": 1}, "t": [1, 2], "s": "<class 'object'>"}


def test_what_json_lacks_is_written_as_text() -> None:
    assert json.loads(render_dict({"a": {1}}, "d.json").read_bytes()) == {"a": "{1}"}


def test_text_keeps_its_line_ends() -> None:
    assert render_text("é\r\nx\n", "t.txt").content == b"\xc3\xa9\r\nx\n"


@pytest.mark.parametrize(("text", "error"), [(5, TypeError), ("\ud800", ValueError)], ids=["number", "surrogate"])
def test_what_is_no_text_is_refused(text: object, error: type) -> None:
    with pytest.raises(error, match=r"t\.txt"):
        render_text(text, "t.txt")
