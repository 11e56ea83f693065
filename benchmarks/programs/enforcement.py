"""Times `validate_schema` of whichever mlflow this interpreter has, and prints microseconds by case as JSON."""

import json
import logging
import time
import warnings

import numpy as np
import pandas as pd

from mlflow.models import validate_schema
from mlflow.types import ColSpec, Schema, TensorSpec
from mlflow.types.schema import Array, Object, Property

NAMES = [f"c{number}" for number in range(30)]
DOUBLES = Schema([ColSpec("double", name) for name in NAMES])
MIXED = Schema([ColSpec(("double", "long", "string")[number % 3], name) for number, name in enumerate(NAMES)])
LISTS = Schema([ColSpec(Array("double"), "v")])
OBJECTS = Schema([ColSpec(Object([Property("x", "long"), Property("y", "string", required=False)]), "o")])
TENSOR = Schema([TensorSpec(np.dtype("float64"), (-1, 30))])
RANDOM = np.random.default_rng(0)


def mixed(rows):
    kinds = (RANDOM.random(rows), RANDOM.integers(0, 9, rows), ["x"] * rows)
    return pd.DataFrame({name: kinds[number % 3] for number, name in enumerate(NAMES)})


def cases():
    for rows in (1, 100_000):
        frame = pd.DataFrame(RANDOM.random((rows, 30)), columns=NAMES)
        yield f"{rows:,} × 30 doubles", frame, DOUBLES
        yield f"{rows:,} × 30 floats for doubles", frame.astype("float32"), DOUBLES
        yield f"{rows:,} × 30 doubles, reordered, one surplus", frame.assign(z=1)[["z", *NAMES[::-1]]], DOUBLES
        yield f"{rows:,} × 30 doubles, longs and texts", mixed(rows), MIXED
    yield "1 dictionary of 30 numbers", dict.fromkeys(NAMES, 1.5), DOUBLES
    yield "10,000 lists of 30 doubles", pd.DataFrame({"v": RANDOM.random((10_000, 30)).tolist()}), LISTS
    yield "10,000 arrays of 30 doubles", pd.DataFrame({"v": list(RANDOM.random((10_000, 30)))}), LISTS
    yield "10,000 objects", pd.DataFrame({"o": [{"x": 1, "y": "s"}] * 10_000}), OBJECTS
    yield "tensor 1 × 30", RANDOM.random((1, 30)), TENSOR


def best(data, schema):
    """The fastest of five rounds, each of at least one call and some 50 ms."""
    before = time.perf_counter()
    validate_schema(data, schema)
    calls = max(1, int(0.05 / (time.perf_counter() - before)))
    found = []
    for _ in range(5):
        before = time.perf_counter()
        for _ in range(calls):
            validate_schema(data, schema)
        found.append((time.perf_counter() - before) / calls)
    return min(found) * 1e6


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    print(json.dumps({name: best(data, schema) for name, data, schema in cases()}))
