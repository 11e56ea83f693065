"""Spark: `mlflow.pyspark.ml.autolog` logs what Spark ML fits. Models are the flavor `mlflow.spark`."""

from mlflow.pyspark import ml

__all__ = ["ml"]
