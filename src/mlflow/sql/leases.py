"""Leases: a row in the database that says who does a background task, so that of many processes one does it."""

from __future__ import annotations

import os
import socket
import uuid

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.ids import now
from mlflow.sql.statements import insert_missing
from mlflow.sql.tables import leases

__all__ = ["Lease"]


class Lease:
    """A task that one holder at a time may do.

    A holder that dies is followed by another one when its time is over. Clocks of hosts may differ by less than that.

    Args:
        name: of the task.
        seconds: how long a holder may keep it without asking again.
    """

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._milliseconds = int(seconds * 1000)
        self._holder = f"{socket.gethostname()[:100]}-{os.getpid()}-{uuid.uuid4().hex}"

    def take(self, connection: Connection) -> bool:
        """Take or prolong the lease; False when another one holds it. In a job that writes."""
        time = now()
        connection.execute(insert_missing(connection, leases), {"name": self._name, "holder": "", "expires": 0})
        free = sa.or_(leases.c.holder == self._holder, leases.c.expires < time)
        taken = sa.update(leases).where(leases.c.name == self._name, free)
        taken = taken.values(holder=self._holder, expires=time + self._milliseconds)
        return connection.execute(taken).rowcount == 1

    def give_back(self, connection: Connection) -> None:
        """Let others take it at once."""
        own = sa.and_(leases.c.name == self._name, leases.c.holder == self._holder)
        connection.execute(sa.update(leases).where(own).values(expires=0))
