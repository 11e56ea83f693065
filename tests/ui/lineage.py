"""Logged models and datasets to look at."""

from typing import NamedTuple

from tests.ui.rest import Rest, now
from tests.ui.samples import HOSTILE, MODEL, png

COLUMNS = [{"type": "double", "name": "alcohol"}, {"type": "string", "name": HOSTILE, "required": False}]
TEST = ("wine-test", "b2b2b2b2")
TRAIN = ("wine-train", "a1a1a1a1")


class Lineage(NamedTuple):
    """Three models in `experiment`: `forest`, the best, `tree` and `linear`; the first has files."""

    experiment: str
    runs: list[str]
    models: list[str]


def make_lineage(rest: Rest) -> Lineage:
    experiment = rest.experiment("wine models")
    runs, models = [], []
    for number, name in enumerate(("forest", "tree", "linear")):
        run = rest.run(experiment, f"fit-{name}", start=now() - number * 60_000)
        rest.use(
            run,
            *TRAIN,
            "training",
            schema={"mlflow_colspec": COLUMNS},
            profile={"num_rows": 1500, "num_elements": 3000},
            source={"uri": "data/wine.csv"},
        )
        rest.use(run, *TEST, "evaluation", schema={"mlflow_colspec": COLUMNS}, profile={"num_rows": 98})
        model = rest.logged_model(experiment, name, run, depth=str(8 - number), seed="1")
        rest.measure(run, model, TEST, accuracy=0.95 - number / 10, log_loss=0.2 + number / 10)
        rest.measure(run, model, TRAIN, accuracy=0.99 - number / 10)
        rest.measure(run, model, None, size_mb=float(number + 1))
        rest.end(run)
        runs.append(run)
        models.append(model)
    rest.use(runs[0], HOSTILE, "c3c3c3c3", HOSTILE, source={"uri": HOSTILE}, profile={HOSTILE: HOSTILE})
    files = f"/api/ext/v1/logged-models/{models[0]}/artifacts"
    rest.put(f"{files}/MLmodel", MODEL.encode())
    rest.put(f"{files}/data/rows.csv", b"a,b\n1,2\n")
    rest.put(f"{files}/picture.png", png(8, 8))
    return Lineage(experiment, runs, models)
