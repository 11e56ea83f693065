"""From a path and a method to what answers them: a dictionary for fixed paths, patterns for those with arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from mlflow.exceptions import EndpointNotFound

__all__ = ["Router", "WrongMethod"]

H = TypeVar("H")

# A name may hold a line break, so that "." must match one; the store decides what it takes.
_KINDS = {"path": r"(?s:.+)", "int": r"\d{1,9}", None: r"[^/]+"}


class WrongMethod(EndpointNotFound):
    """The path exists, but not with this HTTP method.

    Attributes:
        allowed: the methods it has.
    """

    def __init__(self, path: str, method: str, allowed: Iterable[str]) -> None:
        self.allowed = tuple(sorted(allowed))
        super().__init__(f"'{path}' does not take {method}; use {' or '.join(self.allowed)}.")

    def get_http_status_code(self) -> int:
        """405: the method is not allowed."""
        return 405


class Router(Generic[H]):
    """What is mounted where; a path with a method is mounted once."""

    def __init__(self) -> None:
        self._fixed: dict[str, dict[str, H]] = {}
        self._patterns: dict[str, tuple[re.Pattern[str], dict[str, H]]] = {}

    def mount(self, path: str, methods: Iterable[str], handler: H) -> None:
        """Let `handler` answer the methods at a path such as `/runs/{run_id}` or `/files/{path:path}`.

        Raises:
            TypeError: something answers there already.
        """
        if "{" in path:
            pattern = _pattern(path)
            mounted = self._patterns.setdefault(pattern.pattern, (pattern, {}))[1]
        else:
            mounted = self._fixed.setdefault(path, {})
        for method in methods:
            if mounted.setdefault(method, handler) is not handler:
                raise TypeError(f"Two endpoints answer {method} {path}; give one of them another path.")

    def find(self, path: str, method: str) -> tuple[H, dict[str, str]]:
        """What answers, and the arguments that are part of the path; HEAD is answered by what answers GET.

        Raises:
            EndpointNotFound: nothing is mounted at the path.
            WrongMethod: something is, but not for the method.
        """
        fixed = self._fixed.get(path)
        mounted, arguments = self._match(path) if fixed is None else (fixed, {})
        handler = mounted.get("GET" if method == "HEAD" else method)
        if handler is None:
            raise WrongMethod(path, method, mounted)
        return handler, arguments

    def _match(self, path: str) -> tuple[dict[str, H], dict[str, str]]:
        for pattern, mounted in self._patterns.values():
            found = pattern.fullmatch(path)
            if found:
                return mounted, found.groupdict()
        raise EndpointNotFound(f"This server has no endpoint '{path[:200]}'; /docs lists those it has.")


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("".join(map(_part, re.split(r"({\w+(?::\w+)?})", path))))


def _part(part: str) -> str:
    argument = re.fullmatch(r"{(\w+)(?::(\w+))?}", part)
    return f"(?P<{argument[1]}>{_KINDS[argument[2]]})" if argument else re.escape(part)
