"""Every open complaint has a next date: set here, on business time."""

from dataclasses import replace
from datetime import datetime

from worker.domain.alert import first_alert_at
from worker.domain.case import Case, NextKind
from worker.services.house import House


def business_days_after(house: House, at: datetime, days: int) -> datetime:
    """End of business `days` business days after the local date of `at`."""
    calendar = house.calendar
    return calendar.end_of_business(calendar.add_business_days(calendar.local_date(at), days))


def acknowledge_by(house: House, at: datetime) -> datetime:
    return business_days_after(house, at, house.settings.alerts.acknowledge_within_days)


def look_again_at(house: House, at: datetime) -> datetime:
    """When a promise without a time, or a case that only waits, is looked at again."""
    return business_days_after(house, at, house.settings.promises.look_again_days)


def with_next_date(house: House, case: Case, kind: NextKind, at: datetime, *, set_at: datetime) -> Case:
    """The case with its own next date; an earlier one that nobody has answered stays."""
    if case.next_at is not None and case.next_at <= at and case.next_kind is kind:
        return case
    alert_at = first_alert_at(at, made_at=set_at, policy=house.policy)
    return replace(case, next_at=at, next_kind=kind, next_alert_at=alert_at, alerts_sent=0)


def without_next_date(case: Case) -> Case:
    return replace(case, next_at=None, next_kind=None, next_alert_at=None, alerts_sent=0)
