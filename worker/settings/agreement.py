"""Do the values of amends.toml agree with each other?

It looks at the raw tables, so that these faults are found together with those of single values. Whatever is of the
wrong kind is passed over here: that is a fault of its own.
"""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any, Final, cast

from holidays import list_supported_countries

from worker.settings.faults import did_you_mean, label
from worker.settings.tables import Hours
from worker.settings.values import wall_time


def table_at(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def rows_at(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = table.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def disagreements(table: Mapping[str, Any]) -> Iterator[str]:
    yield from _name_faults(table, "people")
    yield from _name_faults(table, "mailboxes")
    yield from _unknown_people(table)
    if table.get("people") == []:
        yield "people: nobody is named. Add [[people]] with a name and an email."
    for number, box in enumerate(rows_at(table, "mailboxes")):
        yield from _sign_in_faults(box, f"mailboxes[{label(box, number)}]", needed=True)
    yield from _sending_faults(table_at(table, "sending"))
    yield from _subdivision_faults(table_at(table, "firm"))
    hours = Hours.model_fields
    opens, closes = (_as_time(table_at(table, "hours").get(k, hours[k].default)) for k in ("opens", "closes"))
    if opens and closes and opens >= closes:
        yield "hours.closes: it is not after hours.opens. Give the closing time of the same day."


def _subdivision_faults(firm: Mapping[str, Any]) -> Iterator[str]:
    subdivision, country = firm.get("subdivision"), str(firm.get("country", "")).upper()
    known = list_supported_countries().get(country)
    if subdivision and known is None:
        yield "firm.subdivision: it needs the firm's country beside it."
    if isinstance(subdivision, str) and known is not None and subdivision not in known:
        listed = f"One of {', '.join(known)}." if known else "Leave it out: that country has none."
        yield f"firm.subdivision: {subdivision!r} has no holidays of its own in {country}. {listed}"


def _as_time(value: object) -> time | None:
    try:
        return cast("time", wall_time(value))
    except ValueError:
        return None


def _name_faults(table: Mapping[str, Any], key: str) -> Iterator[str]:
    seen = set()
    for row in rows_at(table, key):
        name = str(row.get("name", "")).casefold()
        if name and name in seen:
            yield f"{key}[{row['name']}]: the name is given twice. Give each its own."
        seen.add(name)


def _unknown_people(table: Mapping[str, Any]) -> Iterator[str]:
    names = [str(person.get("name")) for person in rows_at(table, "people")]
    known = {name.casefold() for name in names}
    for key, name in _named_people(table):
        if isinstance(name, str) and name.casefold() not in known:
            yield f"{key}: nobody under [[people]] is called {name!r}.{did_you_mean(name, names)}"


def _named_people(table: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for number, person in enumerate(rows_at(table, "people")):
        yield f"people[{label(person, number)}].second", person.get("second")
    for number, box in enumerate(rows_at(table, "mailboxes")):
        yield f"mailboxes[{label(box, number)}].owner", box.get("owner")
    for key in ("lead", "safety", "safety_second"):
        yield f"alerts.{key}", table_at(table, "alerts").get(key)


_WAYS: Final = ("password_env", "password_file", "token_command")


def _sign_in_faults(row: Mapping[str, Any], key: str, *, needed: bool) -> Iterator[str]:
    given = [way for way in _WAYS if row.get(way)]
    if len(given) > 1:
        yield f"{key}: {' and '.join(given)} are both set. Keep exactly one."
    if given and not row.get("username"):
        yield f"{key}.username: it is missing. Name the account that {given[0]} is for."
    if not given and (needed or row.get("username")):
        yield f"{key}: it has no way to sign in. Set one of {', '.join(_WAYS)}."
    if row.get("auth") == "xoauth2" and "token_command" not in given:
        yield f"{key}.auth: xoauth2 needs a token_command."


def _sending_faults(sending: Mapping[str, Any]) -> Iterator[str]:
    kind = sending.get("kind")
    if kind == "smtp":
        if not sending.get("host"):
            yield 'sending.host: it is missing. Name the SMTP server, or use kind = "maildir" for a trial.'
        yield from _sign_in_faults(sending, "sending", needed=False)
    if kind == "maildir" and not sending.get("path"):
        yield 'sending.path: it is missing. Name the folder for the letters, such as "outbox".'
