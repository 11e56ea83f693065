"""Reading a store that MLflow wrote into a database of ours.

Each run comes in one transaction with all it has. So a migration that was killed is begun again and goes on with the
runs that are missing, and one that is repeated brings what is new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from mlflow.artifacts.paths import Location
from mlflow.contract.caller import DEFAULT_WORKSPACE
from mlflow.exceptions import DataLoss, MlflowException, ResourceConflict
from mlflow.sql.bulk_experiments import place_experiment
from mlflow.sql.bulk_load import BulkLoad
from mlflow.sql.bulk_logged_models import LoggedModelRecord, load_logged_model
from mlflow.sql.bulk_records import Counts, ExperimentRecord, RunRecord
from mlflow.sql.bulk_registry import ModelRecord, VersionRecord, load_model
from mlflow.sql.engine import Database
from mlflow.transfer.artifact_copies import copy_artifacts
from mlflow.transfer.moved_places import MovedPlaces, run_ids_in
from mlflow.transfer.progress import Progress, silent
from mlflow.transfer.source import Source

__all__ = ["Artifacts", "Migration", "migrate"]

Artifacts = Literal["reference", "copy"]

_MOST_POINTS = 500_000  # that are held in memory
_MOST_RUNS = 500  # in one transaction


class Migration(Struct, frozen=True):
    """What a migration did.

    Attributes:
        experiments: how many there are in the source.
        runs: how many there are in the source.
        read: runs that were read now.
        points: of metrics, in the runs that were read now.
        logged_models: how many were read now.
        models: how many registered models there are in the source.
        versions: versions of them that were read now.
        already_there: runs that were in the target before.
        new_experiment_ids: the id here of each experiment that could not keep its own.
        differing: runs that were in the target before, with less than the source has now.
        files_left: runs whose files could not be copied, each with the reason; they name their old place.
        left_out: what was not read, by kind.
    """

    experiments: int
    runs: int
    read: int
    points: int
    logged_models: int
    models: int
    versions: int
    already_there: int
    new_experiment_ids: dict[str, str]
    differing: list[str]
    files_left: dict[str, str]
    left_out: dict[str, int]


def migrate(
    source: Source, database: Database, artifact_root: str, artifacts: Artifacts = "reference", tell: Progress = silent
) -> Migration:
    """Read all experiments, runs, logged and registered models of a source into a database.

    Args:
        source: where from; it is not changed.
        database: where to; its tables are up to date.
        artifact_root: below it copied files are put.
        artifacts: "reference" lets runs, logged models and versions name the place where their files are, "copy" copies
            them.
        tell: told the runs done.

    Raises:
        DataLoss: the target has less than the source of a run that was read now.
        ResourceConflict: another migration writes the same runs.
    """
    return _Work(source, database, artifact_root, artifacts, tell).run()


class _Work:
    def __init__(
        self, source: Source, database: Database, artifact_root: str, artifacts: Artifacts, tell: Progress
    ) -> None:
        self._source = source
        self._database = database
        self._root = artifact_root
        self._copies = artifacts == "copy"
        self._tell = tell
        self._load = BulkLoad(database)
        self._placed: dict[str, int] = {}
        self._places = MovedPlaces()
        self._files_left: dict[str, str] = {}
        self._read = 0
        self._points = 0

    def run(self) -> Migration:
        experiments = _distinctly_named(self._source.experiments())
        for experiment in experiments:
            self._placed[experiment.experiment_id] = self._place(experiment)
        sizes = self._source.sizes(list(self._placed))
        before = set(self._load.present(sizes))
        done = len(before)
        self._tell(done, len(sizes))
        for run_ids in _batches({run_id: size for run_id, size in sizes.items() if run_id not in before}):
            self._load_runs(run_ids, giant=sizes[run_ids[0]] > _MOST_POINTS)
            done += len(run_ids)
            self._tell(done, len(sizes))
        logged = sum(self._load_logged_model(model) for model in self._source.logged_models())
        models = self._source.models()
        self._note_earlier_places(models, before)
        versions = sum(self._load_model(model) for model in models)
        return Migration(
            experiments=len(experiments),
            runs=len(sizes),
            read=self._read,
            points=self._points,
            logged_models=logged,
            models=len(models),
            versions=versions,
            already_there=len(before),
            new_experiment_ids={old: str(new) for old, new in self._placed.items() if old != str(new)},
            differing=self._verify(list(sizes), before),
            files_left=self._files_left,
            left_out=self._source.left_out(),
        )

    def _place(self, experiment: ExperimentRecord) -> int:
        record = replace(experiment, artifact_location="") if self._copies else experiment
        return self._database.write(
            lambda connection: place_experiment(connection, DEFAULT_WORKSPACE, record, self._root)
        )

    def _load_logged_model(self, model: LoggedModelRecord) -> bool:
        experiment = self._placed.get(model.experiment_id)
        if experiment is None:  # of a workspace that is not read
            return False
        place = f"{experiment}/models/{model.model_id}/artifacts"
        record = replace(model, artifact_location=self._copied(model.model_id, model.artifact_location, place))
        key_ids = self._database.keys.ensure("metric", {point.key for point in model.points})
        return self._database.write(
            lambda connection: load_logged_model(connection, DEFAULT_WORKSPACE, record, experiment, key_ids)
        )

    def _note_earlier_places(self, models: Sequence[ModelRecord], before: Collection[str]) -> None:
        """Find out where the files of those runs are that were there before, and that versions are of."""
        versions = [version for model in models for version in model.versions] if self._copies else []
        named = {run_id for version in versions for run_id in run_ids_in(version.storage_location)}
        for some in _chunks(sorted(named & set(before)), _MOST_RUNS):
            homes = self._load.artifact_uris(some)
            for record in self._source.runs(some):
                self._places.add(record.artifact_uri, homes[record.run_id])

    def _load_model(self, model: ModelRecord) -> int:
        record = replace(model, versions=[self._at_home(version) for version in model.versions])
        return self._database.write(lambda connection: load_model(connection, DEFAULT_WORKSPACE, record))

    def _at_home(self, version: VersionRecord) -> VersionRecord:
        """A version that names the place where its files are now."""
        source, location = self._places.now(version.source), self._places.now(version.storage_location)
        return replace(version, source=source, storage_location=location)

    def _load_runs(self, run_ids: Sequence[str], *, giant: bool) -> None:
        records = [self._with_files(record) for record in self._source.runs(run_ids)]
        readable = [record.run_id for record in records]
        self._read += len(readable)
        try:
            if giant:
                keys: Collection[str] = self._source.keys(run_ids[0])
                self._points += self._load.load(records, self._placed, keys, lambda: self._source.series_of(run_ids[0]))
            else:
                series = self._source.series(readable)
                self._points += self._load.load(records, self._placed, {each.key for each in series}, lambda: series)
        except IntegrityError as error:
            raise ResourceConflict(
                f"Another process writes some of the runs {', '.join(readable[:3])} … at the same time. Wait for it, "
                "then repeat the migration."
            ) from error

    def _with_files(self, record: RunRecord) -> RunRecord:
        """The record with its files copied, where they are to be."""
        place = f"{self._placed[record.experiment_id]}/{record.run_id}/artifacts"
        return replace(record, artifact_uri=self._copied(record.run_id, record.artifact_uri, place))

    def _copied(self, name: str, uri: str, place: str) -> str:
        """Where a run's or logged model's files are from now on: copied below the root if that is asked for."""
        if not self._copies or not uri:
            return uri
        target = f"{self._root.rstrip('/')}/{place}"
        try:
            if Location.parse(uri).scheme == "mlflow-artifacts":
                raise MlflowException("a server keeps them; copy the run with `mlflow runs import <its address>`")
            copy_artifacts(uri, target)
        except (MlflowException, OSError) as error:
            self._files_left[name] = str(error)
            return uri
        self._places.add(uri, target)
        return target

    def _verify(self, run_ids: Sequence[str], before: Collection[str]) -> list[str]:
        """Compare counts; answer the runs that were there before and have less than the source has now."""
        differing: list[str] = []
        for some in _chunks(run_ids, _MOST_RUNS):
            here = self._load.counts(some)
            there = self._source.counts(some)
            less = [run_id for run_id in there if here.get(run_id, Counts()).lacks(there[run_id])]
            lost = [run_id for run_id in less if run_id not in before]
            if lost:
                raise DataLoss(
                    f"Run '{lost[0]}' has {here.get(lost[0])} in the target and {there[lost[0]]} in the source. If a "
                    "program still writes to the source, stop it; delete the run in the target and repeat this."
                )
            differing += less
        return differing


def _distinctly_named(experiments: Sequence[ExperimentRecord]) -> list[ExperimentRecord]:
    """Experiments with names of their own: of two with one name the later one gets its id added."""
    taken: set[str] = set()
    named = []
    for experiment in experiments:
        name = experiment.name
        if name in taken:
            name = f"{name} ({experiment.experiment_id})"
        taken.add(name)
        named.append(replace(experiment, name=name))
    return named


def _batches(sizes: dict[str, int]) -> Iterator[list[str]]:
    """Runs in portions that fit in memory; a run that does not is alone."""
    some: list[str] = []
    held = 0
    for run_id, size in sizes.items():
        if some and (held + size > _MOST_POINTS or len(some) == _MOST_RUNS):
            yield some
            some, held = [], 0
        some.append(run_id)
        held += size
    if some:
        yield some


def _chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
