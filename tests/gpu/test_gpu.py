"""What only a machine with an NVIDIA GPU can show: measures of a busy GPU, values and models that live on it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mlflow
from mlflow.stores import close_all

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU, or no driver for it"),
    pytest.mark.filterwarnings("default"),  # torch and its libraries warn of each other
]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MLFLOW_CAPTURE", "false")
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
    yield
    while mlflow.active_run():
        mlflow.end_run()
    close_all()
    mlflow.set_tracking_uri("")


def test_busy_gpu_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.2")
    square = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    with mlflow.start_run(log_system_metrics=True) as run:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            square = (square @ square).clamp(-1, 1)
            torch.cuda.synchronize()
    found = mlflow.get_run(run.info.run_id).data.metrics
    client = mlflow.MlflowClient()

    def highest(name: str) -> float:
        return max(point.value for point in client.get_metric_history(run.info.run_id, f"system/gpu_0_{name}"))

    assert {name for name in found if name.startswith("system/gpu_0_")} >= {
        "system/gpu_0_memory_usage_megabytes",
        "system/gpu_0_memory_usage_percentage",
    }
    assert highest("memory_usage_megabytes") > square.nbytes / 1e6
    assert 0 < highest("memory_usage_percentage") <= 100
    if "system/gpu_0_utilization_percentage" in found:  # a slice of a GPU does not measure it
        assert 50 < highest("utilization_percentage") <= 100
        assert highest("power_usage_watts") > 100


def test_values_on_the_gpu_are_logged() -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", torch.tensor(0.25, device="cuda"))
        mlflow.log_metrics({"half": torch.tensor([0.5], device="cuda", dtype=torch.bfloat16)}, step=1)
        mlflow.log_histogram("weights", torch.randn(1000, device="cuda"), step=0)
        mlflow.log_image(torch.rand(8, 8, 3, device="cuda").cpu().numpy(), key="picture", step=0)
    assert mlflow.get_run(run.info.run_id).data.metrics == {"loss": 0.25, "half": 0.5}


def test_model_of_the_gpu_is_loaded_there_and_on_the_cpu() -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)).cuda()
    data = torch.randn(16, 4)
    with torch.no_grad():
        expected = model(data.cuda()).cpu()
    with mlflow.start_run():
        info = mlflow.pytorch.log_model(model, name="model", input_example=data.numpy())
    there = mlflow.pytorch.load_model(info.model_uri)
    assert next(there.parameters()).is_cuda
    here = mlflow.pytorch.load_model(info.model_uri, map_location="cpu")
    assert not next(here.parameters()).is_cuda
    for loaded in (there, here):
        place = next(loaded.parameters()).device
        with torch.no_grad():
            assert torch.allclose(loaded(data.to(place)).cpu(), expected, atol=1e-4)
    function: Any = mlflow.pyfunc.load_model(info.model_uri)
    assert torch.allclose(torch.as_tensor(function.predict(data.numpy())), expected, atol=1e-4)
