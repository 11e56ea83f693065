"""Moving runs: between stores, to and from files, and out of what MLflow wrote before."""

from __future__ import annotations
