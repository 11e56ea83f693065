"""Metric series as arrays: blocks as they arrive, segments as they are kept, summaries, merging and charts. No SQL."""
