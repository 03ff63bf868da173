"""What counts as the sender's own subject."""

import pytest

from worker.domain.mail import InboundMail


@pytest.mark.parametrize(
    "subject", ["Re: slow cooker guarantee", "AW: Langsamer Kocher", "RE: RE: [Ticket 7] slow"]
)
def test_the_subject_of_an_answer_is_another_mails(subject: str) -> None:
    mail = InboundMail(message_id=None, sender=None, subject=subject, in_reply_to=("<a@example.org>",))
    assert mail.new_subject == ""


def test_a_new_subject_in_a_thread_is_the_senders_own() -> None:
    mail = InboundMail(message_id=None, sender=None, subject="Still broken", references=("<a@example.org>",))
    assert mail.new_subject == "Still broken"


def test_a_re_without_a_thread_is_taken_as_written() -> None:
    mail = InboundMail(message_id=None, sender=None, subject="Re: my broken kettle")
    assert mail.new_subject == "Re: my broken kettle"
