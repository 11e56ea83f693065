"""Commands of entry points: shell text of the project's author, with values in it that only ever are data.

A value is quoted for the place where its braces stand: a word of its own, inside of double or of single quotes. Where
no quoting can hold, since a second interpreter reads the text again (`eval`, `bash -c "… {p} …"`, `ssh`, backticks,
here-documents), only harmless characters are taken.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from mlflow.exceptions import ExecutionException, InvalidParameterValue
from mlflow.projects.shell_text import Place, ShellReader

__all__ = ["Template", "UnsafeValue", "template"]

_HARMLESS = re.compile(r"[\w@%+=:,./-]*", re.ASCII)
_PLAIN = re.compile(r"[\w@%+=:,./ \t-]*", re.ASCII)
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[\w .:/-]+", re.ASCII)


class UnsafeValue(ExecutionException, InvalidParameterValue):
    """A value would be read as code by a second interpreter."""


class Piece(Struct, frozen=True):
    """A part of a command: text as written, or the name of a parameter and where it stands."""

    text: str
    kind: Literal["text", "value"] = "text"
    place: Place = "word"


class Template(Struct, frozen=True):
    """A command whose values are not in yet."""

    pieces: tuple[Piece, ...]

    @property
    def names(self) -> list[str]:
        """The parameters that it uses."""
        return [piece.text for piece in self.pieces if piece.kind == "value"]

    def render(self, values: Mapping[str, str], extra: Mapping[str, str]) -> str:
        """The command as shell text.

        Args:
            values: of every name that it uses.
            extra: appended as `--name value`.

        Raises:
            UnsafeValue: a second interpreter would read a value, and it holds more than harmless characters.
        """
        text = "".join(
            piece.text if piece.kind == "text" else _quoted(piece.text, values[piece.text], piece.place)
            for piece in self.pieces
        )
        return " ".join([text, *_options(extra)])

    def argv(self, values: Mapping[str, str], extra: Mapping[str, str]) -> list[str]:
        """The command as arguments: itself where it is words only, else bash and its text."""
        text = self.render(values, extra)
        words = shlex.split(text) if self._is_plain() else []
        return words if words and "=" not in words[0] else ["bash", "-c", text]

    def _is_plain(self) -> bool:
        return all(
            _PLAIN.fullmatch(piece.text) if piece.kind == "text" else piece.place == "word" for piece in self.pieces
        )


def template(text: str) -> Template:
    """Parse a command: `{name}` is a parameter, `{{` and `}}` are braces.

    Raises:
        ValueError: a brace has no partner, or something other than a name stands in braces.
    """
    reader = ShellReader()
    parts = _merged(_parts(text))
    pieces = []
    for index, (part, is_name) in enumerate(parts):
        if not is_name:
            reader.read(part)
            pieces.append(Piece(part))
            continue
        place = reader.place_of_value()
        if place == "script":
            before, after = parts[index - 1][0], parts[index + 1][0] if index + 1 < len(parts) else ""
            place = _place_of_script(before, after, reader.quote)
        pieces.append(Piece(part, "value", place))
    return Template(tuple(pieces))


def _merged(parts: Iterator[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbouring texts as one."""
    merged: list[tuple[str, bool]] = []
    for part, is_name in parts:
        if merged and not is_name and not merged[-1][1]:
            merged[-1] = merged[-1][0] + part, False
        else:
            merged.append((part, is_name))
    return merged


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for match in _PIECE.finditer(text):
        if match.start() > start:
            yield text[start : match.start()], False
        start = match.end()
        found = match[0]
        if found in {"{{", "}}"}:
            yield found[0], False
        elif found in {"{", "}"}:
            raise ValueError(f"has a '{found}' without a partner. A brace itself is written twice: '{found * 2}'.")
        elif not _NAME.fullmatch(match[1]):
            raise ValueError(f"has '{found}'; expected a parameter's name in braces. A brace itself is written twice.")
        else:
            yield match[1], True
    if start < len(text):
        yield text[start:], False


def _place_of_script(before: str, after: str, quote: str) -> Place:
    """What an interpreter is handed as a whole is the author's wish to have it run; a part of it is not."""
    if before.endswith(quote) and after.startswith(quote):
        return "double" if quote == '"' else "single"
    return "strict"


def _quoted(name: str, value: str, place: Place) -> str:
    if "\0" in value:
        raise UnsafeValue(f"The value of parameter '{name}' holds a NUL character, which no command can take.")
    if place == "word":
        return shlex.quote(value)
    if place == "double":
        return re.sub(r'([\\"$`])', r"\\\1", value)
    if place == "single":
        return value.replace("'", "'\\''")
    if not _HARMLESS.fullmatch(value):
        raise UnsafeValue(
            f"The value '{value}' of parameter '{name}' stands where a second interpreter would read it as code. There "
            f"only letters, digits and _@%+=:,./- can be given; or write the command so that {{{name}}} is an argument "
            "of its own, outside of quotes and substitutions."
        )
    return value


def _options(extra: Mapping[str, str]) -> list[str]:
    return [word for name, value in extra.items() for word in (shlex.quote(f"--{name}"), shlex.quote(value))]
