"""What a run says about where it came from: providers of tags, built in and from plugins."""

from __future__ import annotations

from mlflow._lazy import attach

# Lightning asks whether this package has a `registry` before it imports it.
__getattr__, __dir__ = attach(__name__, {"registry": "mlflow.tracking.context.registry"})
