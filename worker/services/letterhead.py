"""Who a letter is from and what its Date header says."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from worker.domain.case import Case
from worker.services.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSender:
    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def sender_of(house: House, case: Case) -> LetterSender:
    """The mailbox that the customer wrote to; for mail from files, the first mailbox or the owner's address."""
    box = house.box(case.mailbox) or next(iter(house.settings.mailboxes), None)
    address = box.address if box else house.settings.person(case.owner).email
    return LetterSender(name=house.settings.sending.from_name or house.settings.firm.name, address=address)


def letter_date(at: datetime, zone: ZoneInfo) -> str:
    """RFC 5322 date-time in the firm's zone."""
    return format_datetime(at.astimezone(zone).replace(microsecond=0))
