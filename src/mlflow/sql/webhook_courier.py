"""Carrying events to webhooks in the background, from whichever servers run, each event by one of them at a time.

Whoever is to send a delivery first pushes `next_attempt` into the future by the time that sending may take, on the
condition that nobody did so before. When it dies, the delivery is due again; so a receiver may see one twice, under
the same id, but none is lost.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, exc

from mlflow.environment_variables import (
    MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS,
    MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES,
    MLFLOW_WEBHOOK_REQUEST_TIMEOUT,
)
from mlflow.exceptions import MlflowException
from mlflow.sql.engine import Database
from mlflow.sql.ids import now
from mlflow.sql.webhook_outbox import PENDING
from mlflow.sql.webhook_secrets import opened
from mlflow.sql.webhook_tables import webhook_deliveries, webhooks
from mlflow.webhooks.sender import Outcome, send

__all__ = ["Courier"]

_LOOK = 0.5  # seconds between looks at what is due
_MOST_CLAIMED = 64
_SPARE = 10_000  # milliseconds beyond a request's time before others may try
_BACKOFF = 1_000  # milliseconds before the second attempt; each later one waits four times as long
_LONGEST_WAIT = 3_600_000
_KEPT = 30 * 86_400_000  # milliseconds that deliveries which are over stay in the log
_PRUNE_EVERY = 1200  # looks; ten minutes

_LOG = logging.getLogger(__name__)
_D = webhook_deliveries.c
_DUE = (
    sa.select(webhook_deliveries, webhooks.c.url, webhooks.c.secret, webhooks.c.status.label("webhook_status"))
    .outerjoin(webhooks, webhooks.c.id == _D.webhook)
    .where(_D.next_attempt <= sa.bindparam("time"))
    .order_by(_D.next_attempt, _D.id)
)


class Courier:
    """Sends what is due, a bounded number at once.

    Args:
        database: holds the outbox.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._looks = 0

    def start(self) -> None:
        """Begin to look for what is due, in a thread of its own."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mlflow-webhooks", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Let what is being sent come to its end, and stop."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(MLFLOW_WEBHOOK_REQUEST_TIMEOUT.get() + 1)
            self._thread = None

    def deliver_due(self) -> int:
        """Send what is due now, one after the other, and answer how many deliveries that were."""
        claimed = self._claim_due(_MOST_CLAIMED)
        for row in claimed:
            self._deliver(row)
        return len(claimed)

    def _claim_due(self, most: int) -> list[Row[Any]]:
        chosen = _DUE.limit(most)
        due = self._database.read(lambda connection: connection.execute(chosen, {"time": now()}).all())
        return self._database.write(lambda connection: _claim(connection, due)) if due else []

    def _run(self) -> None:
        most = MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS.get()
        under_way: set[Future[None]] = set()
        with ThreadPoolExecutor(most, "mlflow-webhook") as pool:
            while not self._stopping.wait(_LOOK):
                under_way = {future for future in under_way if not future.done()}
                try:
                    if len(under_way) < most:  # a slow receiver holds up no other
                        claimed = self._claim_due(most - len(under_way))
                        under_way |= {pool.submit(self._deliver, row) for row in claimed}
                    self._prune_now_and_then()
                except (exc.SQLAlchemyError, MlflowException) as error:
                    _LOG.warning("Webhooks wait, for the database cannot be used: %s", error)
                except Exception:  # noqa: BLE001 - the thread's edge: the next look may go well
                    _LOG.exception("Looking for deliveries of webhooks failed")

    def _deliver(self, row: Row[Any]) -> None:
        try:
            outcome = self._sent(row)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs into the log of deliveries
            _LOG.exception("Delivery %s failed", row.delivery_id)
            outcome = Outcome(error=str(error), again=True)
        self._database.write(lambda connection: _settle(connection, row, outcome))

    def _sent(self, row: Row[Any]) -> Outcome:
        if row.url is None:
            return Outcome(error="The webhook was deleted.")
        if row.webhook_status != "ACTIVE":
            return Outcome(error="The webhook is disabled.")
        try:
            secret = opened(row.secret)
        except MlflowException as error:
            return Outcome(error=error.message, again=True)
        return send(row.url, row.delivery_id, bytes(row.body), secret)

    def _prune_now_and_then(self) -> None:
        if self._looks % _PRUNE_EVERY == 0:
            over = sa.delete(webhook_deliveries).where(_D.state != PENDING, _D.finished < now() - _KEPT)
            self._database.write(lambda connection: connection.execute(over))
        self._looks += 1


def _claim(connection: Connection, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those of the deliveries that nobody else took since they were read."""
    until = now() + MLFLOW_WEBHOOK_REQUEST_TIMEOUT.get() * 1000 + _SPARE
    claimed = []
    for row in rows:
        mine = sa.update(webhook_deliveries).where(_D.id == row.id, _D.next_attempt == row.next_attempt)
        if connection.execute(mine.values(next_attempt=until)).rowcount:
            claimed.append(row)
    return claimed


def _settle(connection: Connection, row: Row[Any], outcome: Outcome) -> None:
    attempts, time = row.attempts + 1, now()
    values: dict[str, Any] = {
        "attempts": attempts,
        "response_status": outcome.status,
        "response_body": outcome.body,
        "error": outcome.error,
    }
    if outcome.again and attempts <= MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES.get():
        wait = min(_BACKOFF * 4 ** (attempts - 1), _LONGEST_WAIT)
        values |= {"next_attempt": time + int(wait * random.uniform(0.8, 1.2))}
    else:
        state = "DELIVERED" if outcome.delivered else "FAILED"
        values |= {"state": state, "next_attempt": None, "finished": time}
    connection.execute(sa.update(webhook_deliveries).where(_D.id == row.id).values(**values))
