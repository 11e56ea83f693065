"""Which files Spark reads, as its own listener of queries tells: noted on the run that was open when it read them.

The listener is an object of Python that Spark's JVM calls back, so no JAR is needed.
"""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple

from mlflow.tracking.autologging.guard import logger

__all__ = ["READ_BY_SPARK", "Listener", "add_sources", "listen", "stop_listening", "take_unclaimed"]

READ_BY_SPARK = "sparkDatasourceInfo"
"""The tag: a line for each source, ``path=…,version=…,format=…``, in the order in which they were first read."""

_changing = threading.Lock()
_unclaimed: list[str] = []
_noted: dict[str, list[str]] = {}  # lines of the tag, by run id


class Listener:
    """Hears of each query that Spark has run.

    What it does is called by the JVM in a thread of its own, some moments after the query; an error there is logged.
    """

    def onSuccess(self, name: str, query: Any, nanoseconds: int) -> None:  # noqa: N802 - as the JVM calls it
        """A query has ended well.

        Args:
            name: of the action.
            query: its execution, an object of the JVM.
            nanoseconds: that it took.
        """
        if not _is_on:
            return
        try:
            lines = [source.line() for source in _sources(query.analyzed())]
            if lines:
                add_sources(lines, int(time.time() * 1000 - nanoseconds / 1e6), *_planned_at(query))
        except Exception:  # noqa: BLE001 - what is raised here would only stop Spark from telling more
            logger.warning("What Spark read could not be noted.", exc_info=True)

    def onFailure(self, name: str, query: Any, failure: Any) -> None:  # noqa: N802 - as the JVM calls it
        """A query has failed; nothing came of what it read."""

    class Java:
        """What py4j reads."""

        implements = ("org.apache.spark.sql.util.QueryExecutionListener",)


class _Source(NamedTuple):
    path: str
    format: str
    version: str | None = None

    def line(self) -> str:
        version = "" if self.version is None else f"version={self.version},"
        return f"path={self.path},{version}format={self.format}"


_listening: set[Any] = set()
_is_on = False


def listen(session: Any) -> None:
    """Have a session of Spark tell of its queries; once is enough."""
    global _is_on
    from pyspark.java_gateway import ensure_callback_server_started

    with _changing:
        _is_on = True
        if session in _listening:
            return
        ensure_callback_server_started(session.sparkContext._gateway)
        session._jsparkSession.listenerManager().register(Listener())
        _listening.add(session)


def stop_listening() -> None:
    """Note nothing from now on. The JVM goes on telling: it cannot be shown which of its proxies is meant."""
    global _is_on
    _is_on = False


def add_sources(lines: list[str], *began: int) -> None:
    """Note what was read on the run that was open then; where none was, the next one that starts takes it.

    Args:
        lines: of the tag.
        began: when reading began, in milliseconds since 1970: moments of which the first in a run counts.
    """
    from mlflow.tracking.session import session

    run = next((found for moment in began if (found := session.run_open_at(moment)) is not None), None)
    with _changing:
        if run is None:
            known = _unclaimed
        else:
            known = _noted.setdefault(run.run_id, run.data.tags.get(READ_BY_SPARK, "").splitlines())
        new = [line for line in dict.fromkeys(lines) if line not in known]
        known.extend(new)
        if run is not None and new:
            run.log.tags(run.run_id, {READ_BY_SPARK: "\n".join(known)})


def take_unclaimed() -> list[str]:
    """What was read while no run was open; the caller's from now on."""
    with _changing:
        taken = _unclaimed[:]
        _unclaimed.clear()
    return taken


def _planned_at(query: Any) -> list[int]:
    """When Spark planned a query, milliseconds since 1970.

    Reading began after that. When it is reckoned from the moment at which the listener hears of the query, it began as
    much too late as the machine is busy, perhaps when the run was over.
    """
    phase = query.tracker().phases().get("planning")
    return [int(phase.get().startTimeMs())] if phase.isDefined() else []


def _sources(plan: Any) -> list[_Source]:
    """The files and tables at the leaves of a query's plan."""
    leaves = plan.collectLeaves()
    return [source for at in range(leaves.size()) for source in _read_by(leaves.apply(at))]


def _read_by(leaf: Any) -> list[_Source]:
    if leaf.getClass().getSimpleName() != "LogicalRelation":  # made of rows in memory, or of another query's result
        return []
    relation = leaf.relation()
    if relation.getClass().getSimpleName() != "HadoopFsRelation":
        return []
    paths, form = relation.location().rootPaths(), relation.fileFormat().toString().lower()
    return [_Source(paths.apply(at).toString(), form) for at in range(paths.size())]
