"""Predictions for files and folders of any size: read, predicted and written in pieces."""
