"""YAML of strangers: plain values, or one kind of failure."""

import pytest
import yaml

from mlflow._yaml import load_yaml


def test_plain_values_are_made_whatever_a_text_is_tagged_as() -> None:
    assert load_yaml("a: [1, 2.5, null, yes, text]\n") == {"a": [1, 2.5, None, True, "text"]}
    assert load_yaml("") is None
    with pytest.raises(yaml.YAMLError, match="could not determine a constructor"):
        load_yaml("!!python/object/apply:os.system ['touch made']")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[" * 200_000, "line 1 is nested", id="lists"),  # libyaml's own loader ends the process
        pytest.param("a:\n- - {b: " + "{c: " * 200, "line 2 is nested", id="mappings"),
        pytest.param("- " * 200 + "a", "line 1 is nested", id="blocks"),
        pytest.param("\n".join(" " * depth + f"k{depth}:" for depth in range(200)), "line 101 is", id="indented"),
        pytest.param("2024-13-45", "month", id="a date that there is not"),
        pytest.param("9" * 5000, "4300 digits", id="a number that takes too long"),
        pytest.param("a: [", "expected", id="broken off"),
    ],
)
def test_what_is_no_data_is_told_by_one_kind_of_failure(text: str, words: str) -> None:
    with pytest.raises(yaml.YAMLError, match=words):
        load_yaml(text)
