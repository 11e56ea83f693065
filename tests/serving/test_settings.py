"""What a scoring server is told by its environment."""

import pytest

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.settings import ServingSettings
from mlflow.serving.traffic.routes import collect_routes


@pytest.mark.parametrize("name", ["THREADS", "MAX_REQUEST_BYTES", "MAX_BUFFERED_BYTES", "REWARD_REQUESTS"])
def test_a_limit_below_one_is_refused_before_a_model_is_loaded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"MLFLOW_SCORING_SERVER_{name}", "-2")
    with pytest.raises(InvalidParameterValue, match=rf"MLFLOW_SCORING_SERVER_{name} is '-2'. Give a number above 0."):
        ServingSettings.from_environment(collect_routes("./model"), 60.0, 1)
