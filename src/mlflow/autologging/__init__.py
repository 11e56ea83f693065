"""Autologging of each framework: a small file that says which of its functions train, and what is logged of them.

The mechanism is `mlflow.tracking.autologging`. No framework is imported before the program imports it.
"""
