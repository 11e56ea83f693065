"""Where on a server an endpoint is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mlflow.contract.route import Route
from mlflow.exceptions import InvalidParameterValue

__all__ = ["path_of"]


def path_of(route: Route, arguments: Mapping[str, Any]) -> str:
    """The path of a route with the arguments that belong in it.

    Raises:
        InvalidParameterValue: one of them is empty; the path would be another endpoint's.
    """
    filled = {name: quote(str(arguments[name]), safe="") for name in route.in_path}
    for name, text in filled.items():
        if text in {"", ".", ".."}:
            raise InvalidParameterValue(f"Invalid value '{arguments[name]}' for parameter '{name}'; give its id.")
    return re.sub(r":\w+}", "}", route.paths[0]).format_map(filled)
