"""Loader modules that manifests name."""
