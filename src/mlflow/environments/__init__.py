"""Environments of Python packages: described by files, built once for each content, and found again."""
