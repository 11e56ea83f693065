"""Datasets that can be split into what a model takes and what it should return."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

__all__ = ["PyFuncConvertibleDatasetMixin", "PyFuncInputsOutputs"]


@dataclass
class PyFuncInputsOutputs:
    """The inputs of a model, and the outputs expected of it, if the dataset has targets."""

    inputs: Any
    outputs: Any | None = None


class PyFuncConvertibleDatasetMixin:
    """A dataset with `to_pyfunc`."""

    @abstractmethod
    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """The data split into inputs and, if there are targets, expected outputs."""
