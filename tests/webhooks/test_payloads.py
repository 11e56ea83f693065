"""The shapes of what is delivered, each with a sample."""

import pytest

from mlflow.entities import WebhookEvent
from mlflow.webhooks.payloads import SAMPLES, get_example_payload_for_event, get_payload_class_for_event

CLASSIC = sorted(name for name in SAMPLES if name.startswith(("model_version", "registered_model")))


@pytest.mark.parametrize("name", CLASSIC)
def test_every_shape_gives_a_sample_that_fits_it(name: str) -> None:
    event = WebhookEvent.from_str(name)
    shape = get_payload_class_for_event(event)
    assert shape.example() == get_example_payload_for_event(event)
    assert shape.example().keys() == shape.__annotations__.keys()


def test_sample_is_of_its_caller() -> None:
    shape = get_payload_class_for_event(WebhookEvent.from_str("model_version_alias.deleted"))
    shape.example().clear()
    assert shape.example() == {"name": "example_model", "alias": "example_alias"}
