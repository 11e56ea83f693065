"""What a run records about its origin: source code, packages, process and console."""
