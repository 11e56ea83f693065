"""The page of settings is what the table of variables renders."""

from pathlib import Path

from mlflow.environment_variables import to_markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
HEAD = """\
# Settings

Every setting that an environment variable makes. Values are read when they are used; booleans are true, false, 1 or 0
in any case; lists are separated by commas. In programs: `mlflow.environment_variables.MLFLOW_TRACKING_URI.get()`.

"""


def test_page_lists_every_variable_as_the_table_has_it() -> None:
    assert PAGE.read_text() == HEAD + to_markdown(), "make settings writes the page anew"
