"""The session, and stores to log to, of the tests of tracking."""

from tests.tracking.conftest import database, own_session, server

__all__ = ["database", "own_session", "server"]
