"""What a served model may reach: endpoints, tables, functions … of the platform that serves it.

Nothing here is reached or checked; the manifest carries the list to the platform. The kinds are Databricks' own.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "DEFAULT_API_VERSION",
    "DatabricksApp",
    "DatabricksFunction",
    "DatabricksGenieSpace",
    "DatabricksLakebase",
    "DatabricksResource",
    "DatabricksSQLWarehouse",
    "DatabricksServingEndpoint",
    "DatabricksTable",
    "DatabricksUCConnection",
    "DatabricksUCModelService",
    "DatabricksVectorSearchIndex",
    "Resource",
    "ResourceType",
    "resources_to_dict",
]

DEFAULT_API_VERSION = "1"


class ResourceType(enum.Enum):
    """The kinds of resources, by the key that the manifest stores."""

    UC_CONNECTION = "uc_connection"
    VECTOR_SEARCH_INDEX = "vector_search_index"
    SERVING_ENDPOINT = "serving_endpoint"
    SQL_WAREHOUSE = "sql_warehouse"
    FUNCTION = "function"
    GENIE_SPACE = "genie_space"
    TABLE = "table"
    APP = "app"
    LAKEBASE = "lakebase"
    UC_MODEL_SERVICE = "uc_model_service"


class Resource(ABC):
    """One resource; a subclass names its kind and its platform."""

    type: ClassVar[ResourceType]
    target_uri: ClassVar[str]

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The manifest's form: one key, the kind, over a list with this resource."""

    @classmethod
    @abstractmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Resource:
        """The resource of one entry of that list."""


class DatabricksResource(Resource):
    """A resource of a Databricks workspace.

    Args:
        name: the resource's name there.
        on_behalf_of_user: whether it is reached with the rights of the calling user; unsaid when None.
    """

    target_uri = "databricks"

    def __init__(self, name: str, on_behalf_of_user: bool | None = None) -> None:
        self.name = name
        self.on_behalf_of_user = on_behalf_of_user

    def to_dict(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": self.name}
        if self.on_behalf_of_user is not None:
            entry["on_behalf_of_user"] = self.on_behalf_of_user
        return {self.type.value: [entry]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        if "name" not in data:
            raise InvalidParameterValue(f"Resource '{dict(data)}' has no 'name'. Add it.")
        return cls(data["name"], data.get("on_behalf_of_user"))

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, DatabricksResource) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # its attributes may be set

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class DatabricksUCConnection(DatabricksResource):
    """A connection of Unity Catalog."""

    type = ResourceType.UC_CONNECTION

    def __init__(self, connection_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(connection_name, on_behalf_of_user)


class DatabricksServingEndpoint(DatabricksResource):
    """A model serving endpoint."""

    type = ResourceType.SERVING_ENDPOINT

    def __init__(self, endpoint_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(endpoint_name, on_behalf_of_user)


class DatabricksVectorSearchIndex(DatabricksResource):
    """A vector search index."""

    type = ResourceType.VECTOR_SEARCH_INDEX

    def __init__(self, index_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(index_name, on_behalf_of_user)


class DatabricksSQLWarehouse(DatabricksResource):
    """A SQL warehouse."""

    type = ResourceType.SQL_WAREHOUSE

    def __init__(self, warehouse_id: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(warehouse_id, on_behalf_of_user)


class DatabricksFunction(DatabricksResource):
    """A function of Unity Catalog."""

    type = ResourceType.FUNCTION

    def __init__(self, function_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(function_name, on_behalf_of_user)


class DatabricksGenieSpace(DatabricksResource):
    """A Genie space."""

    type = ResourceType.GENIE_SPACE

    def __init__(self, genie_space_id: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(genie_space_id, on_behalf_of_user)


class DatabricksTable(DatabricksResource):
    """A table of Unity Catalog."""

    type = ResourceType.TABLE

    def __init__(self, table_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(table_name, on_behalf_of_user)


class DatabricksApp(DatabricksResource):
    """A Databricks app."""

    type = ResourceType.APP

    def __init__(self, app_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(app_name, on_behalf_of_user)


class DatabricksLakebase(DatabricksResource):
    """A Lakebase database instance."""

    type = ResourceType.LAKEBASE

    def __init__(self, database_instance_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(database_instance_name, on_behalf_of_user)


class DatabricksUCModelService(DatabricksResource):
    """A model service of Unity Catalog."""

    type = ResourceType.UC_MODEL_SERVICE

    def __init__(self, model_service_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(model_service_name, on_behalf_of_user)


def resources_to_dict(given: str | Path | Iterable[Resource] | Mapping[str, Any]) -> dict[str, Any]:
    """The manifest's form of a list of resources, or of a YAML file that holds that form.

    Raises:
        InvalidParameterValue: an entry is no `Resource`, or the file holds no mapping.
    """
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, (str, Path)):
        return _read(Path(given))
    found: dict[str, Any] = {}
    for resource in given:
        if not isinstance(resource, Resource):
            raise InvalidParameterValue(f"Resource '{resource!r}' is not a mlflow.models.resources.Resource.")
        kinds = found.setdefault(resource.target_uri, {})
        for kind, entries in resource.to_dict().items():
            kinds.setdefault(kind, []).extend(entries)
    return found | {"api_version": DEFAULT_API_VERSION}


def _read(path: Path) -> dict[str, Any]:
    import yaml

    from mlflow._yaml import load_yaml

    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise InvalidParameterValue(f"Resources file '{path}' cannot be read: {exc}.") from exc
    if not isinstance(content, dict):
        raise InvalidParameterValue(f"Resources file '{path}' is not a mapping. Give 'api_version' and the platforms.")
    return content
