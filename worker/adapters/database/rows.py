"""The rows of one kind of value: add, get, save, swap, and the plain questions every store answers.

A question costs more to put together than to run. So each is put together once, with places for what is
asked about, and kept under a key that says its shape.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import CursorResult

T = TypeVar("T")
Shape = tuple[tuple[str, str], ...]  # each column asked about, and whether for none, one or many values

_MANY = (tuple, list, set, frozenset)


class TableRows(Generic[T]):
    """Rows of `table` as values of `value`, on one connection inside one transaction."""

    table: Table
    value: type[T]
    _names: tuple[str, ...]
    _statements: dict[object, Any]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __init_subclass__(cls) -> None:
        if hasattr(cls, "value"):
            cls._names = tuple(field.name for field in fields(cls.value))  # type: ignore[arg-type]  # T is a dataclass
            cls._statements = {}

    def add(self, value: T) -> T:
        statement = self.once("add", lambda: insert(self.table))
        result: CursorResult[Any] = self.connection.execute(statement, self._columns(value))
        key = result.inserted_primary_key
        return replace(value, id=key[0] if key else 0)  # type: ignore[type-var]  # T is a dataclass

    def get(self, row_id: int) -> T | None:
        found = self.where(id=row_id, limit=1)
        return found[0] if found else None

    def save(self, value: T) -> None:
        self._update(value, {})

    def swap(self, value: T, *, seen: Mapping[str, Any]) -> bool:
        return self._update(value, seen) == 1

    def where(self, *, newest_first: bool = False, limit: int | None = None, **equals: Any) -> list[T]:
        shape = _shape(equals)
        statement = self.once(
            ("where", shape, newest_first, limit), lambda: self._where(shape, newest_first, limit)
        )
        return self.ask(statement, _asked(equals))

    def count(self, **equals: Any) -> int:
        shape = _shape(equals)
        counted = select(func.count()).select_from(self.table)
        statement = self.once(("count", shape), lambda: counted.where(self._condition(shape)))
        found: int = self.connection.execute(statement, _asked(equals)).scalar_one()
        return found

    def once(self, key: object, build: Callable[[], Any]) -> Any:
        """The statement of this key, put together when it is first wanted."""
        if key not in self._statements:
            self._statements[key] = build()
        return self._statements[key]

    def ask(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> list[T]:
        return [self._value(row) for row in self.connection.execute(query, values or {})]

    def _where(self, shape: Shape, newest_first: bool, limit: int | None) -> Select[Any]:  # noqa: FBT001 - part of the key
        key = self.table.c.id
        query = select(self.table).where(self._condition(shape))
        return query.order_by(key.desc() if newest_first else key).limit(limit)

    def _value(self, row: Row[Any]) -> T:
        return self.value(**dict(zip(self._names, row, strict=True)))

    def _columns(self, value: T) -> dict[str, Any]:
        return {name: getattr(value, name) for name in self._names if name != "id"}

    def _condition(self, shape: Shape) -> ColumnElement[bool]:
        return and_(True, *(_is(self.table.c[name], name, kind) for name, kind in shape))

    def _update(self, value: T, seen: Mapping[str, Any]) -> int:
        equals = {"id": value.id, **seen}  # type: ignore[attr-defined]  # every value has an id
        shape = _shape(equals)
        statement = self.once(("update", shape), lambda: update(self.table).where(self._condition(shape)))
        return self.connection.execute(statement, self._columns(value) | _asked(equals)).rowcount


def _shape(equals: Mapping[str, Any]) -> Shape:
    return tuple((name, _kind(wanted)) for name, wanted in equals.items())


def _kind(wanted: Any) -> str:
    if wanted is None:
        return "none"
    return "many" if isinstance(wanted, _MANY) else "one"


def _asked(equals: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: wanted for name, wanted in equals.items() if wanted is not None}
    return {f"wanted_{name}": list(one) if isinstance(one, _MANY) else one for name, one in given.items()}


def _is(column: ColumnElement[Any], name: str, kind: str) -> ColumnElement[bool]:
    if kind == "none":
        return column.is_(None)
    if kind == "many":
        return column.in_(bindparam(f"wanted_{name}", expanding=True))
    same: ColumnElement[bool] = column == bindparam(f"wanted_{name}")
    return same
