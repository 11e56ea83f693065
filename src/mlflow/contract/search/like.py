"""LIKE patterns as regular expressions, for stores that match outside SQL."""

from __future__ import annotations

import re
from functools import lru_cache

_WILDCARDS = {"%": ".*", "_": "."}


@lru_cache(maxsize=256)
def like_to_regex(pattern: str, case_sensitive: bool) -> re.Pattern[str]:
    """Compile a LIKE (case-sensitive) or ILIKE pattern: `%` is any text, `_` any character, all else itself.

    Use `fullmatch`. There is no escape character, as in MLflow on SQLite.
    """
    expression = "".join(_WILDCARDS.get(character) or re.escape(character) for character in re.sub("%+", "%", pattern))
    return re.compile(expression, re.DOTALL | (0 if case_sensitive else re.IGNORECASE))
