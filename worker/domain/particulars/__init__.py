"""Reads from a complaint what a letter may name: what happened, which order, since when, each in the customer's words.

Every particular is a verbatim stretch of the subject or of the new words. Better none than a wrong one: a letter puts a
blank in the place of a particular that is not plainly there.
"""

from collections.abc import Sequence
from datetime import datetime

from worker.domain.particulars.found import NO_PARTICULARS, Particular, Particulars, ReferenceKind
from worker.domain.particulars.references import choose_references, find_references
from worker.domain.particulars.sentences import Sentence, split_sentences
from worker.domain.particulars.since import find_since
from worker.domain.particulars.what import find_what
from worker.domain.particulars.words import FAILURE, FALLBACK
from worker.domain.verdict import Evidence

__all__ = ["NO_PARTICULARS", "Particular", "Particulars", "ReferenceKind", "find_particulars"]

_TEXT_READ = 65_536  # characters
_STORY_READ = 16_384  # characters in which what happened is told


def find_particulars(
    subject: str,
    text: str,
    language: str | None,
    sent_at: datetime | None = None,
    evidence: Sequence[Evidence] = (),
) -> Particulars:
    """The particulars of a complaint from its subject and the customer's new words.

    `evidence` (of the judgement) makes the sentence that the rules marked the likelier one to be quoted. Offsets are
    those of `subject` and `text`. Linear; reads the first 64 KiB.
    """
    told = text[:_TEXT_READ]
    title = subject[:1000]
    spoken = language if language in FAILURE else FALLBACK
    sentences = split_sentences(told[:_STORY_READ], "text", spoken)
    heading = Sentence(field="subject", start=0, text=title, language=spoken)
    references = find_references(title, "subject") + find_references(told, "text")
    chosen = choose_references(references, sentences, heading)
    what = find_what(sentences, heading, evidence)
    return Particulars(
        what=what,
        reference=chosen[0] if chosen else None,
        since=find_since(sentences, what, sent_at),
        references=references,
        about=chosen,
    )
