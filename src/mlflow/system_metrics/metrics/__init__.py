"""Monitors of one part of the machine each."""
