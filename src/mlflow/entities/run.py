"""A run."""

from __future__ import annotations

from typing import Any

import msgspec

from mlflow.entities._record import Entity
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs

__all__ = ["Run"]


class Run(Entity):
    """One execution of training code: its facts, what it logged, what it used and what it made."""

    __slots__ = ("data", "info", "inputs", "outputs")

    def __init__(
        self,
        run_info: RunInfo,
        run_data: RunData,
        run_inputs: RunInputs | None = None,
        run_outputs: RunOutputs | None = None,
    ) -> None:
        self.info = run_info
        self.data = run_data
        self.inputs = run_inputs or RunInputs()
        self.outputs = run_outputs or RunOutputs()

    def to_dictionary(self) -> dict[str, Any]:
        """Info, data, inputs and outputs as plain dictionaries."""
        return {
            "info": dict(self.info),
            "data": self.data.to_dictionary(),
            "inputs": self.inputs.to_dictionary(),
            "outputs": msgspec.to_builtins(self.outputs),
        }

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Run:
        """A run from what `to_dictionary` returns."""
        return cls(
            RunInfo.from_dictionary(the_dict["info"]),
            RunData.from_dictionary(the_dict["data"]),
            RunInputs.from_dictionary(the_dict.get("inputs") or {}),
            msgspec.convert(the_dict.get("outputs") or {}, RunOutputs),
        )

    def _repr_html_(self) -> str:
        from mlflow.entities._notebook import run_card

        return run_card(self)
