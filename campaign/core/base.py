"""The declarative base of every model, and the column types that rooms share."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from sqlalchemy import DateTime, LargeBinary, MetaData, String, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from campaign.core.ids import new_id

# Every constraint has a name with all its columns: SQLite's batch migrations and anyone reading an error both
# need it.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware datetime, stored in UTC.

    A naive value is refused: it would mean another hour on another machine.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """The base of all models.

    Columns with a person's data carry `info=PERSONAL`, and their table has a retention rule.
    """

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={dt.datetime: UtcDateTime(), uuid.UUID: Uuid(), bytes: LargeBinary()},
    )


PERSONAL: dict[Any, Any] = {"personal": True}
# Columns of sealed values whose names do not begin with "sealed", and those with further sealed values
# inside, which no rotation can reach.
SEALED: dict[Any, Any] = PERSONAL | {"sealed": True}
SEALED_WITHIN: dict[Any, Any] = SEALED | {"sealed within": True}

IntPk = Annotated[int, mapped_column(primary_key=True)]
# Random, never ordered by time: the ids of personal rows must not tell when somebody came.
RandomPk = Annotated[uuid.UUID, mapped_column(primary_key=True, default=new_id)]
Slug = Annotated[str, mapped_column(String(120))]
ShortText = Annotated[str, mapped_column(String(200))]
LanguageCode = Annotated[str, mapped_column(String(12))]
CountryCode = Annotated[str, mapped_column(String(2))]
WebAddress = Annotated[str, mapped_column(String(500))]


def one_of(column: str, values: type | tuple[str, ...]) -> str:
    """The SQL of a CHECK that `column` holds one of the values of a StrEnum or tuple."""
    members = values if isinstance(values, tuple) else tuple(str(value) for value in values)  # type: ignore[attr-defined]
    return f"{column} IN ({', '.join(repr(str(member)) for member in members)})"
