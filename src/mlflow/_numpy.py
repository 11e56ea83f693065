"""numpy, imported when an array is first made: a server listens, and `mlflow gc` starts, a fifth sooner without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow._lazy import Deferred

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    np = Deferred("numpy")
    npt = Deferred("numpy.typing")

__all__ = ["np", "npt"]
