"""The monitor as a process: `python -m mlflow.serving.monitoring`, started by a server."""

import sys

from mlflow.serving.monitoring.process import main

sys.exit(main())
