"""Column types that behave alike on SQLite, PostgreSQL, MySQL and MariaDB."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

__all__ = ["Bytes", "Id", "Name", "Real", "Words"]

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows itself only in an INTEGER column
Real: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.Float(53), "sqlite")
Bytes = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


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
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.VARCHAR(self.length, charset="utf8mb4", collation=_bytewise(dialect)))
        return dialect.type_descriptor(sa.String(self.length))


class Words(sa.types.TypeDecorator[str]):
    """Text of any length, compared as `Name` is."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[str]:
        """The type as one kind of database knows it."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TEXT(collation="C"))
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.LONGTEXT(charset="utf8mb4", collation=_bytewise(dialect)))
        return dialect.type_descriptor(sa.Text())


def _bytewise(dialect: sa.Dialect) -> str:
    # neither database knows the other's collation, and MySQL's utf8mb4_bin pads with spaces
    return "utf8mb4_nopad_bin" if getattr(dialect, "is_mariadb", False) else "utf8mb4_0900_bin"
