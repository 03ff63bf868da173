"""What commands are given in common: ids, who acts, and the days and times people write."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from worker.errors import BadInput
from worker.settings import Settings

LARGEST_ID = 2**63 - 1  # what a database keeps


class Id(click.ParamType[int]):
    """The number of a case, a draft, a promise and so on: a whole number from 1 that a database can hold."""

    name = "integer"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number. Raises BadParameter (exit 2) for anything else."""
        text = str(value).strip()
        plain = text.isascii() and text.isdecimal() and len(text) < 20
        if not plain or not 0 < int(text) <= LARGEST_ID:
            self.fail(f"{text[:40]!r} is no id: a whole number from 1, as the lists show it.", param, ctx)
        return int(text)


ID = Id()

who_option = click.option(
    "--as", "who", required=True, metavar="NAME", help="Who you are, as the settings name you."
)


def acting(settings: Settings, who: str) -> str:
    """The person's name as the settings write it. Raises BadInput naming the known ones."""
    return settings.person(who).name


def moment(text: str, zone: ZoneInfo, *, day_is: time = time(), next_day: bool = False) -> datetime:
    """An instant from `2026-11-24T17:00` or `2026-11-24 17:00`, in `zone` unless an offset is given.

    A bare date is that day at `day_is`, or with `next_day` the first instant after it. Raises BadInput.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{text!r} is no day or time. Write it like 2026-11-24 or 2026-11-24T17:00.") from None
    bare = not any(mark in text.strip() for mark in " T:")
    if bare:
        at = datetime.combine(at.date() + timedelta(days=next_day), day_is)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
