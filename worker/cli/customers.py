"""`amends customers`: who writes to us, from which addresses, and how we know them."""

from pathlib import Path

import click

from worker.app import opened
from worker.cli.caselist import list_case, show_cases
from worker.cli.console import heading, json_option, open_settings, print_json_line, sentence, settings_option
from worker.cli.given import ID, acting, who_option
from worker.domain.case import Customer
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import joining
from worker.services.watching import VALUED

_customer = click.argument("customer", metavar="CUSTOMER")


@click.group()
def customers() -> None:
    """Customers, their addresses and tags. CUSTOMER is a number, or one of their addresses."""


@customers.command("show")
@_customer
@settings_option
@json_option
def show(settings_path: Path | None, customer: str, *, as_json: bool) -> None:
    """One customer: addresses, tags, cases, and what is promised to them."""
    settings = open_settings(settings_path)
    with opened(settings) as app, app.database.reading() as rooms:
        now = app.clock.now()
        known = _find(rooms, customer)
        addresses = [one.address for one in rooms.customers.addresses(known.id)]
        theirs = rooms.cases.where(customer_id=known.id, newest_first=True)
        listed = [
            list_case(rooms, case, next(iter(rooms.promises.watched(case.id)), None)) for case in theirs
        ]
        owed = [promise for case in theirs for promise in rooms.promises.watched(case.id)]
    if as_json:
        print_json_line(
            {
                "id": known.id,
                "name": known.name,
                "addresses": addresses,
                "tags": known.tags,
                "since": known.created_at,
                "cases": [one.line() for one in listed],
                "open_promises": [
                    {"id": one.id, "case": one.case_id, "words": one.words, "due_at": one.due_at}
                    for one in owed
                ],
            }
        )
        return
    heading(f"Customer {known.id}: {known.name}")
    sentence(f"Addresses: {', '.join(addresses) or 'none known'}")
    sentence(f"Tags: {', '.join(known.tags) or 'none'}")
    if listed:
        heading("Cases")
        show_cases(listed, now=now, zone=settings.zone)


@customers.command("link")
@click.argument("address")
@click.argument("into", metavar="CUSTOMER")
@settings_option
@who_option
def link(settings_path: Path | None, address: str, into: str, who: str) -> None:
    """ADDRESS is CUSTOMER's too. Whoever had it before is the same customer from now on, cases and all."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        known = _find(rooms, into)
        joined, moved = joining.link(rooms, app.house, address, known.id, by=by, now=app.clock.now())
    came = {0: "", 1: " Its case came along."}.get(moved, f" Its {moved} cases came along.")
    sentence(f"{address.strip().lower()} is an address of {joined.name} (customer {joined.id}) now.{came}")


@customers.command("tag")
@_customer
@click.argument("tags", nargs=-1, required=True, metavar="TAG...")
@settings_option
@click.option("--remove", is_flag=True, help="Take these tags away.")
def tag(settings_path: Path | None, customer: str, tags: tuple[str, ...], *, remove: bool) -> None:
    """Tag a customer, such as `vip`: the lead is told at once of every complaint of theirs."""
    settings = open_settings(settings_path)
    wanted = tuple(one.strip().casefold() for one in tags if one.strip())
    with opened(settings) as app, app.database.writing() as rooms:
        known = joining.tag(rooms, _find(rooms, customer), wanted, remove=remove)
    sentence(f"{known.name} (customer {known.id}): {', '.join(known.tags) or 'no tags'}")
    if VALUED in known.tags and VALUED in wanted:
        sentence(f"{settings.lead.name} is told at once of every complaint of theirs.")


def _find(rooms: Rooms, named: str) -> Customer:
    plain = named.strip().lower()
    known = (
        rooms.customers.get(ID.convert(plain, None, None))
        if plain.isdecimal()
        else rooms.customers.by_address(plain)
    )
    if known is None:
        raise Refused(
            f"No customer {named!r} is known. Name them by number or by an address they wrote from."
        )
    return known
