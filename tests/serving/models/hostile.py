"""A model that does its worst: the text in the request names what."""

import sys

from mlflow.exceptions import MlflowException
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class Sly:
    def __getattr__(self, name):
        raise RuntimeError(f"nobody asks for {name}")


def deeper():
    return deeper()


def cycle():
    found = []
    found.append(found)
    return found


def nested(depth):
    found = 1
    for _ in range(depth):
        found = [found]
    return found


def broken():
    yield 1
    raise RuntimeError("broken off")


RAISED = {
    "exit": SystemExit(3),
    "exit with words": SystemExit("good bye"),
    "interrupt": KeyboardInterrupt(),
    "stop": StopIteration(1),
    "stop async": StopAsyncIteration(),
    "generator exit": GeneratorExit(),
    "memory": MemoryError(),
    "time": TimeoutError("too slow"),
    "mute": Mute(),
    "group": ExceptionGroup("several", [ValueError("a"), KeyError("b")]),
    "surrogate": ValueError("\ud800"),
    "nul": ValueError("\x00\x1b[31m\r\n"),
    "long": ValueError("x" * 1_000_000),
    "mlflow": MlflowException("own words", "RESOURCE_DOES_NOT_EXIST"),
    "mlflow surrogate": MlflowException("\ud800"),
    "os": FileNotFoundError(2, "No such file", "/etc/secret"),
    "unicode": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    "cancel": __import__("asyncio").CancelledError(),
}
MADE = {
    "recursion": deeper,
    "cycle": cycle,
    "deep": lambda: nested(100_000),
    "sly": Sly,
    "generator": broken,
    "function": lambda: deeper,
    "class": lambda: Sly,
    "keys": lambda: {(1, 2): 3},
    "lone surrogate": lambda: "\ud800",
    "complex": lambda: 1j,
    "huge": lambda: 10**5000,
    "module": lambda: sys,
}


class Hostile(PythonModel):
    def predict(self, context, model_input, params=None):
        wanted = str(model_input["wanted"].iloc[0])
        if wanted in RAISED:
            raise RAISED[wanted]
        return MADE[wanted]()


set_model(Hostile())
