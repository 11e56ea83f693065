"""Monitors of one part of the machine each."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import psutil
import pytest

from mlflow.system_metrics.metrics.cpu_monitor import CPUMonitor
from mlflow.system_metrics.metrics.disk_monitor import DiskMonitor
from mlflow.system_metrics.metrics.gpu_monitor import GPUMonitor
from mlflow.system_metrics.metrics.network_monitor import NetworkMonitor
from mlflow.system_metrics.metrics.rocm_monitor import ROCMMonitor


@pytest.mark.parametrize("kind", [CPUMonitor, DiskMonitor, NetworkMonitor])
def test_monitor_collects_aggregates_and_clears(kind):
    monitor = kind()
    assert monitor.aggregate_metrics() == {}
    monitor.collect_metrics()
    monitor.collect_metrics()
    found = monitor.aggregate_metrics()
    assert found.keys() == monitor.metrics.keys()
    assert all(value >= 0 for value in found.values())
    monitor.clear_metrics()
    assert monitor.aggregate_metrics() == {}


def test_aggregate_is_the_mean_to_one_decimal():
    monitor = DiskMonitor()
    monitor.metrics["disk_usage_percentage"] = [1.0, 2.0, 2.0]
    assert monitor.aggregate_metrics() == {"disk_usage_percentage": 1.7}


def test_memory_agrees_with_the_machine():
    monitor = CPUMonitor()
    monitor.collect_metrics()
    used = psutil.virtual_memory().used / 1e6
    assert monitor.metrics["system_memory_usage_megabytes"][0] == pytest.approx(used, rel=0.5)


def test_network_counts_from_its_own_start(monkeypatch):
    counters = iter(
        [
            SimpleNamespace(bytes_recv=5_000_000, bytes_sent=1_000_000),
            SimpleNamespace(bytes_recv=7_000_000, bytes_sent=1_500_000),
        ]
    )
    monkeypatch.setattr(psutil, "net_io_counters", lambda: next(counters))
    monitor = NetworkMonitor()
    monitor.collect_metrics()
    assert monitor.aggregate_metrics() == {"network_receive_megabytes": 2.0, "network_transmit_megabytes": 0.5}


def test_machine_without_network_counts_nothing(monkeypatch):
    monkeypatch.setattr(psutil, "net_io_counters", lambda: None)
    monitor = NetworkMonitor()
    monitor.collect_metrics()
    assert set(monitor.aggregate_metrics().values()) == {0.0}


def _nvidia_gpus():
    try:
        return GPUMonitor()
    except (ImportError, RuntimeError) as exc:
        pytest.skip(f"no NVIDIA GPU here: {exc}")


def test_nvidia_gpu_is_measured():
    monitor = _nvidia_gpus()
    monitor.collect_metrics()
    found = monitor.aggregate_metrics()
    assert 0 <= found["gpu_0_memory_usage_percentage"] <= 100
    assert 0 <= found["gpu_0_utilization_percentage"] <= 100
    assert found["gpu_0_power_usage_watts"] > 0


def test_amd_gpu_is_measured():
    try:
        monitor = ROCMMonitor()
    except (ImportError, RuntimeError) as exc:
        pytest.skip(f"no AMD GPU here: {exc}")
    monitor.collect_metrics()
    assert "gpu_0_memory_usage_gigabytes" in monitor.aggregate_metrics()


@pytest.fixture
def nvml(monkeypatch):
    """A driver with two GPUs, the second of which cannot tell its utilisation or power."""

    class NVMLError(Exception):
        pass

    class NotSupported(NVMLError):
        pass

    def only_first(value):
        def answer(gpu):
            if gpu:
                raise NotSupported("Not Supported")
            return value

        return answer

    driver = ModuleType("pynvml")
    driver.NVMLError, driver.NVMLError_NotSupported = NVMLError, NotSupported
    driver.nvmlInit = lambda: None
    driver.nvmlDeviceGetCount = lambda: 2
    driver.nvmlDeviceGetHandleByIndex = lambda index: index
    driver.nvmlDeviceGetMemoryInfo = lambda gpu: SimpleNamespace(used=2_000_000, total=8_000_000)
    driver.nvmlDeviceGetUtilizationRates = only_first(SimpleNamespace(gpu=40))
    driver.nvmlDeviceGetPowerUsage = only_first(150_000)
    driver.nvmlDeviceGetEnforcedPowerLimit = only_first(300_000)
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    return driver


def test_nvidia_metrics_have_the_published_keys_and_units(nvml):
    monitor = GPUMonitor()
    monitor.collect_metrics()
    assert monitor.aggregate_metrics() == {
        "gpu_0_memory_usage_percentage": 25.0,
        "gpu_0_memory_usage_megabytes": 2.0,
        "gpu_0_utilization_percentage": 40.0,
        "gpu_0_power_usage_watts": 150.0,
        "gpu_0_power_usage_percentage": 50.0,
        "gpu_1_memory_usage_percentage": 25.0,
        "gpu_1_memory_usage_megabytes": 2.0,
    }


def test_machine_without_nvidia_driver_has_no_monitor(nvml):
    def fail():
        raise nvml.NVMLError("Shared Library Not Found")

    nvml.nvmlInit = fail
    with pytest.raises(RuntimeError, match="NVIDIA GPUs are not monitored: Shared Library Not Found"):
        GPUMonitor()


@pytest.fixture
def rocml(monkeypatch):
    """A ROCm driver with one GPU."""
    driver = ModuleType("pyrsmi.rocml")
    driver.smi_initialize = lambda: None
    driver.smi_get_device_count = lambda: 1
    driver.smi_get_device_memory_used = lambda gpu: 4_000_000_000
    driver.smi_get_device_memory_total = lambda gpu: 16_000_000_000
    driver.smi_get_device_memory_busy = lambda gpu: 12
    driver.smi_get_device_utilization = lambda gpu: 70
    driver.smi_get_device_average_power = lambda gpu: 200.0
    package = ModuleType("pyrsmi")
    package.rocml = driver
    monkeypatch.setitem(sys.modules, "pyrsmi", package)
    monkeypatch.setitem(sys.modules, "pyrsmi.rocml", driver)
    return driver


def test_amd_metrics_have_the_published_keys_and_units(rocml):
    monitor = ROCMMonitor()
    monitor.collect_metrics()
    assert monitor.aggregate_metrics() == {
        "gpu_0_memory_usage_percentage": 25.0,
        "gpu_0_memory_usage_gigabytes": 4.0,
        "gpu_0_memory_busy_time_percent": 12.0,
        "gpu_0_utilization_percentage": 70.0,
        "gpu_0_power_usage_watts": 200.0,
    }


def test_machine_without_rocm_driver_has_no_monitor(rocml):
    def fail():
        raise OSError("libamd_smi.so not found")

    rocml.smi_initialize = fail
    with pytest.raises(RuntimeError, match="AMD GPUs are not monitored: libamd_smi"):
        ROCMMonitor()


def test_amd_failure_is_not_taken_for_a_value(rocml):
    rocml.smi_get_device_utilization = lambda gpu: -1
    with pytest.raises(RuntimeError, match="failed"):
        ROCMMonitor().collect_metrics()
