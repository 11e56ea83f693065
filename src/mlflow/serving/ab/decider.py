"""The one process that decides: it counts rewards, judges, and does what follows."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceConflict
from mlflow.serving.ab.assigned import take_assigned
from mlflow.serving.ab.database import Database, Leadership
from mlflow.serving.ab.errands import Errands
from mlflow.serving.ab.experiment import Contestant, Experiment, begun
from mlflow.serving.ab.findings import conclusion_of, evidence_of, finding_of, route_of
from mlflow.serving.ab.judgement import HELD, Comparison, Step, compare, next_step
from mlflow.serving.ab.ledger import Ledger
from mlflow.serving.ab.outbox import Finding, Message, Outbox, waits
from mlflow.serving.ab.promotion import Promotion
from mlflow.serving.ab.ratio import Division
from mlflow.serving.ab.records import Command, CommandAnswer, Records, keep
from mlflow.serving.ab.registry import Registry
from mlflow.serving.ab.results import Results
from mlflow.serving.ab.sequential import Difference
from mlflow.serving.traffic.ramps import with_share
from mlflow.serving.traffic.state import Event, now_ms
from mlflow.serving.traffic.traffic import Traffic

__all__ = ["Decider", "Versions"]

_LOG = logging.getLogger(__name__)
_LOOK = 0.25  # seconds between two looks
_AFTER_FAILURE = 2.0  # seconds, so that the log stays readable
_AGAIN = 10.0  # seconds until a rule asks the registry again that could not be reached
_UNTIL_KEPT = 2.0  # seconds until every process has kept what it answered
_LAST_ERRANDS = 5.0  # seconds that they get when the server stops

Versions = Callable[[], Mapping[str, str]]
"""Tells which version answers for each variant now."""


class Decider:
    """Looks several times a second, once no other process of the server does.

    Args:
        traffic: what is decided about.
        database: of the experiment.
        records: the experiments.
        ledger: what was answered and earned.
        versions: tells which version answers for each variant.
        slowest: seconds within which each request is answered, or has failed.
        logged: whether results are logged to the tracking server.
    """

    def __init__(
        self,
        traffic: Traffic,
        database: Database,
        records: Records,
        ledger: Ledger,
        versions: Versions,
        *,
        slowest: float,
        logged: bool,
    ) -> None:
        self._traffic, self._database, self._records, self._ledger = traffic, database, records, ledger
        self._versions, self._logged = versions, logged
        self._registry, self._results = Registry(), Results()
        self._errands, self._promoting = Errands(), Errands()
        self._promotion: Promotion | None = None
        self._outbox = Outbox(database, self._send)
        self._leadership = Leadership(traffic.state.folder)
        self._now: tuple[int, Experiment] | None = None
        self._again = 0.0
        self._patience = round((slowest + _UNTIL_KEPT) * 1000)
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look, in a thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mlflow-ab", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Look no more, and let another process decide; what no server has taken yet stays for the next start."""
        if self._ending.is_set():
            return
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_LAST_ERRANDS)
        if self._leadership.take() and self._outbox.is_due():
            self._errands.give(self._outbox.deliver)
        self._errands.close(_LAST_ERRANDS)
        self._promoting.close(0.0)
        self._leadership.close()

    def look(self) -> None:
        """Look once: count, judge, and do what follows."""
        if not self._leadership.take():
            return
        try:
            self._look()
        except Exception:
            self._now = None  # what is in memory may be ahead of what was kept
            raise

    def _run(self) -> None:
        while not self._ending.wait(_LOOK):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - a full disk must not end what comes after
                _LOG.exception("Looking after the A/B test failed.")
                self._ending.wait(_AFTER_FAILURE)

    def _look(self) -> None:
        if self._errands.is_idle and self._outbox.is_due():
            self._errands.give(self._outbox.deliver)
        if self._now is None:
            self._now = self._records.newest()
            if self._now is None:
                return
            self._results = Results(self._now[1].runs)
        number, experiment = self._now
        if self._see_versions(experiment):
            self._records.keep(number, experiment)
        self._count(number, experiment)
        self._see_division(number, experiment)
        if self._promotion is not None and self._promotion.is_over:
            self._settle(number, experiment, self._promotion)
        comparisons = self._compared(number, experiment)
        for asked, command in self._records.asked():
            if self._has_to_wait(command.verb, command.variant):
                continue
            answer = self._obeyed(asked, command, comparisons)
            if answer is not None:
                self._records.answer(asked, answer)
            if not self._holds(number):
                return  # another experiment has begun, about which these figures say nothing
        if not experiment.ended:
            step = next_step(experiment, comparisons, self._traffic.weights)
            early = step is not None and step.kind == "promote" and time.monotonic() < self._again
            if step is not None and not early and not self._has_to_wait(step.kind, step.variant):
                self._take(number, experiment, step, comparisons)
        self._hand_over(experiment)
        if not experiment.ended and self._results.is_due() and self._errands.is_idle:
            self._log(number, experiment, comparisons)
        if experiment.runs is not self._results.runs:
            experiment.runs = self._results.runs
            self._records.keep(number, experiment, conclusion_of(experiment))

    def _has_to_wait(self, kind: str, variant: str) -> bool:
        """Whether something can be done only when the registry has said whether a challenger may have the alias."""
        if self._promotion is None:
            return False
        return kind not in ("rollback", "ramp") or variant in ("", self._promotion.variant)

    def _holds(self, number: int) -> bool:
        """Whether that is still the experiment in memory."""
        return self._now is not None and self._now[0] == number

    def _log(self, number: int, experiment: Experiment, comparisons: Mapping[str, Comparison]) -> None:
        if not self._logged:
            return
        results, found, weights = self._results, list(comparisons.values()), self._traffic.weights
        split = experiment.division.shown()
        self._errands.give(lambda: results.log(number, experiment, found, weights, split))

    def _count(self, number: int, experiment: Experiment) -> None:
        window = experiment.plan.window
        with self._database.transaction() as connection:
            arrivals = self._ledger.arrivals(connection, number)
            if window is not None and not experiment.ended:
                arrivals += self._ledger.settle(connection, number, now_ms() - round(window * 1000))
            experiment.take(arrivals)
            since, division = experiment.division.since, experiment.division
            assigned = take_assigned(connection, number, since, now_ms() - self._patience)
            division.take(assigned)
            if arrivals or assigned:
                keep(connection, number, experiment)

    def _see_division(self, number: int, experiment: Experiment) -> None:
        """Note once that requests are not divided as the weights say, and once that they are again."""
        division = experiment.division
        if division.fits != division.told:
            return
        division.told = not division.fits
        self._records.keep(number, experiment)
        shown = division.shown()
        held = f"{shown['message']} {HELD}"
        self._note("split", "", held if division.told else "Requests are divided as the weights say again.", shown)

    def _see_versions(self, experiment: Experiment) -> bool:
        """Begin anew to compare where another version answers than so far; whether there is one."""
        versions, changed = self._versions(), False
        for one in experiment.running:
            now = versions[one.name], versions[experiment.control.name]
            if one.version != now:
                if any(one.version):
                    message = "Another version answers; rewards are compared from here on."
                    self._traffic.state.note(Event(kind="versions", variant=one.name, message=message))
                    experiment.division = Division(since=now_ms())
                one.version, one.difference, one.rewards_at_step = now, Difference(), 0
                changed = True
        return changed

    def _compared(self, number: int, experiment: Experiment) -> dict[str, Comparison]:
        tallies = self._ledger.tallies(number)
        return {one.name: compare(experiment, one, tallies) for one in experiment.contestants}

    # What operators ask

    def _obeyed(self, asked: int, command: Command, comparisons: Mapping[str, Comparison]) -> CommandAnswer | None:
        """How it went; None while it goes on."""
        try:
            self._obey(asked, command, comparisons)
        except MlflowException as exc:
            return CommandAnswer(exc.error_code, exc.message)
        except Exception as exc:  # noqa: BLE001 - told to who asked, who would else have it tried for ever
            _LOG.exception("'%s' failed.", command.verb)
            self._now = None  # what is in memory may be ahead of what was kept
            return CommandAnswer("INTERNAL_ERROR", f"'{command.verb}' failed: {type(exc).__name__}. See the log.")
        return CommandAnswer() if self._promotion is None or self._promotion.command != asked else None

    def _obey(self, asked: int, command: Command, comparisons: Mapping[str, Comparison]) -> None:
        assert self._now is not None
        number, experiment = self._now
        if command.verb == "start":
            if not experiment.ended:
                raise ResourceConflict(f"Experiment {number} goes on. Stop it first.")
            self._begin(experiment, command.reason)
            return
        if experiment.ended:
            outcome = experiment.outcome.rstrip(".")
            raise ResourceConflict(f"Experiment {number} is over: {outcome}. Start another one first.")
        if command.verb == "stop":
            self._end(number, experiment, command.reason)
            return
        chosen = _chosen(experiment, command.variant)
        self._take(number, experiment, Step(command.verb, chosen.name, command.reason), comparisons, asked)

    def _begin(self, old: Experiment, reason: str) -> None:
        self._traffic.set_weights(old.routes.weights, reason)
        experiment = begun(old.plan, old.routes, now_ms())
        self._see_versions(experiment)
        self._now, self._results = (self._records.begin(experiment), experiment), Results()
        self._note("start", "", "A new A/B test begins.", {})

    # What follows

    def _take(
        self,
        number: int,
        experiment: Experiment,
        step: Step,
        comparisons: Mapping[str, Comparison],
        asked: int | None = None,
    ) -> None:
        one = experiment.contestant(step.variant)
        if one is None:
            self._end(number, experiment, step.reason, all_to_control=True)
            return
        found = comparisons[one.name]
        if step.kind == "promote":
            self._ask_for_alias(experiment, one, step.reason, found, asked)
        elif step.kind == "rollback":
            self._roll_back(number, experiment, one, step.reason, found)
        else:
            self._climb(number, experiment, one, step, found)

    def _climb(self, number: int, experiment: Experiment, one: Contestant, step: Step, found: Comparison) -> None:
        evidence = evidence_of(experiment, found)
        self._traffic.set_weights(with_share(self._traffic.weights, one.name, step.share), step.reason, evidence)
        one.step += 1
        one.rewards_at_step = found.figures.rewards
        reason = f"{step.reason} It now gets {step.share:g} % of the traffic."
        self._records.keep(number, experiment, finding_of(experiment, one, True, reason, evidence))
        self._note("ramp", one.name, reason, evidence)

    def _roll_back(self, number: int, experiment: Experiment, one: Contestant, reason: str, found: Comparison) -> None:
        evidence = evidence_of(experiment, found)
        weights = self._traffic.weights
        weights[experiment.control.name] += weights[one.name]
        weights[one.name] = 0.0
        if not sum(weights.values()):
            weights[experiment.control.name] = 100.0
        self._traffic.set_weights(weights, reason, evidence)
        one.standing = "rolled_back"
        told = finding_of(experiment, one, False, f"Rolled back: {reason}", evidence)
        self._records.keep(number, experiment, told)
        self._note("rollback", one.name, reason, evidence)

    def _ask_for_alias(
        self, experiment: Experiment, one: Contestant, reason: str, found: Comparison, asked: int | None
    ) -> None:
        control, challenger, version = experiment.control, route_of(experiment, one), found.figures.version
        self._promotion = Promotion(
            one.name,
            reason,
            evidence_of(experiment, found),
            asked,
            lambda: self._registry.promote(control, challenger, version),
        )
        self._promoting.give(self._promotion.run)

    def _settle(self, number: int, experiment: Experiment, over: Promotion) -> None:
        """Do what follows from what the registry said."""
        one = experiment.contestant(over.variant)
        assert one is not None
        if over.failure is None:
            self._promote(number, experiment, one, over)
        elif waits(over.failure):
            self._wait_for_registry(number, experiment, over, over.failure)
        else:
            self._refuse(number, experiment, one, over, over.failure)
        self._promotion = None
        if over.command is not None:
            failure = over.failure
            self._records.answer(
                over.command, CommandAnswer() if failure is None else CommandAnswer(failure.error_code, failure.message)
            )

    def _promote(self, number: int, experiment: Experiment, one: Contestant, over: Promotion) -> None:
        moved = f"Promoted to '{over.alias}': {over.reason}" if over.alias else f"All traffic is its: {over.reason}"
        self._all_to(one.name, over.reason, over.evidence)
        one.standing, experiment.problem = "promoted", ""
        self._records.keep(number, experiment, finding_of(experiment, one, True, moved, over.evidence))
        self._note("promote", one.name, moved, over.evidence)
        self._end(number, experiment, f"'{one.name}' won. {moved}")

    def _refuse(
        self, number: int, experiment: Experiment, one: Contestant, over: Promotion, failure: MlflowException
    ) -> None:
        one.standing, experiment.problem = "refused" if over.command is None else "running", ""
        self._records.keep(number, experiment)
        self._note("refused", one.name, f"The registry refuses the promotion: {failure.message}", over.evidence)

    def _wait_for_registry(
        self, number: int, experiment: Experiment, over: Promotion, failure: MlflowException
    ) -> None:
        if over.command is not None:
            return  # who asked is told, and may ask again
        self._again = time.monotonic() + _AGAIN
        if experiment.problem:
            return
        experiment.problem = f"'{over.variant}' is promoted once the registry can be reached: {failure.message}"
        self._records.keep(number, experiment)
        self._note("waits", over.variant, experiment.problem, over.evidence)

    def _end(self, number: int, experiment: Experiment, reason: str, *, all_to_control: bool = False) -> None:
        if all_to_control:
            self._all_to(experiment.control.name, reason, {})
        experiment.end(now_ms(), reason)
        self._log(number, experiment, self._compared(number, experiment))  # before the runs end
        experiment.runs = self._results.runs
        self._records.keep(number, experiment, conclusion_of(experiment))
        self._note("end", "", reason, {})

    def _hand_over(self, experiment: Experiment) -> None:
        """Have the control answer again once it has loaded the version that was promoted."""
        winner = next((one for one in experiment.contestants if one.standing == "promoted"), None)
        control = experiment.control.name
        if winner is None or self._traffic.weights[control] or self._versions()[control] != winner.version[0]:
            return
        self._all_to(control, f"'{control}' answers with the promoted version.", {})

    def _all_to(self, name: str, reason: str, evidence: Mapping[str, object]) -> None:
        weights = {other: 100.0 if other == name else 0.0 for other in self._traffic.weights}
        if weights != self._traffic.weights:
            self._traffic.set_weights(weights, reason, evidence)

    def _note(self, kind: str, variant: str, message: str, evidence: Mapping[str, object]) -> None:
        self._traffic.state.note(Event(kind=f"ab-{kind}", variant=variant, message=message, evidence=dict(evidence)))
        _LOG.warning("A/B test: %s%s", f"'{variant}': " if variant else "", message)

    def _send(self, message: Message) -> None:
        if isinstance(message, Finding):
            self._registry.note(message)
        else:
            self._results.end(message)


def _chosen(experiment: Experiment, name: str) -> Contestant:
    """The challenger that an operator means."""
    names = [one.name for one in experiment.running]
    wanted = name or (names[0] if len(names) == 1 else "")
    found = experiment.contestant(wanted)
    if found is None or wanted not in names:
        listed = " or ".join(names)
        raise InvalidParameterValue(f"'{name}' is no challenger about which nothing is decided. Choose {listed}.")
    return found
