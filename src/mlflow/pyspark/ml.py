"""Autologging of Spark ML.

>>> mlflow.pyspark.ml.autolog()  # doctest: +SKIP
"""

from mlflow.autologging.pyspark import PYSPARK_ML, autolog

__all__ = ["AUTOLOGGING_INTEGRATION_NAME", "autolog"]

AUTOLOGGING_INTEGRATION_NAME = PYSPARK_ML.name
