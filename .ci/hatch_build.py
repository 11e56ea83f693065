"""Put the built web UI into the wheel and the sdist: hatchling calls this.

An editable install leaves the checkout as it is, and so does a source without ui/ or with a UI that was built before:
an sdist carries it built. Where Node cannot run, the package is built without the UI, and the server says so.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "src/mlflow/server/ui/index.html"


class WebUI(BuildHookInterface[Any]):
    """Builds the UI with the Node that this build's own environment has."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the UI unless this is an editable install or there is nothing to build it from."""
        root = Path(self.root)
        if version == "editable" or not (root / "ui" / "package.json").is_file():
            return
        done = subprocess.run([sys.executable, str(root / ".ci" / "ui.py"), "build"], cwd=root, check=False)
        if done.returncode != 0 and not (root / BUILT).is_file():
            self.app.display_warning("The web UI could not be built, so this package comes without it.")
