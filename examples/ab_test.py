"""An A/B test that decides by itself: the better of two models is promoted, then a worse one is rolled back.

    python examples/ab_test.py --data ab-data [--svg figure.svg] [--quick]

A shop shows each visitor one of three offers. Models learn from past visits which offer a visitor likes, and visitors
buy more often when they are shown that one. The model that is served was trained long ago on little data. In the first
test a model of all data challenges it; in the second, one that learnt from a log whose labels were shifted by mistake.
A scoring server divides the visitors, joins their purchases to its answers, and moves the alias in the registry, or
not. Everything listens on 127.0.0.1, and everything is real but the visitors.
"""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

import mlflow
from mlflow import MlflowClient
from mlflow.serving.client import ServingClient

MODEL = "offers"
FEATURES = ["age", "visits", "basket", "hour"]
BUYS = {True: 0.3, False: 0.1}  # how often a visitor buys: shown the offer that they like, or another
BUYS_QUICKLY = {True: 0.7, False: 0.1}
START_SECONDS = 300
BATCH = 100


class Visitors:
    """People who like one of three offers, more or less as their features say."""

    def __init__(self, seed: int, buys: dict[bool, float]) -> None:
        self.random, self.buys = np.random.default_rng(seed), buys

    def come(self, number: int) -> tuple[pd.DataFrame, np.ndarray]:
        """Features of visitors, and the offer that each likes."""
        drawn = self.random.normal(size=(number, len(FEATURES)))
        likes = np.digitize(
            drawn[:, 0] * drawn[:, 1] + 0.8 * drawn[:, 2] + 0.2 * self.random.normal(size=number), [-0.4, 0.4]
        )
        return pd.DataFrame(drawn, columns=FEATURES), likes

    def buy(self, shown: int, likes: int) -> float:
        """1 for a purchase, 0 for none."""
        return float(self.random.random() < self.buys[shown == likes])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("ab-data"), help="where the database and the state are kept")
    parser.add_argument("--svg", type=Path, help="draw how the tests went into this file")
    parser.add_argument("--quick", action="store_true", help="visitors who make up their minds sooner")
    options = parser.parse_args()
    data = options.data.absolute()
    figure = options.svg.absolute() if options.svg else None
    data.mkdir(parents=True, exist_ok=True)
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{data / 'mlflow.db'}"
    visitors = Visitors(7, BUYS_QUICKLY if options.quick else BUYS)
    with contextlib.chdir(data):
        train(visitors)
        with serving(data) as url:
            results = [run_test(url, visitors, title) for title in ("a better model", "a worse model")]
    (data / "results.json").write_text(json.dumps(results, indent=2))
    if figure:
        figure.write_text(drawn(results))
    return 0 if [result["outcome"] for result in results] == ["promoted", "rolled back"] else 1


def train(visitors: Visitors) -> None:
    """Register three models: the one that is served, a better one, and a worse one."""
    mlflow.set_experiment("offers")
    features, likes = visitors.come(6_000)
    models = {
        "trained long ago": (LogisticRegression(), features[:200], likes[:200]),
        "trained on all data": (make_pipeline(PolynomialFeatures(2), LogisticRegression()), features, likes),
        "trained on shifted labels": (LogisticRegression(), features, (likes + 1) % 3),
    }
    fresh, liked = visitors.come(2_000)
    for name, (model, known, labels) in models.items():
        with mlflow.start_run(run_name=name):
            model.fit(known, labels)
            mlflow.log_metric("accuracy", float(np.mean(model.predict(fresh) == liked)))
            mlflow.sklearn.log_model(model, name="model", registered_model_name=MODEL, input_example=features[:2])
    client = MlflowClient()
    client.set_registered_model_alias(MODEL, "champion", 1)
    client.set_registered_model_alias(MODEL, "challenger", 2)


@contextlib.contextmanager
def serving(data: Path) -> Iterator[str]:
    """A scoring server for as long as the block runs; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    routes = [
        "--route",
        f"champion=models:/{MODEL}@champion:50",
        "--route",
        f"challenger=models:/{MODEL}@challenger:50",
    ]
    told = ["--reward-metric", "purchase", "--rule", "promote,rollback", "--guardrail", "error_rate<0.05"]
    command = [sys.executable, "-m", "mlflow.cli", "models", "serve", *routes, *told, "--env-manager", "local"]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--state-dir", str(data / "state"), "--reload-interval", "1"]
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(server, port)
        yield url
    finally:
        server.terminate()
        server.wait(60)


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise SystemExit("the scoring server did not start")


def run_test(url: str, visitors: Visitors, title: str) -> dict[str, Any]:
    """Have visitors come until the server has decided."""
    client, registry = ServingClient(url), MlflowClient()
    if title == "a worse model":
        registry.set_registered_model_alias(MODEL, "challenger", 3)
        until_served(client, {"champion": "2", "challenger": "3"})
        client.ask("start", reason="another challenger is registered")
    print(f"\n{title} challenges version {registry.get_model_version_by_alias(MODEL, 'champion').version}", flush=True)
    course = []
    while not (found := client.experiment())["ended"]:
        if any(shown["rewards"] for shown in found["variants"]):
            course.append(found)
        visit(client, visitors)
    subprocess.run([sys.executable, "-m", "mlflow.cli", "ab", "status", "--url", url], check=True)
    standing = next(shown["standing"] for shown in found["variants"] if shown["variant"] == "challenger")
    champion = registry.get_model_version_by_alias(MODEL, "champion").version
    print(f"The champion is version {champion}.", flush=True)
    return {"title": title, "outcome": standing.replace("_", " "), "champion": champion, "course": [*course, found]}


def until_served(client: ServingClient, versions: dict[str, str]) -> None:
    """Wait until the server has followed the aliases."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        row = pd.DataFrame([[0.0] * len(FEATURES)], columns=FEATURES)
        named = {name: client.predict(row, headers={"X-Model-Variant": name}).version for name in versions}
        if named == versions:
            return
        time.sleep(0.2)
    raise SystemExit(f"the server did not follow the aliases to {versions}")


def visit(client: ServingClient, visitors: Visitors) -> None:
    """Visitors come one by one; what they bought is told later."""
    features, likes = visitors.come(BATCH)
    rewards = {}
    for place in range(BATCH):
        answer = client.predict(features[place : place + 1])
        rewards[answer.request_id] = visitors.buy(answer.predictions[0], int(likes[place]))
    client.rewards(rewards)


def drawn(results: list[dict[str, Any]]) -> str:
    """How the difference between the variants developed, with its intervals, as SVG."""
    width, height, gap = 380, 240, 60
    parts = []
    for place, result in enumerate(results):
        points = [
            (
                sum(shown["rewards"] for shown in found["variants"]),
                next(v for v in found["variants"] if "difference" in v),
            )
            for found in result["course"]
        ]
        known = [(seen, one["difference"]) for seen, one in points if one["difference"]["low"] is not None]
        if known:
            parts.append(panel(result, known, place * (width + gap) + 60, width, height))
    whole = 2 * width + gap + 80
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {height + 100}" font-family="sans-serif" '
        f'font-size="13"><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def panel(result: dict[str, Any], known: list[tuple[int, dict[str, float]]], left: int, width: int, height: int) -> str:
    top, span, last = 50, 0.3, known[-1][0]
    head = f"{result['title']}: {result['outcome']} after {last:,} visitors"

    def x(seen: float) -> float:
        return round(left + width * seen / last, 1)

    def y(value: float) -> float:
        return round(top + height * (0.5 - max(-span, min(span, value)) / span / 2), 1)

    upper = [f"{x(seen)},{y(one['high'])}" for seen, one in known]
    lower = [f"{x(seen)},{y(one['low'])}" for seen, one in reversed(known)]
    line = " ".join(f"{x(seen)},{y(one['value'])}" for seen, one in known)
    ticks = "".join(
        f'<text x="{left - 8}" y="{y(value) + 4}" text-anchor="end">{label}</text>'
        f'<line x1="{left}" x2="{left + width}" y1="{y(value)}" y2="{y(value)}" stroke="#ddd"/>'
        for value, label in ((-0.3, "−30 %"), (-0.15, "−15 %"), (0, "0"), (0.15, "+15 %"), (0.3, "+30 %"))
    )
    return (
        f'<text x="{left}" y="24" font-weight="bold">{head}</text>'
        f'<text x="{left}" y="42">difference of the purchase rate, and its interval</text>{ticks}'
        f'<polygon points="{" ".join(upper + lower)}" fill="#2b8ac6" opacity="0.25"/>'
        f'<polyline points="{line}" fill="none" stroke="#1c6a9c" stroke-width="2"/>'
        f'<text x="{left + width}" y="{top + height + 24}" text-anchor="end">visitors</text>'
    )


if __name__ == "__main__":
    sys.exit(main())
