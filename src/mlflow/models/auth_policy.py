"""Whose rights a served model acts with; carried in the manifest to the platform that serves it."""

from __future__ import annotations

from typing import Any

from mlflow.models.resources import Resource, resources_to_dict

__all__ = ["AuthPolicy", "SystemAuthPolicy", "UserAuthPolicy"]


class UserAuthPolicy:
    """The API scopes that the calling user lends the model."""

    def __init__(self, api_scopes: list[str]) -> None:
        self.api_scopes = api_scopes

    def to_dict(self) -> dict[str, Any]:
        """The manifest's form."""
        return {"api_scopes": self.api_scopes}


class SystemAuthPolicy:
    """The resources that the model reaches with rights of its own."""

    def __init__(self, resources: list[Resource]) -> None:
        self.resources = resources

    def to_dict(self) -> dict[str, Any]:
        """The manifest's form."""
        return {"resources": resources_to_dict(self.resources)}


class AuthPolicy:
    """Both policies; either may be absent."""

    def __init__(
        self, user_auth_policy: UserAuthPolicy | None = None, system_auth_policy: SystemAuthPolicy | None = None
    ) -> None:
        self.user_auth_policy = user_auth_policy
        self.system_auth_policy = system_auth_policy

    def to_dict(self) -> dict[str, Any]:
        """The manifest's form; an absent policy is an empty mapping."""
        system, user = self.system_auth_policy, self.user_auth_policy
        return {
            "system_auth_policy": system.to_dict() if system else {},
            "user_auth_policy": user.to_dict() if user else {},
        }
