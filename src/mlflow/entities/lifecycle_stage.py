"""Whether something is live or in the trash."""

from __future__ import annotations

from mlflow.entities.view_type import ViewType
from mlflow.exceptions import InvalidParameterValue

__all__ = ["LifecycleStage"]


class LifecycleStage:
    """`active`, or `deleted`: in the trash until it is restored or collected."""

    ACTIVE = "active"
    DELETED = "deleted"

    @classmethod
    def view_type_to_stages(cls, view_type: int = ViewType.ALL) -> list[str]:
        """The stages a view shows."""
        if view_type == ViewType.ACTIVE_ONLY:
            return [cls.ACTIVE]
        return [cls.DELETED] if view_type == ViewType.DELETED_ONLY else [cls.ACTIVE, cls.DELETED]

    @classmethod
    def is_valid(cls, lifecycle_stage: str) -> bool:
        """Whether the text names a stage."""
        return lifecycle_stage in {cls.ACTIVE, cls.DELETED}

    @classmethod
    def matches_view_type(cls, view_type: int, lifecycle_stage: str) -> bool:
        """Whether something in this stage shows in the view."""
        if not cls.is_valid(lifecycle_stage):
            raise InvalidParameterValue(f"Unknown lifecycle stage '{lifecycle_stage}'; use 'active' or 'deleted'.")
        return lifecycle_stage in cls.view_type_to_stages(view_type)
