"""The tables of a tracking database, for every kind of database.

Users know experiments by `experiments.id` and runs by `runs.run_id`; inside, a run is its integer `runs.id`, which the
others call `run`. `experiment_id` is repeated in params, tags and summaries, so that one index answers a condition on a
key of an experiment. Times are UTC milliseconds. There are no foreign keys: whoever writes below a run locks the run's
row first (`runs.lock_run`), which keeps out orphans and deadlocks alike.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, Table, UniqueConstraint

from mlflow.sql.column_types import Bytes, Id, Name, Real, Words

__all__ = [
    "VALUE_HEAD",
    "blocks",
    "changes",
    "datasets",
    "experiment_tags",
    "experiments",
    "input_tags",
    "inputs",
    "journals",
    "keys",
    "leases",
    "metadata",
    "model_inputs",
    "outputs",
    "params",
    "run_docs",
    "runs",
    "segments",
    "summaries",
    "tags",
]

VALUE_HEAD = 64
"""Characters of a param's or tag's value that are indexed."""

metadata = MetaData()

experiments = Table(
    "experiments",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("workspace", Name(63), nullable=False),
    Column("name", Name(500), nullable=False),
    Column("artifact_location", Words, nullable=False),
    Column("deleted", SmallInteger, nullable=False),  # 0 or 1
    Column("deleted_time", BigInteger),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    UniqueConstraint("workspace", "name"),
    Index("experiments_by_time", "workspace", "deleted", sa.text("creation_time DESC"), "id"),
    sqlite_autoincrement=True,  # the id of a collected experiment never comes back
)

experiment_tags = Table(
    "experiment_tags",
    metadata,
    Column("experiment_id", Id, primary_key=True, autoincrement=False),
    Column("name", Name(500), primary_key=True),
    Column("value", Words, nullable=False),
    sqlite_with_rowid=False,
)

runs = Table(
    "runs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("workspace", Name(63), nullable=False),
    Column("run_id", Name(256), nullable=False),
    Column("experiment_id", Id, nullable=False),
    Column("name", Words, nullable=False),
    Column("user_id", Words, nullable=False),
    Column("status", Name(16), nullable=False),
    Column("start_time", BigInteger, nullable=False),
    Column("end_time", BigInteger),
    Column("deleted", SmallInteger, nullable=False),  # 0 or 1
    Column("deleted_time", BigInteger),
    Column("artifact_uri", Words, nullable=False),
    Column("last_heartbeat", BigInteger),
    Column("version", BigInteger, nullable=False),  # grows with every change of what a reader sees
    UniqueConstraint("workspace", "run_id"),
    Index("runs_by_start", "experiment_id", "deleted", sa.text("start_time DESC"), "run_id"),
    sqlite_autoincrement=True,
)

run_docs = Table(  # the run as JSON; it counts while its version is that of the run
    "run_docs",
    metadata,
    Column("run", Id, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("doc", Bytes, nullable=False),
)

keys = Table(  # names of metrics, params and tags
    "keys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Name(6), nullable=False),  # metric, param, tag
    Column("name", Name(500), nullable=False),
    UniqueConstraint("kind", "name"),
)


def _values(name: str) -> Table:
    """A table of texts by run and key."""
    number = Column("number", Real)  # the value as a number where it is one
    by_number = Index(f"{name}_by_number", "experiment_id", "key_id", "number", "run", sqlite_where=number.is_not(None))
    table = Table(
        name,
        metadata,
        Column("run", Id, primary_key=True, autoincrement=False),
        Column("key_id", Integer, primary_key=True, autoincrement=False),
        Column("experiment_id", Id, nullable=False),
        Column("head", Name(VALUE_HEAD), nullable=False),  # the value's first characters
        number,
        Column("value", Words, nullable=False),
        Index(f"{name}_by_value", "experiment_id", "key_id", "head", "run"),
        by_number,
        sqlite_with_rowid=False,
    )

    def leave_words_out(_table: Table, connection: sa.Connection, **_: object) -> None:
        if connection.dialect.name == "postgresql":  # saying so above would load that dialect in every process
            by_number.dialect_options["postgresql"]["where"] = number.is_not(None)

    sa.event.listen(table, "before_create", leave_words_out)
    return table


params = _values("params")
tags = _values("tags")

blocks = Table(  # points as they arrived, not yet in segments and summaries
    "blocks",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("run", Id, nullable=False),
    Column("n", Integer, nullable=False),
    Column("data", Bytes, nullable=False),
    Index("blocks_by_run", "run", "id"),
    sqlite_autoincrement=True,
)

segments = Table(  # points of one series in storage order, by ordinals from 0; one point alone is its summary
    "segments",
    metadata,
    Column("run", Id, primary_key=True, autoincrement=False),
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("min_step", BigInteger, nullable=False),
    Column("max_step", BigInteger, nullable=False),
    Column("min_timestamp", BigInteger, nullable=False),
    Column("max_timestamp", BigInteger, nullable=False),
    Column("outline", Bytes, nullable=False),  # before the data, for databases read rows from the front
    Column("data", Bytes, nullable=False),
)

summaries = Table(  # one row a series; a value of None is NaN
    "summaries",
    metadata,
    Column("run", Id, primary_key=True, autoincrement=False),
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("experiment_id", Id, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("nan_count", BigInteger, nullable=False),
    Column("latest_value", Real),
    Column("latest_step", BigInteger, nullable=False),
    Column("latest_timestamp", BigInteger, nullable=False),
    Column("first_value", Real),
    Column("first_step", BigInteger, nullable=False),
    Column("first_timestamp", BigInteger, nullable=False),
    Column("min_value", Real),
    Column("min_step", BigInteger),
    Column("max_value", Real),
    Column("max_step", BigInteger),
    Column("mean", Real),
    Column("mean_residue", Real, nullable=False),
    Column("last_timestamp", BigInteger, nullable=False),
    Index("summaries_by_value", "experiment_id", "key_id", "latest_value", "run"),
    sqlite_with_rowid=False,
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("experiment_id", Id, nullable=False),
    Column("name", Name(500), nullable=False),
    Column("digest", Name(36), nullable=False),
    Column("source_type", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("schema", Words),
    Column("profile", Words),
    UniqueConstraint("experiment_id", "name", "digest"),
)

inputs = Table(
    "inputs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("run", Id, nullable=False),
    Column("dataset", Id, nullable=False),
    UniqueConstraint("run", "dataset"),
    Index("inputs_by_dataset", "dataset", "run"),
)

input_tags = Table(
    "input_tags",
    metadata,
    Column("input", Id, primary_key=True, autoincrement=False),
    Column("name", Name(255), primary_key=True),
    Column("value", Name(500), nullable=False),
    sqlite_with_rowid=False,
)

model_inputs = Table(
    "model_inputs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("run", Id, nullable=False),
    Column("model_id", Name(256), nullable=False),
    UniqueConstraint("run", "model_id"),
)

outputs = Table(
    "outputs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("run", Id, nullable=False),
    Column("model_id", Name(256), nullable=False),
    Column("step", BigInteger, nullable=False),
    UniqueConstraint("run", "model_id"),
)

journals = Table(  # how far each client's journal has been applied
    "journals",
    metadata,
    Column("workspace", Name(63), primary_key=True),
    Column("id", Name(256), primary_key=True),
    Column("applied", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("rejected", Bytes, nullable=False),  # msgpack: what was refused since the client's last offset
)

changes = Table(  # what happened, for live views
    "changes",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=True),
    Column("kind", Name(16), nullable=False),
    Column("experiment_id", Id, nullable=False),
    Column("run", Id),
    Column("data", Bytes, nullable=False),  # JSON
    Column("time", BigInteger, nullable=False),
    Index("changes_by_experiment", "experiment_id", "seq"),
    sqlite_autoincrement=True,
)

# On PostgreSQL a number tells its transaction, so that readers know which ones may still come (changes.py)
_BY_TRANSACTION = "(txid_current() << 16) | (nextval('changes_seq_seq') & 65535)"
_numbered = sa.DDL(  # type: ignore[no-untyped-call]  # sqlalchemy's constructor lacks a return type
    f"ALTER TABLE changes ALTER COLUMN seq SET DEFAULT {_BY_TRANSACTION}"
)
sa.event.listen(changes, "after_create", _numbered.execute_if(dialect="postgresql"))

leases = Table(  # who may do a background task until when
    "leases",
    metadata,
    Column("name", Name(256), primary_key=True),
    Column("holder", Name(256), nullable=False),
    Column("expires", BigInteger, nullable=False),
)
