"""An experiment in process: a server's traffic without a server."""

import random
from pathlib import Path

from mlflow import MlflowClient
from mlflow.serving.ab.ledger import Reward
from mlflow.serving.ab.live import LiveExperiment
from mlflow.serving.ab.plan import collect_plan
from mlflow.serving.ab.records import Command
from mlflow.serving.traffic.observations import Observation
from mlflow.serving.traffic.routes import collect_routes
from mlflow.serving.traffic.state import State, now_ms
from mlflow.serving.traffic.traffic import Traffic

ROUTES = ("champion=one:50", "challenger=two:50")


class Site:
    """A server's traffic and experiment without a server: requests are chosen for, answered and rewarded."""

    def __init__(
        self,
        folder: Path | None,
        routes: tuple[str, ...] = ROUTES,
        keep: int = 100_000,
        logged: bool = False,
        **told: object,
    ) -> None:
        self.traffic = Traffic(collect_routes(routes=routes), State.open(folder))
        self.versions = {route.name: str(place) for place, route in enumerate(self.traffic.answering, 1)}
        plan = collect_plan(**told)  # type: ignore[arg-type]  # tests give what the command does
        assert plan is not None
        self.live = LiveExperiment(plan, self.traffic, lambda: self.versions, keep, slowest=300.0, logged=logged)
        self.random = random.Random(1)
        self.requests = 0

    def answer(
        self, name: str | None = None, *, failed: bool = False, seconds: float = 0.01, **how: object
    ) -> tuple[str, str]:
        """Answer a request; its id, and who did."""
        self.requests += 1
        request = f"{self.random.getrandbits(128):032x}"
        variant = name or self.traffic.choose(request)
        seen = {
            "request_id": request,
            "variant": variant,
            "version": self.versions[variant],
            "seconds": seconds,
            "status": 500 if failed else 200,
            "failed": failed,
            "at": now_ms(),
            "key": request,
            "addressed": False,
            "media_type": "application/json",
            "body": b"{}",
            "answer": b"{}",
        }
        self.traffic.tell(Observation(**{**seen, **how}))  # type: ignore[arg-type]  # the names above are its own
        return request, variant

    def visit(self, rates: dict[str, float], requests: int) -> None:
        """Answer requests whose users convert at these rates, and decide."""
        answered = [self.answer() for _ in range(requests)]
        self.traffic.tick()
        rewards = [Reward(request, float(self.random.random() < rates[name])) for request, name in answered]
        assert set(self.live.reward(rewards)) == {"counted"}
        self.live.decider.look()

    def shown(self, name: str) -> dict[str, object]:
        return next(shown for shown in self.live.status()["variants"] if shown["variant"] == name)

    def do(self, verb: str, **how: str) -> None:
        """Ask for something as an operator does, from another thread than that which decides."""
        self.live.decider.start()
        self.live.ask(Command(verb, **how))  # type: ignore[arg-type]  # a verb

    def close(self) -> None:
        self.live.close()
        self.traffic.close()


def registered(name: str, place: str = "") -> tuple[MlflowClient, tuple[str, str]]:
    """A model with two versions and two aliases, and routes to it."""
    client = MlflowClient()
    client.create_registered_model(name)
    for source in ("one", "two"):
        client.create_model_version(name, f"{place or Path.cwd()}/{source}")
    client.set_registered_model_alias(name, "champion", 1)
    client.set_registered_model_alias(name, "challenger", 2)
    return client, (f"champion=models:/{name}@champion:50", f"challenger=models:/{name}@challenger:50")
