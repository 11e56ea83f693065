"""Autologging: what a framework trains is logged without a line of the user's.

The mechanism under all frameworks:

- `settings`: what `autolog` was told, for one framework or for all.
- `imports`: is told when a framework is imported, so that switching autologging on imports none.
- `patching`: puts a function of ours around one of a framework's.
- `fits`: one run for each outermost training call; what happens inside of it logs nothing of its own.
- `record`: what an integration logs with; each call is safe by itself.
- `guard`: keeps failures of ours away from the training.
- `integration`: what one framework declares. The frameworks' own files are in `mlflow.autologging`.
"""
