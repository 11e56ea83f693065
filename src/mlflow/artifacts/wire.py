"""The JSON bodies of `/api/ext/v1/artifacts`, and the paths of both artifact APIs.

GET    /features                        Features
POST   /uploads                         CreateUpload -> UploadState
GET    /uploads/{id}                    UploadState
PUT    /uploads/{id}/parts/{n}          raw bytes, header X-Content-SHA256 -> Part
POST   /uploads/{id}/complete           CompleteUpload -> Stored
DELETE /uploads/{id}
PUT    /bundle/{path}                   a bundle (bundle.py) -> BundleStored
GET    /bundle/{path}                   a bundle
"""

from __future__ import annotations

import msgspec

from mlflow.contract.proxy import BundleStored, Features, Stored, UploadState

__all__ = ["API", "EXTENSION", "BundleStored", "CompleteUpload", "CreateUpload", "Features", "Stored", "UploadState"]

API = "/api/2.0/mlflow-artifacts/artifacts"
EXTENSION = "/api/ext/v1/artifacts"


class CreateUpload(msgspec.Struct, omit_defaults=True):
    """A file to come, in bytes; the server chooses the part size when there is none."""

    path: str
    size: int
    part_size: int = 0


class CompleteUpload(msgspec.Struct):
    """SHA-256 of the whole in hexadecimal, or of the parts as `<hex>-<part size>`."""

    sha256: str
