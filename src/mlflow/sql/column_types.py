"""Column types that behave alike on SQLite, PostgreSQL, MySQL and MariaDB."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sqlalchemy as sa

__all__ = ["Bytes", "Id", "Name", "Real", "Words"]

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows itself only in an INTEGER column
Real: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.Float(53), "sqlite")


class Bytes(sa.types.TypeDecorator[bytes]):
    """Bytes of any length."""

    impl = sa.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[bytes]:
        """The type as one kind of database knows it."""
        return dialect.type_descriptor(_mysql().LONGBLOB() if _is_mysql(dialect) else sa.LargeBinary())


class Name(sa.types.TypeDecorator[str]):
    """Text of at most `length` characters that is compared byte by byte: 'a', 'A' and 'a ' are three names."""

    impl = sa.String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[str]:
        """The type as one kind of database knows it."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.String(self.length, collation="C"))
        if _is_mysql(dialect):
            text = _mysql().VARCHAR(self.length, charset="utf8mb4", collation=_bytewise(dialect))
            return dialect.type_descriptor(text)
        return dialect.type_descriptor(sa.String(self.length))


class Words(sa.types.TypeDecorator[str]):
    """Text of any length, compared as `Name` is."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[str]:
        """The type as one kind of database knows it."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.Text(collation="C"))
        if _is_mysql(dialect):
            return dialect.type_descriptor(_mysql().LONGTEXT(charset="utf8mb4", collation=_bytewise(dialect)))
        return dialect.type_descriptor(sa.Text())


def _is_mysql(dialect: sa.Dialect) -> bool:
    return dialect.name in {"mysql", "mariadb"}


def _mysql() -> Any:
    """The types of a database that only some use: loading those of each would delay every start."""
    return import_module("sqlalchemy.dialects.mysql")


def _bytewise(dialect: sa.Dialect) -> str:
    # neither database knows the other's collation, and MySQL's utf8mb4_bin pads with spaces
    return "utf8mb4_nopad_bin" if getattr(dialect, "is_mariadb", False) else "utf8mb4_0900_bin"
