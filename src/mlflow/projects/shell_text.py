"""Where in a shell command the reader is: enough of the grammar to tell how a value must be quoted there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

__all__ = ["Place", "ShellReader"]

Place = Literal["word", "double", "single", "strict", "script"]
"""`script` is inside of quotes that an interpreter runs, as in `bash -c "…"`; `strict` is where quoting cannot hold."""

_READ_AGAIN = {"eval", "ssh", "rsh", "su", "watch", "parallel", "at", "batch", "trap", "expect"}
_TAKE_CODE = {"awk", "gawk", "mawk", "sed", "jq", "perl", "ruby"}
_RUN_TEXT = re.compile(r"-[A-Za-z]{0,2}[ce]|--command|--eval|-command")
_COMMANDS = {"$(", "`", "("}
_NESTED = {"`", "${", "$'", "$((", "#"}


class ShellReader:
    """Reads a command piece by piece, keeping the stack of what is open.

    The stack's elements are how each construct begins: `"`, `'`, `$'`, `` ` ``, `$(`, `$((`, `${`, `(` and `#`.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        self._word = ""
        self._words: list[str] = []
        self._outer: list[tuple[list[str], str]] = []
        self._here_document = False

    @property
    def quote(self) -> str:
        """The quote that is open, if any."""
        return self._open[-1] if self._open and self._open[-1] in {'"', "'"} else ""

    def read(self, text: str) -> None:
        """Go over text as the author wrote it."""
        at = 0
        while at < len(text):
            at += self._step(text, at)

    def place_of_value(self) -> Place:
        """Where a value would stand now."""
        top = self._open[-1] if self._open else ""
        self._word += "{}"
        if self._here_document or not _NESTED.isdisjoint(self._open) or self._command() in _READ_AGAIN:
            return "strict"
        if top in {'"', "'"}:
            if self._command() in _TAKE_CODE or any(_RUN_TEXT.fullmatch(word) for word in self._words[1:]):
                return "script"
            return "double" if top == '"' else "single"
        return "word"

    def _command(self) -> str:
        """The program of the simple command, without what stands before it: assignments, `env`, `sudo` and the like."""
        words = [word for word in [*self._words, self._word] if word and not re.match(r"\w+=", word)]
        skipped = {"env", "sudo", "nohup", "exec", "command", "time", "then", "do", "else", "if", "while", "!", "{"}
        return next((name for word in words if (name := PurePosixPath(word).name) not in skipped), "")

    def _step(self, text: str, at: int) -> int:
        top = self._open[-1] if self._open else ""
        if top == "'":
            return self._until(text, at, "'")
        if top == "#":
            return self._until(text, at, "\n")
        if text[at] == "\\":
            self._word += text[at : at + 2]
            return 2
        if top == "$'":
            return self._until(text, at, "'")
        opened = next((start for start in ("$((", "$(", "${", "`") if text.startswith(start, at)), None)
        if opened == "`" and "`" in self._open:
            while self._open[-1] != "`":
                self._end()
            self._end()
            return 1
        if opened:
            self._begin(opened)
            return len(opened)
        if top == '"':
            if text[at] == '"':
                self._open.pop()
            else:
                self._word += text[at]
            return 1
        return self._bare(text, at, top)

    def _until(self, text: str, at: int, end: str) -> int:
        if text[at] == end:
            self._open.pop()
        return 1

    def _begin(self, opened: str) -> None:
        self._open.append(opened)
        if opened in _COMMANDS:
            self._outer.append((self._words, self._word))
            self._words, self._word = [], ""

    def _end(self) -> None:
        if self._open.pop() in _COMMANDS:
            self._words, self._word = self._outer.pop()

    def _bare(self, text: str, at: int, top: str) -> int:
        """Outside of quotes."""
        character = text[at]
        if text.startswith("$'", at):
            self._open.append("$'")
            return 2
        if character in {'"', "'"}:
            self._open.append(character)
        elif character == "#" and not self._word:
            self._open.append("#")
        elif character == "(":
            self._begin("(")
        elif character == ")" and top in {"(", "$(", "$(("}:
            self._end()
            return 2 if top == "$((" else 1
        elif character == "}" and top == "${":
            self._open.pop()
        elif character.isspace() or character in ";|&":
            self._end_word(character)
        else:
            self._here_document = self._here_document or text.startswith("<<", at)
            self._word += character
        return 1

    def _end_word(self, separator: str) -> None:
        if self._word:
            self._words.append(self._word)
        self._word = ""
        if separator in ";|&\n":
            self._words = []
