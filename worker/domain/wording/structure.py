"""What no phrase can say: an excuse after "but", questions or background first, an apology that names nothing.

Each function reads one letter and gives the stretches that hurt, as inclusive token ranges or characters.
"""

import re
from collections.abc import Iterable, Iterator

from worker.domain.wording.reading import Reading

_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{0,60}\}\}|\{%[^{}\n]{1,60}%\}|\$?\{[A-Za-z_][\w .-]{0,40}\}|\[\[[^\[\]\n]{0,200}\]\]"
    r"|\[[A-Za-z][^\[\]\n]{0,40}\](?!\()|<<?[A-Za-z][A-Za-z_ ]{1,30}>>?|%%?[A-Za-z_]{1,30}%%?|%\([a-z_]{1,30}\)s"
    r"|_{4,60}|\bX{3,12}\b|#[A-Z_]{3,20}#|\b[A-Z]{2,20}_[A-Z]{2,20}\b"
    r"|\b(?:[Gg]eehrter?|[Ll]iebe|[Ll]ieber)(?:/r|\*r|/-r)\b|\b(?:Herrn?/Frau|Frau/Herrn?|Mr\.?/M(?:r?s)\.?|Sir/Madam)"
    r"|\b(?:[Ee]stimado/a|[Qq]uerido/a|Sr\.?/Sra\.?|Cher/[Cc]hère|M\.?/Mme)\b"
)
_SIGNS = ("{", "[", "<", "%", "_", "#", "/", "*", "XXX")  # every placeholder holds one
_NOT_PLACEHOLDERS = {"[sic]", "[...]", "[…]", "<br>", "<b>", "<i>", "<p>", "[image]", "[cid]"}
_MENDS = ("repair", "alternative", "offer", "polite", "request")
_HEARS = ("sorry", "owned", "acknowledged", "repair", "alternative", "offer", "polite", "pity")
_ANSWERS = ("owned", "repair", "alternative", "offer", "polite")
_TELLS_A_STORY = 6  # words
_PUTS_FIRST = ("sorry", "owned", "acknowledged", "offer")  # before it asks
_SAYS_SOMETHING = 4  # words; "Noted, thanks." defends nothing
_NAMES_SOMETHING = 2  # distinct concrete words that a letter with an apology must at least hold
_LATE_CONTRAST = 3  # words before a "however" that still begins its sentence

Range = tuple[int, int]  # first and last token, inclusive


def placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Characters of everything that was to be filled in and was not."""
    if not any(sign in text for sign in _SIGNS):  # most letters hold none, and looking for each costs more
        return
    for match in _PLACEHOLDER.finditer(text):
        if match.group().lower() not in _NOT_PLACEHOLDERS:
            yield match.span()


def excuses_after_but(reading: Reading) -> Iterator[Range]:
    """An apology undone by what follows "but" in its sentence, or by a "however" that begins the next one."""
    for number, sentence in enumerate(reading.sentences):
        for contrast in reading.cued(number, ["contrast"]):
            tail = range(contrast.last_token + 1, sentence.last)
            if not tail or _mended(reading, number, contrast.first_token):
                continue
            sorry = [hit for hit in reading.cued(number, ["sorry"]) if hit.first_token < contrast.first_token]
            if sorry and not reading.cued(number, ["polite"]):
                yield reading.clause(sorry[0].first_token, sorry[0].last_token)[0], sentence.last - 1
                break
            if _undoes_the_last(reading, number, contrast.first_token):
                yield contrast.first_token, sentence.last - 1
                break


def _undoes_the_last(reading: Reading, number: int, contrast: int) -> bool:
    begins = contrast - reading.sentences[number].first <= _LATE_CONTRAST
    apology = reading.cued(number - 1, ["sorry"]) and not reading.cued(number - 1, ["polite"])
    return begins and bool(apology)


def _mended(reading: Reading, number: int, contrast: int) -> bool:
    """What follows the contrast owns, mends or offers before it excuses."""
    if _first_after(reading, number, ["owned"], contrast) is not None:
        return True
    mends = _first_after(reading, number, _MENDS, contrast)
    excuse = _first_after(reading, number, ["excuse"], contrast)
    if mends is None:
        return excuse is None and bool(reading.cued(number + 1, ["alternative"]))
    return excuse is None or mends <= excuse


def _first_after(reading: Reading, number: int, names: Iterable[str], place: int) -> int | None:
    """The token at which the first of these cues begins, at or after a place of the sentence."""
    return min(
        (hit.first_token for hit in reading.cued(number, names) if hit.first_token >= place), default=None
    )


def question_first(reading: Reading) -> Iterator[Range]:
    """Questions or orders to send something, before a word about what happened."""
    number = _unacknowledged_opening(reading)
    if number is None:
        return
    for place in (number, number + 1):
        if place >= len(reading.sentences) or reading.cued(place, _PUTS_FIRST):
            return
        sentence = reading.sentences[place]
        if sentence.mark == "?" or reading.cued(place, ["request"]):
            yield sentence.first, sentence.last - 1
            return


def explanation_first(reading: Reading) -> Iterator[Range]:
    """Background or a defence, before a word about what happened."""
    number = reading.opening()
    if number is None or reading.cued(number, ["sorry", "owned", "polite", "repair"]):
        return
    if reading.cued(number + 1, ["owned"]):
        return
    told = reading.cued(number, ["background"])
    heard = reading.cued(number, ["acknowledged"])
    sentence = reading.sentences[number]
    if sentence.mark == "?" or any(not told or hit.first_token < told[0].first_token for hit in heard):
        return
    if told or _speaks_of_us_only(reading, number):
        yield sentence.first, sentence.last - 1


def _speaks_of_us_only(reading: Reading, number: int) -> bool:
    """Whether a sentence tells about our own affairs and the rest of the letter merely regrets."""
    if reading.sentences[number].last - reading.sentences[number].first < _TELLS_A_STORY:
        return False
    if reading.cued(number, ["addressed"]) or not reading.cued(number, ["ours"]):
        return False
    return not any(reading.cued(place, _ANSWERS) for place in range(len(reading.sentences)))


def unheard(reading: Reading) -> Iterator[Range]:
    """The opening of a letter in which no sentence regrets, owns, mends, offers or says what happened to the customer."""
    number = reading.opening()
    if number is None or any(reading.cued(place, _HEARS) for place in range(len(reading.sentences))):
        return
    sentence = reading.sentences[number]
    if sentence.last - sentence.first >= _SAYS_SOMETHING:
        yield sentence.first, sentence.last - 1


def _unacknowledged_opening(reading: Reading) -> int | None:
    """Where the letter opens; a courtesy line that already asks counts as the opening."""
    for number, sentence in enumerate(reading.sentences):
        if reading.cued(number, ["sorry", "owned"]):
            return None
        if sentence.mark == "?" or reading.cued(number, ["request"]) or not reading.is_courtesy(number):
            return number
    return None


def names_nothing(reading: Reading, filled: int) -> Iterator[Range]:
    """The apology of a letter that names neither thing, day, number nor deed. `filled`: blanks taken as words."""
    generic, words = reading.pack.generic, reading.tokens.words
    apology: Range | None = None
    concrete: set[str] = set()
    for number, sentence in enumerate(reading.sentences):
        if reading.is_courtesy(number) or reading.cued(number, ["closing"]):
            continue
        said = {word for word in words[sentence.first : sentence.last] if word not in generic}
        sorry = reading.cued(number, ["sorry"])
        if sorry and apology is None:
            if said or reading.cued(number, ["polite"]):
                return
            apology = reading.clause(sorry[0].first_token, sentence.last - 1)
        concrete |= said
    if apology and len(concrete) + filled < _NAMES_SOMETHING:
        yield apology
