"""A letter we have sent is filed in the mailbox's Sent folder, where the server does not do that itself."""

from dataclasses import replace

from worker.domain.delivery import Delivery, DeliveryState
from worker.ports import Database
from worker.services.fetching import Fetching
from worker.services.house import House
from worker.settings import Mailbox


def file_sent_letters(database: Database, house: House, reading: Fetching) -> int:
    """Append every sent letter of this mailbox that is not in Sent yet; asked for first, so never twice.

    A letter put in a folder for a trial has reached nobody, and is no sent letter.
    """
    letters = _unfiled(database, house, reading.box)
    sent = reading.server.find_sent(reading.box.sent) if letters else None
    if sent is None:
        return 0
    for letter in letters:
        if not reading.server.search_header(sent, "Message-ID", letter.message_id):
            reading.server.append(sent, letter.raw, ["\\Seen"], letter.planned_at)
        with database.writing() as rooms:
            now = rooms.deliveries.get(letter.id)
            if now is not None:
                rooms.deliveries.save(replace(now, filed_in_sent=True))
    return len(letters)


def anything_unfiled(database: Database, house: House, box: Mailbox) -> bool:
    """Whether a letter of this mailbox has left and is not in Sent yet."""
    return bool(_unfiled(database, house, box))


def _unfiled(database: Database, house: House, box: Mailbox) -> list[Delivery]:
    sending = house.settings.sending
    if sending.files_sent or sending.kind != "smtp" or box.sent == "":
        return []
    with database.reading() as rooms:
        letters = rooms.deliveries.where(state=DeliveryState.SENT, filed_in_sent=False)
        return [letter for letter in letters if letter.envelope_from == box.address]
