"""Whether the program is a notebook."""

from __future__ import annotations

import os
import sys

from mlflow.tracking.context.abstract_context import RunContextProvider

__all__ = ["JupyterNotebookRunContext"]


def in_notebook() -> bool:
    """Whether a notebook kernel (ipykernel, Colab and kin) runs this code; IPython in a terminal does not count."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return any(cls.__name__ == "ZMQInteractiveShell" for cls in type(shell).__mro__)


class JupyterNotebookRunContext(RunContextProvider):
    """Source type NOTEBOOK, and the notebook's own path where the front end tells it."""

    def in_context(self) -> bool:
        return in_notebook()

    def tags(self) -> dict[str, str]:
        return {"mlflow.source.type": "NOTEBOOK"} | _name_tag()


def _name_tag() -> dict[str, str]:
    path = notebook_path()
    return {"mlflow.source.name": path} if path else {}


def notebook_path() -> str | None:
    """The notebook's file: Jupyter Server tells it in JPY_SESSION_NAME, VS Code in a variable of the user's."""
    main = sys.modules.get("__main__")
    return os.environ.get("JPY_SESSION_NAME") or getattr(main, "__vsc_ipynb_file__", None)
