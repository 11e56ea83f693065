"""What every store does with saved views."""

from __future__ import annotations

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.limits import MAX_VIEW_NAME, MAX_VIEW_STATE
from mlflow.contract.store import TrackingStore
from mlflow.contract.views import SavedView
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite, reader_of

__all__ = ["ViewsSuite"]

_STATE = "q=metrics.loss+<+0.3&c=~params.lr,min(metrics.loss)"


class ViewsSuite(Suite):
    """Saved views."""

    @pytest.fixture
    def view(self, store: TrackingStore, experiment_id: str) -> SavedView:
        """A new view."""
        return store.views.create_view(EVERYONE, experiment_id, _STATE, "good ones")

    def test_view_is_found_again_by_its_id_and_in_the_list(
        self, store: TrackingStore, experiment_id: str, view: SavedView
    ) -> None:
        assert (view.name, view.state, view.screen, view.experiment_id) == ("good ones", _STATE, "runs", experiment_id)
        assert store.views.get_view(EVERYONE, experiment_id, view.view_id) == view
        assert store.views.list_views(EVERYONE, experiment_id) == [view]

    def test_views_are_listed_by_name_screen_by_screen(self, store: TrackingStore, experiment_id: str) -> None:
        for name, screen in (("b", "runs"), ("a", "runs"), ("A", "runs"), ("a", "sweep")):
            store.views.create_view(EVERYONE, experiment_id, "", name, screen)  # type: ignore[arg-type]  # a literal
        runs = store.views.list_views(EVERYONE, experiment_id)
        sweep = store.views.list_views(EVERYONE, experiment_id, "sweep")
        assert [one.name for one in runs] == ["A", "a", "b"]
        assert [one.name for one in sweep] == ["a"]

    def test_name_is_given_once(self, store: TrackingStore, experiment_id: str, view: SavedView) -> None:
        with pytest.raises(ResourceAlreadyExists, match="good ones"):
            store.views.create_view(EVERYONE, experiment_id, "", "good ones")
        other = store.views.create_view(EVERYONE, experiment_id, "", "others")
        with pytest.raises(ResourceAlreadyExists, match="good ones"):
            store.views.update_view(EVERYONE, experiment_id, other.view_id, name="good ones")

    def test_long_address_has_one_short_form_that_is_not_listed(self, store: TrackingStore, experiment_id: str) -> None:
        first = store.views.create_view(EVERYONE, experiment_id, _STATE)
        again = store.views.create_view(EVERYONE, experiment_id, _STATE)
        other = store.views.create_view(EVERYONE, experiment_id, _STATE, screen="sweep")
        assert first == again
        assert other.view_id != first.view_id
        assert store.views.get_view(EVERYONE, experiment_id, first.view_id).state == _STATE
        assert store.views.list_views(EVERYONE, experiment_id) == []

    def test_update_changes_what_is_given(self, store: TrackingStore, experiment_id: str, view: SavedView) -> None:
        renamed = store.views.update_view(EVERYONE, experiment_id, view.view_id, name="better")
        changed = store.views.update_view(EVERYONE, experiment_id, view.view_id, state="")
        assert (renamed.name, renamed.state) == ("better", _STATE)
        assert (changed.name, changed.state, changed.creation_time) == ("better", "", view.creation_time)
        with pytest.raises(InvalidParameterValue, match="name"):
            store.views.update_view(EVERYONE, experiment_id, view.view_id, name="")

    def test_deleted_view_is_gone(self, store: TrackingStore, experiment_id: str, view: SavedView) -> None:
        store.views.delete_view(EVERYONE, experiment_id, view.view_id)
        assert store.views.list_views(EVERYONE, experiment_id) == []
        with pytest.raises(ResourceDoesNotExist, match=view.view_id):
            store.views.get_view(EVERYONE, experiment_id, view.view_id)
        with pytest.raises(ResourceDoesNotExist):
            store.views.update_view(EVERYONE, experiment_id, view.view_id, name="x")

    def test_view_belongs_to_its_experiment_alone(self, store: TrackingStore, view: SavedView) -> None:
        with pytest.raises(ResourceDoesNotExist):
            store.views.get_view(EVERYONE, "0", view.view_id)
        with pytest.raises(ResourceDoesNotExist):
            store.views.delete_view(EVERYONE, "0", view.view_id)

    def test_what_is_too_long_or_padded_is_refused(self, store: TrackingStore, experiment_id: str) -> None:
        longest = store.views.create_view(EVERYONE, experiment_id, "s" * MAX_VIEW_STATE, "n" * MAX_VIEW_NAME)
        assert len(longest.state) == MAX_VIEW_STATE
        for name, state in (("n" * (MAX_VIEW_NAME + 1), ""), ("n", "s" * (MAX_VIEW_STATE + 1)), (" n", "")):
            with pytest.raises(InvalidParameterValue, match=r"name|state"):
                store.views.create_view(EVERYONE, experiment_id, state, name)

    def test_who_may_read_sees_views_and_changes_none(
        self, store: TrackingStore, experiment_id: str, view: SavedView
    ) -> None:
        reader = reader_of(experiment_id)
        assert store.views.list_views(reader, experiment_id) == [view]
        with pytest.raises(PermissionDenied):
            store.views.create_view(reader, experiment_id, "", "mine")
        with pytest.raises(PermissionDenied):
            store.views.update_view(reader, experiment_id, view.view_id, name="mine")
        with pytest.raises(PermissionDenied):
            store.views.delete_view(reader, experiment_id, view.view_id)
        with pytest.raises(PermissionDenied):
            store.views.get_view(NOBODY, experiment_id, view.view_id)
