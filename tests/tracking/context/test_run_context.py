import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlflow.tracking.context.abstract_context import RunContextProvider
from mlflow.tracking.context.plugins import ProviderRegistry
from mlflow.tracking.context.registry import RunContextProviderRegistry, _run_context_provider_registry, resolve_tags
from tests.tracking.capture.git_repositories import git, make_repository

SCRIPT = (
    "import json, os\n"
    "from mlflow.tracking.context.registry import resolve_tags\n"
    "print(json.dumps(resolve_tags(json.loads(os.environ.get('TAGS', 'null')))))\n"
)
KERNEL = (
    "import sys, types\n"
    "class ZMQInteractiveShell: pass\n"
    "class Kernel(ZMQInteractiveShell): pass\n"
    "shell = Kernel()\n"
    "sys.modules['IPython'] = types.SimpleNamespace(get_ipython=lambda: shell)\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = make_repository(tmp_path / "r", {"script.py": SCRIPT, "m/__main__.py": SCRIPT, "nb.py": KERNEL + SCRIPT})
    git(made, "remote", "add", "origin", "https://user:token@example.com/x.git")
    return made


def tags(*command: str, cwd: Path, text: str | None = None, **environment: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, input=text, env={**os.environ, "LOGNAME": "bob", **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def git_tags(root: Path) -> dict[str, str]:
    return {
        "mlflow.source.git.commit": git(root, "rev-parse", "HEAD"),
        "mlflow.source.git.branch": "main",
        "mlflow.source.git.repoURL": "https://example.com/x.git",
    }


def own(name: str, kind: str = "LOCAL") -> dict[str, str]:
    return {"mlflow.user": "bob", "mlflow.source.name": name, "mlflow.source.type": kind}


def test_a_script_is_named_as_it_was_given(root: Path) -> None:
    assert tags("script.py", cwd=root) == own("script.py") | git_tags(root)
    assert tags("r/script.py", cwd=root.parent) == own("r/script.py") | git_tags(root)


def test_a_module_is_named_by_its_file(root: Path) -> None:
    assert tags("-m", "m", cwd=root) == own(str(root / "m/__main__.py")) | git_tags(root)


def test_a_command_and_a_console_have_no_commit(root: Path) -> None:
    assert tags("-c", SCRIPT, cwd=root) == own("-c")
    assert tags(cwd=root, text=SCRIPT) == own("<console>")


def test_a_notebook_is_known_by_its_kernel(root: Path) -> None:
    assert tags("nb.py", cwd=root) == own("nb.py", "NOTEBOOK") | git_tags(root)
    assert tags("nb.py", cwd=root, JPY_SESSION_NAME="/n/a.ipynb")["mlflow.source.name"] == "/n/a.ipynb"


def test_the_environment_overrides_providers_and_the_caller_overrides_all(root: Path) -> None:
    context = json.dumps({"a": "b", "mlflow.user": "zed"})
    found = tags("script.py", cwd=root, MLFLOW_RUN_CONTEXT=context, TAGS='{"mlflow.source.name": "mine", "a": "c"}')
    assert (found["mlflow.user"], found["mlflow.source.name"], found["a"]) == ("zed", "mine", "c")


def test_broken_json_in_the_environment_is_warned_about(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_RUN_CONTEXT", "[1")
    assert "mlflow.user" in resolve_tags()
    assert "unexpected error during resolving tags" in caplog.text


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may become nobody")
def test_a_user_without_a_name_is_unknown() -> None:
    code = (
        "import os\nfor name in ('LOGNAME', 'USER', 'LNAME', 'USERNAME'): os.environ.pop(name, None)\n"
        "from mlflow.tracking.context.default_context import DefaultRunContext\n"
        "os.setuid(54321)\nprint(DefaultRunContext().tags()['mlflow.user'])\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "unknown\n"
    )


class Good(RunContextProvider):
    def in_context(self) -> bool:
        return True

    def tags(self) -> dict[str, str]:
        return {"mlflow.user": "plugin"}


class Raising(Good):
    def tags(self) -> dict[str, str]:
        raise RuntimeError("broken plugin")


class Elsewhere(Good):
    def in_context(self) -> bool:
        return False


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> RunContextProviderRegistry:
    monkeypatch.setattr(_run_context_provider_registry, "_providers", list(_run_context_provider_registry))
    return _run_context_provider_registry


def test_later_providers_override_and_failing_ones_are_skipped(
    registry: RunContextProviderRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    for provider in (Raising, Good, Elsewhere):
        registry.register(provider)
    assert resolve_tags()["mlflow.user"] == "plugin"
    assert "broken plugin" in caplog.text
    assert resolve_tags({"mlflow.user": "caller"})["mlflow.user"] == "caller"
    assert resolve_tags(ignore=[Good])["mlflow.user"] != "plugin"


def _installed(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}-1.dist-info").mkdir(parents=True)
    (folder / f"{name}-1.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (folder / f"{name}-1.dist-info" / "entry_points.txt").write_text(text)


def test_plugins_are_found_by_entry_point(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    _installed(folder, "plug", "[mlflow.run_context_provider]\nx = plug:Mine\n")
    (folder / "plug.py").write_text(
        "from mlflow.tracking.context.abstract_context import RunContextProvider\n"
        "class Mine(RunContextProvider):\n"
        "    def in_context(self): return True\n"
        "    def tags(self): return {'mlflow.user': 'plugin'}\n"
    )
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    assert tags("script.py", cwd=root, PYTHONPATH=path)["mlflow.user"] == "plugin"


def test_a_plugin_that_cannot_be_loaded_is_warned_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Registry(ProviderRegistry[object]):
        group = "mlflow.test_group_of_a_broken_plugin"

    _installed(tmp_path, "broken", f"[{Registry.group}]\nx = nowhere:Mine\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    monkeypatch.setattr("mlflow.tracking.context.plugins._installed_groups", lambda: {Registry.group})
    with pytest.warns(UserWarning, match="'x' of"):
        assert list(Registry()) == []
