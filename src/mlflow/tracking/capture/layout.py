"""Where captured files stand among a run's artifacts; `mlflow reproduce` and the UI read them there.

All of them are below one folder whose name begins with a dot, so that a listing of what the program logged can leave
it out.
"""

from typing import Final

from mlflow.artifacts.paths import CAPTURED

ROOT: Final = CAPTURED

SOURCE_MANIFEST: Final = f"{ROOT}/source/manifest.json"
SOURCE_DIFF: Final = f"{ROOT}/source/diff.patch"
SOURCE_BUNDLE: Final = f"{ROOT}/source/commits.bundle"
SOURCE_UNTRACKED: Final = f"{ROOT}/source/untracked.tar.gz"
SOURCE_ENTRY_FOLDER: Final = f"{ROOT}/source/entry"
SOURCE_CELLS: Final = f"{ROOT}/source/cells.ipynb"
PROCESS: Final = f"{ROOT}/environment/process.json"
PACKAGES: Final = f"{ROOT}/environment/requirements.lock.txt"
DATA: Final = f"{ROOT}/data/sources.json"
PROJECT: Final = f"{ROOT}/project/job.json"
CONSOLE_LOG: Final = f"{ROOT}/logs/console.log"
