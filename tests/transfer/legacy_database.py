"""Databases as MLflow laid them out at several times, filled with the same content as far as each could hold it."""

from typing import Any, NamedTuple

import sqlalchemy as sa

TEXT = sa.String(250)


class Era(NamedTuple):
    """What a schema had: the revision MLflow noted, and which later columns and tables."""

    revision: str
    steps: bool = True
    nan: bool = True
    experiment_tags: bool = True
    times: bool = True
    deleted_time: bool = True
    inputs: bool = True
    workspace: bool = True


ERAS = {
    "first": Era("451aebb31d03", False, False, False, False, False, False, False),
    "steps": Era("89d4b8295536", True, False, False, False, False, False, False),
    "1.x": Era("84291f40a231", True, True, True, False, False, False, False),
    "2.2": Era("cc1f77228345", True, True, True, True, True, False, False),
    "2.x": Era("3500859a5d39", True, True, True, True, True, True, False),
    "3.17": Era("dc11669786a5"),
}

PARENT, CHILD, GONE, RUNNING = "a" * 32, "b" * 32, "c" * 32, "d" * 32
LONG = "x" * 5000
POINTS: list[tuple[str, str, int, int, float, bool]] = [
    *((PARENT, "loss", step, 1_700_000_000_000 + step, 1 / (step + 1), False) for step in range(50)),
    *((PARENT, "val/acc", -step, 1_700_000_000_500 + step, step / 10, False) for step in range(5)),
    (PARENT, "odd", 0, 1_700_000_000_000, 0.0, True),
    (PARENT, "odd", 1, 1_700_000_000_000, 1.7976931348623157e308, False),
    (PARENT, "odd", 2, 1_700_000_000_000, -1.7976931348623157e308, False),
    (PARENT, "odd", 3, 1_700_000_000_000, 1e-300, False),
    (CHILD, "loss", 0, 1_700_000_001_000, 3.0, False),
    (GONE, "m", 0, 1_700_000_002_000, 1.0, False),
]


def tables(era: Era) -> sa.MetaData:
    """The tables of an era, as SQLAlchemy makes them on any database."""
    metadata = sa.MetaData()

    def table(name: str, *columns: sa.Column[Any] | None) -> None:
        sa.Table(name, metadata, *(column for column in columns if column is not None))

    def later(there: bool, name: str, kind: Any) -> sa.Column[Any] | None:
        return sa.Column(name, kind) if there else None

    table("alembic_version", sa.Column("version_num", sa.String(32), primary_key=True))
    table(
        "experiments",
        sa.Column("experiment_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(256), unique=True, nullable=False),
        sa.Column("artifact_location", sa.String(256)),
        sa.Column("lifecycle_stage", sa.String(32)),
        later(era.times, "creation_time", sa.BigInteger),
        later(era.times, "last_update_time", sa.BigInteger),
        later(era.workspace, "workspace", sa.String(63)),
    )
    table(
        "runs",
        sa.Column("run_uuid", sa.String(32), primary_key=True),
        *(sa.Column(name, TEXT) for name in ("name", "source_type", "source_name", "entry_point_name", "user_id")),
        sa.Column("status", sa.String(20)),
        sa.Column("start_time", sa.BigInteger),
        sa.Column("end_time", sa.BigInteger),
        later(era.deleted_time, "deleted_time", sa.BigInteger),
        *(sa.Column(name, TEXT) for name in ("source_version", "lifecycle_stage", "artifact_uri")),
        sa.Column("experiment_id", sa.Integer),
    )
    for name in ("tags", "params"):
        table(
            name,
            sa.Column("key", TEXT, primary_key=True),
            sa.Column("value", sa.Text),
            sa.Column("run_uuid", sa.String(32), primary_key=True),
        )
    table(
        "metrics",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("value", sa.Double(), primary_key=True),
        sa.Column("timestamp", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("run_uuid", sa.String(32), primary_key=True),
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False) if era.steps else None,
        sa.Column("is_nan", sa.Boolean, primary_key=True) if era.nan else None,
    )
    if era.experiment_tags:
        table(
            "experiment_tags",
            sa.Column("key", TEXT, primary_key=True),
            sa.Column("value", sa.Text),
            sa.Column("experiment_id", sa.Integer, primary_key=True, autoincrement=False),
        )
    if era.inputs:
        table(
            "datasets",
            sa.Column("dataset_uuid", sa.String(36), primary_key=True),
            sa.Column("experiment_id", sa.Integer),
            *(sa.Column(name, TEXT) for name in ("name", "digest", "dataset_source_type")),
            *(sa.Column(name, sa.Text) for name in ("dataset_source", "dataset_schema", "dataset_profile")),
        )
        table(
            "inputs",
            sa.Column("input_uuid", sa.String(36), primary_key=True),
            *(sa.Column(name, TEXT) for name in ("source_type", "source_id", "destination_type", "destination_id")),
            later(era.workspace, "step", sa.BigInteger),
        )
        table(
            "input_tags",
            sa.Column("input_uuid", sa.String(36), primary_key=True),
            sa.Column("name", TEXT, primary_key=True),
            sa.Column("value", TEXT),
        )
    if era.workspace:
        table("registered_models", sa.Column("name", TEXT, primary_key=True))
    return metadata


def make(uri: str, era: Era = ERAS["3.17"]) -> None:
    """Make a database of an era with two experiments in use, one in the trash, and four runs."""
    engine = sa.create_engine(uri)
    metadata = tables(era)
    metadata.create_all(engine)
    with engine.begin() as connection:

        def insert(table: str, *rows: dict[str, Any]) -> None:
            if table not in metadata.tables:
                return
            columns = metadata.tables[table].columns.keys()
            for row in rows:
                given = {name: value for name, value in row.items() if name in columns}
                connection.execute(sa.insert(metadata.tables[table]), given)

        insert("alembic_version", {"version_num": era.revision})
        insert("experiments", _experiment(0, "Default"), _experiment(7, "sweep/ünï"), _experiment(9, "gone", "deleted"))
        insert("experiment_tags", {"experiment_id": 7, "key": "team", "value": "vision"})
        insert(
            "runs",
            _run(PARENT, "parent"),
            _run(CHILD, "child", start_time=1_700_000_001_000),
            _run(GONE, "lost", lifecycle_stage="deleted", deleted_time=1_700_000_009_000, experiment_id=9),
            _run(RUNNING, "running", status="RUNNING", end_time=None),
        )
        insert(
            "params",
            {"run_uuid": PARENT, "key": "lr", "value": "0.1"},
            {"run_uuid": PARENT, "key": "model/depth", "value": "3"},
            {"run_uuid": PARENT, "key": "long", "value": LONG},
            {"run_uuid": PARENT, "key": "text", "value": "line one\nline 日本"},
        )
        insert(
            "tags",
            {"run_uuid": PARENT, "key": "mlflow.runName", "value": "parent"},
            {"run_uuid": CHILD, "key": "mlflow.parentRunId", "value": PARENT},
            {"run_uuid": CHILD, "key": "none", "value": None},
        )
        for run, key, step, timestamp, value, is_nan in POINTS:
            point = {"run_uuid": run, "key": key, "step": step, "timestamp": timestamp, "value": value}
            insert("metrics", point | {"is_nan": is_nan})
        insert(
            "datasets",
            {
                "dataset_uuid": "ds",
                "experiment_id": 7,
                "name": "grid",
                "digest": "92a7ac9c",
                "dataset_source_type": "code",
                "dataset_source": "{}",
                "dataset_schema": None,
                "dataset_profile": '{"rows": 3}',
            },
        )
        insert(
            "inputs",
            _link("i1", "DATASET", "ds", "RUN", PARENT),
            _link("i2", "RUN_INPUT", PARENT, "MODEL_INPUT", "m-1"),
            _link("i3", "RUN_OUTPUT", PARENT, "MODEL_OUTPUT", "m-2") | {"step": 4},
        )
        insert("input_tags", {"input_uuid": "i1", "name": "mlflow.data.context", "value": "training"})
        insert("registered_models", {"name": "classifier"})
    engine.dispose()


def add_run(uri: str, run_id: str, points: int, era: Era = ERAS["3.17"]) -> None:
    """Add a run with a metric of so many points."""
    engine = sa.create_engine(uri)
    metadata = tables(era)
    with engine.begin() as connection:
        connection.execute(sa.insert(metadata.tables["runs"]), _run(run_id, run_id[:8]))
        rows = [
            {
                "run_uuid": run_id,
                "key": "m",
                "step": i,
                "timestamp": 1_700_000_000_000 + i,
                "value": i % 97,
                "is_nan": 0,
            }
            for i in range(points)
        ]
        if rows:
            connection.execute(sa.insert(metadata.tables["metrics"]), rows)
    engine.dispose()


def _experiment(number: int, name: str, stage: str = "active") -> dict[str, Any]:
    return {
        "experiment_id": number,
        "name": name,
        "artifact_location": f"/old/mlruns/{number}",
        "lifecycle_stage": stage,
        "creation_time": 1_600_000_000_000,
        "last_update_time": 1_600_000_000_500,
        "workspace": "default",
    }


def _run(run_id: str, name: str, **others: Any) -> dict[str, Any]:
    run = {
        "run_uuid": run_id,
        "name": name,
        "source_type": "LOCAL",
        "source_name": "train.py",
        "entry_point_name": "",
        "user_id": "ada",
        "status": "FINISHED",
        "start_time": 1_700_000_000_000,
        "end_time": 1_700_000_005_000,
        "source_version": "",
        "lifecycle_stage": "active",
        "experiment_id": 7,
    }
    run |= others
    return run | {"artifact_uri": f"/old/mlruns/{run['experiment_id']}/{run_id}/artifacts"}


def _link(link: str, source_type: str, source: str, destination_type: str, destination: str) -> dict[str, Any]:
    return {
        "input_uuid": link,
        "source_type": source_type,
        "source_id": source,
        "destination_type": destination_type,
        "destination_id": destination,
        "step": 0,
    }
