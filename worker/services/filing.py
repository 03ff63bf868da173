"""A letter we have sent is filed in the mailbox's Sent folder, where the server does not do that itself."""

from dataclasses import replace

from worker.domain.delivery import Delivery, DeliveryState
from worker.ports import Database
from worker.services.fetching import Fetching
from worker.services.house import House


def file_sent_letters(database: Database, house: House, reading: Fetching) -> int:
    """Append every sent letter of this mailbox that is not in Sent yet; asked for first, so never twice.

    A letter put in a folder for a trial has reached nobody, and is no sent letter.
    """
    sending = house.settings.sending
    if sending.files_sent or sending.kind != "smtp" or reading.box.sent == "":
        return 0
    letters = _unfiled(database, reading)
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


def _unfiled(database: Database, reading: Fetching) -> list[Delivery]:
    with database.reading() as rooms:
        letters = rooms.deliveries.where(state=DeliveryState.SENT, filed_in_sent=False)
        return [letter for letter in letters if letter.envelope_from == reading.box.address]
