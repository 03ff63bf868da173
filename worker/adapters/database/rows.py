"""The rows of one kind of value: add, get, save, swap, and the plain questions every store answers."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, func, insert, select, update
from sqlalchemy.engine import CursorResult

T = TypeVar("T")


class TableRows(Generic[T]):
    """Rows of `table` as values of `value`, on one connection inside one transaction."""

    table: Table
    value: type[T]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __init_subclass__(cls) -> None:
        if hasattr(cls, "value"):
            cls._names = tuple(field.name for field in fields(cls.value))  # type: ignore[arg-type]  # T is a dataclass
            cls._insert = insert(cls.table)

    _names: tuple[str, ...]
    _insert: Any

    def add(self, value: T) -> T:
        columns = {name: getattr(value, name) for name in self._names if name != "id"}
        result: CursorResult[Any] = self.connection.execute(self._insert, columns)
        key = result.inserted_primary_key
        return replace(value, id=key[0] if key else 0)  # type: ignore[type-var]  # T is a dataclass

    def get(self, row_id: int) -> T | None:
        row = self.connection.execute(select(self.table).where(self.table.c.id == row_id)).first()
        return None if row is None else self._value(row)

    def save(self, value: T) -> None:
        self._update(value, and_(self.table.c.id == value.id))  # type: ignore[attr-defined]  # every value has an id

    def swap(self, value: T, *, seen: Mapping[str, Any]) -> bool:
        same = and_(self.table.c.id == value.id, *(self._is(name, was) for name, was in seen.items()))  # type: ignore[attr-defined]  # as above
        return self._update(value, same) == 1

    def where(self, *, newest_first: bool = False, limit: int | None = None, **equals: Any) -> list[T]:
        key = self.table.c.id
        query = select(self.table).where(*(self._is(name, wanted) for name, wanted in equals.items()))
        return self.ask(query.order_by(key.desc() if newest_first else key).limit(limit))

    def count(self, **equals: Any) -> int:
        query = select(func.count()).select_from(self.table)
        return self.connection.execute(
            query.where(*(self._is(name, wanted) for name, wanted in equals.items()))
        ).scalar_one()

    def ask(self, query: Select[Any]) -> list[T]:
        return [self._value(row) for row in self.connection.execute(query)]

    def _value(self, row: Row[Any]) -> T:
        return self.value(**dict(zip(self._names, row, strict=True)))

    def _is(self, name: str, wanted: Any) -> ColumnElement[bool]:
        column = self.table.c[name]
        if wanted is None:
            return column.is_(None)
        if isinstance(wanted, tuple | list | set | frozenset):
            return column.in_(list(wanted))
        same: ColumnElement[bool] = column == wanted
        return same

    def _update(self, value: T, condition: ColumnElement[bool]) -> int:
        columns = {name: getattr(value, name) for name in self._names if name != "id"}
        return self.connection.execute(update(self.table).where(condition).values(columns)).rowcount
