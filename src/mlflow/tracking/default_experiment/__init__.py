"""Which experiment a run joins when nobody named one: providers from plugins."""

DEFAULT_EXPERIMENT_ID = "0"
