"""The JSON dialect that MLflow's clients and servers speak: requests in, answers out."""

from __future__ import annotations

from mlflow.contract.wire.answers import decode_answer, encode_answer, encode_json
from mlflow.contract.wire.requests import decode_body, decode_query

__all__ = ["decode_answer", "decode_body", "decode_query", "encode_answer", "encode_json"]
