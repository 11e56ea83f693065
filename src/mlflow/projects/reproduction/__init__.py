"""Repeat a run from what it recorded, and say how well that went and why."""
