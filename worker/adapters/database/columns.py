"""How the fields of our values become columns: a table is a value's fields, one column each.

Instants are stored as UTC and come back aware; enums are stored as their word; tuples and nested values
as JSON. A naive datetime is refused at this edge.
"""

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

# Which table a reference field points to; the field's name says it all.
REFERENCES = {
    "approval_id": "approval.id",
    "case_id": "case.id",
    "claims_case_id": "case.id",
    "contact_id": "contact.id",
    "copy_of": "mail.id",
    "customer_id": "customer.id",
    "delivery_id": "delivery.id",
    "draft_id": "draft.id",
    "kept_id": "kept_mail.id",
    "mail_id": "mail.id",
    "merged_into": "case.id",
    "promise_id": "promise.id",
    "question_contact_id": "contact.id",
    "superseded_by": "promise.id",
}


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a zone cannot be stored; give it one where it is made.")
        stored = value.astimezone(UTC)
        return stored.replace(tzinfo=None) if dialect.name == "sqlite" else stored

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One member of an enum, stored as its word."""

    impl = String(40)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members
        self.by_word = {str(member.value): member for member in members}

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - as above
        return None if value is None else self.by_word[value]


class Nested(TypeDecorator[Any]):
    """A tuple or a value of ours, stored as JSON text and read back as itself."""

    impl = Text
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self.adapter: TypeAdapter[Any] = TypeAdapter(shape)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        if value is None:
            return None
        return "[]" if value == () else self.adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - as above
        if value is None:
            return None
        return () if value == "[]" else self.adapter.validate_json(value)


def table_of(
    name: str, metadata: MetaData, value: type, *extra: Any, text: frozenset[str] = frozenset()
) -> Table:
    """The table for a frozen dataclass: its `id` is the primary key, `X | None` is nullable."""
    if not is_dataclass(value):
        raise TypeError(f"{value.__name__} is not a dataclass")
    hints = get_type_hints(value)
    columns = [_column(field.name, hints[field.name], long=field.name in text) for field in fields(value)]
    return Table(name, metadata, *columns, *extra)


def _column(name: str, hint: Any, *, long: bool) -> Column[Any]:
    kind, nullable = _without_none(hint)
    if name == "id":
        return Column(name, Integer, primary_key=True, autoincrement=True)
    reference = [ForeignKey(REFERENCES[name])] if name in REFERENCES else []
    return Column(
        name, _type_for(kind, long=long), *reference, nullable=nullable, index=bool(reference) or None
    )


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in {Union, types.UnionType}:
        kept = [part for part in get_args(hint) if part is not type(None)]
        return kept[0], len(kept) < len(get_args(hint))
    return hint, False


def _type_for(kind: Any, *, long: bool) -> TypeEngine[Any]:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Word(kind)
    simple: dict[Any, TypeEngine[Any]] = {
        int: Integer(),
        bool: Boolean(),
        bytes: LargeBinary(),
        datetime: Instant(),
        str: Text() if long else String(),
    }
    return simple.get(kind) or Nested(kind)
