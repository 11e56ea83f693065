"""The stages of model versions, which aliases have succeeded."""

from __future__ import annotations

from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "ALL_STAGES",
    "DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS",
    "STAGE_ARCHIVED",
    "STAGE_DELETED_INTERNAL",
    "STAGE_NONE",
    "STAGE_PRODUCTION",
    "STAGE_STAGING",
    "get_canonical_stage",
]

STAGE_NONE = "None"
STAGE_STAGING = "Staging"
STAGE_PRODUCTION = "Production"
STAGE_ARCHIVED = "Archived"
STAGE_DELETED_INTERNAL = "Deleted_Internal"

ALL_STAGES = [STAGE_NONE, STAGE_STAGING, STAGE_PRODUCTION, STAGE_ARCHIVED]
DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS = [STAGE_STAGING, STAGE_PRODUCTION]

_CANONICAL = {stage.lower(): stage for stage in [*ALL_STAGES, STAGE_DELETED_INTERNAL]}


def get_canonical_stage(stage: str) -> str:
    """The stage as it is stored, from a spelling in any case.

    Raises:
        InvalidParameterValue: there is no such stage.
    """
    canonical = _CANONICAL.get(stage.lower())
    if canonical is None:
        raise InvalidParameterValue(
            f"Invalid Model Version stage: {stage}. Value must be one of {', '.join(ALL_STAGES)}."
        )
    return canonical
