"""Shipping a journal from a process of its own, so that no SQL runs in the trainer: `python -m mlflow.journal.child`.

It goes on when the trainer is killed, and ends when everything is shipped or the destination has failed for 30 s.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from mlflow.journal.courier import Courier
from mlflow.journal.delivery import Delivery
from mlflow.journal.destination import Destination
from mlflow.journal.exits import EXIT_SECONDS
from mlflow.journal.reader import JournalReader

__all__ = ["main"]

INTERVAL_SECONDS = 0.2
IMPATIENT_SECONDS = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Ship one journal; answers 0 when it was shipped to its end, 1 when something is left."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(levelname)s mlflow: %(message)s", level=logging.INFO)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the trainer
    reader = JournalReader(options.directory / options.journal_id)
    try:
        return _ship_until_orphaned(reader, options.directory, options.factory)
    finally:
        reader.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlflow.journal.child", description=__doc__)
    parser.add_argument("directory", type=Path, help="where journals live")
    parser.add_argument("journal_id", help="32 hexadecimal digits")
    parser.add_argument(
        "--factory", required=True, metavar="MODULE:FUNCTION", help="makes a destination from the journal's URI"
    )
    return parser


def _destination(factory: str, uri: str) -> Destination:
    module, _, name = factory.partition(":")
    make = cast("Callable[[str], Destination]", getattr(importlib.import_module(module), name))
    return make(uri)


def _ship_until_orphaned(reader: JournalReader, directory: Path, factory: str) -> int:
    wake = threading.Event()
    threading.Thread(target=_listen, args=(wake,), daemon=True).start()
    courier = Courier(
        lambda: Delivery(reader, _destination(factory, reader.destination), directory), reader.destination, directory
    )
    while True:
        orphaned = not reader.live
        pause = courier.step()
        if orphaned and pause is None:
            reader.delete()
            return 0
        if orphaned and courier.failing_since is not None and time.monotonic() - courier.failing_since > EXIT_SECONDS:
            return 1
        if pause != 0:
            wake.wait(INTERVAL_SECONDS if pause is None else min(pause, IMPATIENT_SECONDS))
            wake.clear()


def _listen(wake: threading.Event) -> None:
    """Wake on each byte of the trainer, and once on its end."""
    while os.read(0, 4096):
        wake.set()
    wake.set()


if __name__ == "__main__":
    sys.exit(main())
