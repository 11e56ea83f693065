"""The text of a console as a bounded log. Standard library only: the tee process loads this file by itself."""

from __future__ import annotations

from collections import deque

_LINE_LIMIT = 1 << 16
_CHUNK = 1 << 16
_REWRITE_BYTES_A_SECOND = 256 << 10


# A change of the log: from the offset on it holds these bytes, and ends there.
Piece = tuple[int, bytes]


class ConsoleLog:
    r"""Lines of several sources, merged as they are completed; unfinished lines stand at the end until they are.

    A line that carriage returns overwrite, as progress bars do, keeps its last state. Bytes are kept as they come, ANSI
    sequences and invalid UTF-8 included. Beyond `limit` bytes the first half stays, the second half follows the end,
    and a marker between them tells how much was left out.

        >>> log = ConsoleLog()
        >>> log.feed(1, b"10%\r20%\r30%\nnext")
        >>> log.take(now=0.0)
        [(0, b'30%\nnext')]
    """

    def __init__(self, limit: int = 10 << 20) -> None:
        self._head_limit = limit // 2
        self._tail_limit = limit - self._head_limit
        self._unfinished: dict[int, bytes] = {}
        self._head_size = 0
        self._head_pending = bytearray()
        self._tail: deque[bytearray] = deque()
        self._tail_size = 0
        self._tail_sent = 0
        self._dropped = 0
        self._sent_dropped = 0
        self._sent_end = b""
        self._next_rewrite = 0.0

    def feed(self, source: int, data: bytes) -> None:
        """Add what one source wrote."""
        data = self._unfinished.get(source, b"") + data
        cut = data.rfind(b"\n") + 1
        if cut:
            self._commit(_folded(data[:cut]))
        rest = _last_state(data[cut:])
        if len(rest) > _LINE_LIMIT:
            self._commit(rest)
            rest = b""
        self._unfinished[source] = rest

    def take(self, now: float, final: bool = False) -> list[Piece]:
        """The changes since the last call, in order.

        Once the middle is being dropped, each change rewrites the second half; that is put off, unless this is the
        `final` call, so that no more than 256 KiB a second are sent.

        Args:
            now: seconds of any steady clock.
            final: whether this is the last call.
        """
        end = b"".join(rest.rstrip(b"\r") for rest in self._unfinished.values())
        if self._dropped != self._sent_dropped:
            return self._rewritten(end, now) if final or now >= self._next_rewrite else []
        fresh = bytes(self._head_pending) + self._tail_after(self._tail_sent)
        if not fresh and end == self._sent_end:
            return []
        offset = self._head_size - len(self._head_pending) + len(self._marker()) + self._tail_sent
        self._mark_sent(end)
        return [(offset, fresh + end)]

    def _commit(self, data: bytes) -> None:
        room = self._head_limit - self._head_size
        if room > 0:
            self._head_pending += data[:room]
            self._head_size += len(data[:room])
            data = data[room:]
        if data:
            self._append_tail(data)

    def _append_tail(self, data: bytes) -> None:
        if self._tail and len(self._tail[-1]) + len(data) <= _CHUNK:
            self._tail[-1] += data
        else:
            self._tail.append(bytearray(data))
        self._tail_size += len(data)
        while self._tail_size > self._tail_limit:
            excess = self._tail_size - self._tail_limit
            gone = min(excess, len(self._tail[0]))
            del self._tail[0][:gone]
            if not self._tail[0]:
                self._tail.popleft()
            self._tail_size -= gone
            self._dropped += gone

    def _tail_after(self, offset: int) -> bytes:
        return b"".join(self._tail)[offset:] if offset < self._tail_size else b""

    def _rewritten(self, end: bytes, now: float) -> list[Piece]:
        head = [(self._head_size - len(self._head_pending), bytes(self._head_pending))] if self._head_pending else []
        tail = self._marker() + b"".join(self._tail) + end
        self._next_rewrite = now + len(tail) / _REWRITE_BYTES_A_SECOND
        self._mark_sent(end)
        return [*head, (self._head_size, tail)]

    def _mark_sent(self, end: bytes) -> None:
        self._head_pending.clear()
        self._tail_sent, self._sent_dropped, self._sent_end = self._tail_size, self._dropped, end

    def _marker(self) -> bytes:
        return b"\n[... %d bytes left out ...]\n" % self._dropped if self._dropped else b""


def _folded(lines: bytes) -> bytes:
    if b"\r" not in lines:
        return lines
    return b"\n".join(_last_state(line).rstrip(b"\r") for line in lines.split(b"\n"))


def _last_state(line: bytes) -> bytes:
    """What a terminal shows of a line, with a trailing carriage return, which says that the next text overwrites it."""
    if b"\r" not in line:
        return line
    shown = line.rstrip(b"\r")
    shown = shown[shown.rfind(b"\r") + 1 :]
    return shown + b"\r" if line.endswith(b"\r") else shown
