"""Saved views: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from mlflow.contract.access import edit, read
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route

__all__ = ["SavedView", "ScreenName", "Views"]

ScreenName = Literal["runs", "sweep"]


class SavedView(msgspec.Struct, frozen=True):
    """A screen of an experiment as somebody left it.

    `state` is what stands after the `?` in the screen's address; whoever shows the screen reads it, the store does not.
    A view without a name is the short form of a long address: it is found by its id, and in no list.
    """

    view_id: str
    experiment_id: str
    screen: ScreenName
    name: str
    state: str
    creation_time: int
    last_update_time: int
    user: str = ""


class Views(Protocol):
    """Views of an experiment's runs that are kept and shared under a name. Names are unique on each screen."""

    @route("GET", "ext/v1/experiments/{experiment_id}/views", access=read(experiment="experiment_id"), envelope="views")
    def list_views(self, caller: Caller, experiment_id: Text, screen: ScreenName = "runs") -> list[SavedView]:
        """Answer the named views of a screen, by name."""
        ...

    @route("POST", "ext/v1/experiments/{experiment_id}/views", access=edit(experiment="experiment_id"), envelope="view")
    def create_view(
        self, caller: Caller, experiment_id: Text, state: str = "", name: str = "", screen: ScreenName = "runs"
    ) -> SavedView:
        """Keep a view. One without a name that is there already is answered as it is.

        Raises:
            ResourceAlreadyExists: the screen has another view of that name.
            InvalidParameterValue: the name or the state is too long, or the experiment has too many views.
        """
        ...

    @route(
        "GET",
        "ext/v1/experiments/{experiment_id}/views/{view_id}",
        access=read(experiment="experiment_id"),
        envelope="view",
    )
    def get_view(self, caller: Caller, experiment_id: Text, view_id: Text) -> SavedView:
        """Answer one view."""
        ...

    @route(
        "PATCH",
        "ext/v1/experiments/{experiment_id}/views/{view_id}",
        access=edit(experiment="experiment_id"),
        envelope="view",
    )
    def update_view(
        self, caller: Caller, experiment_id: Text, view_id: Text, name: str | None = None, state: str | None = None
    ) -> SavedView:
        """Rename a view or replace its state; what is not given stays."""
        ...

    @route("DELETE", "ext/v1/experiments/{experiment_id}/views/{view_id}", access=edit(experiment="experiment_id"))
    def delete_view(self, caller: Caller, experiment_id: Text, view_id: Text) -> None:
        """Forget a view; its address then leads to the screen as it is at first."""
        ...
