import time
from datetime import UTC, datetime
from functools import lru_cache

import pytest

from worker.adapters.letters import LetterShelf, frameworks
from worker.adapters.shipped import shipped_folder
from worker.adapters.wordingfiles import load_wording
from worker.domain.apology import ApologyLevel
from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import find_promises
from worker.domain.duetime import render_due
from worker.domain.letter import BadLetter, LetterFacts, LetterStage, open_blanks
from worker.domain.letterfillings import fillings
from worker.domain.particulars import find_particulars
from worker.domain.verdict import Severity
from worker.domain.wording import check_wording
from worker.errors import BadInput

MAMA = LetterShelf.load("mama")
DUE = "by Tuesday 24 November, 5 pm"
SENT_AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DUE_AT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def facts(subject="Kettle", text="", **more):
    told = {"due": DUE, "owner": "Bea", "firm": "The Tea Room", "subject": subject} | more
    return LetterFacts(particulars=find_particulars(subject, text, "en"), **told)


def acknowledgement(topics=("delivery",), severity=None, language="en"):
    return MAMA.choose(stage=LetterStage.ACKNOWLEDGED, language=language, topics=topics, severity=severity)


def own_letter(folder, text="Hello, {{ name }}.", **header):
    lines = {
        "id": "own",
        "framework": "mama",
        "stage": "acknowledged",
        "language": "en",
        "subject": "Hi",
    } | header
    head = "\n".join(f"{key}: {value}" for key, value in lines.items())
    (folder / f"{lines['id']}.txt").write_text(f"{head}\n\n{text}\n", "utf-8")
    return folder


def faults(folder):
    with pytest.raises(BadLetter) as caught:
        LetterShelf.load("mama", folder)
    return [str(fault).removeprefix(str(folder)) for fault in caught.value.faults]


def test_the_letter_names_the_customers_own_particulars():
    text = "My kettle still hasn't arrived (order no. 4711). I have been waiting for eleven days."
    written = MAMA.render(acknowledgement(), facts(text=text, customer="Ada Byron")).text
    assert "Dear Ada Byron," in written
    assert "your order 4711: “My kettle still hasn't arrived (order no. 4711)”" in written
    assert "“for eleven days”" in written
    assert f"I will write to you again {DUE}" in written
    assert open_blanks(written) == ()


def test_what_the_mail_does_not_say_is_an_open_blank():
    blanks = open_blanks(MAMA.render(acknowledgement(), facts(text="Hm.")).text)
    assert [blank.hint for blank in blanks] == ["order number", "what has not arrived, or came late"]


def test_the_level_of_apology_decides_the_words():
    written = {
        level: MAMA.render(acknowledgement(), facts(apology=level)).text.count("I am sorry")
        for level in ApologyLevel
    }
    assert written == {ApologyLevel.NONE: 0, ApologyLevel.REGRET: 1, ApologyLevel.FULL: 1}


def test_several_orders_are_named():
    written = MAMA.render(acknowledgement(), facts(text="Orders 4711 and 4712 never came.")).text
    assert "your orders 4711 and 4712" in written


def test_the_customers_subject_is_answered():
    assert MAMA.render(acknowledgement(), facts(subject="RE: Re: Kettle")).subject == "Re: Kettle"
    assert MAMA.render(acknowledgement(), facts(subject="")).subject == "Your message to us"
    assert "\n" not in MAMA.render(acknowledgement(), facts(subject="Kettle\r\nBcc: x@example.test")).subject


def test_a_grave_matter_gets_the_graver_letter():
    assert acknowledgement(("weather",), Severity.HIGH).id == "ack-plain-high"


@pytest.mark.parametrize("language", ["es", "fr", "de"])
def test_the_other_languages_have_their_plain_letter(language):
    assert acknowledgement(language=language).id == f"ack-plain-{language}"


HOSTILE = ["[[x]]", "{{ owner }}", "{% for a in b %}", "${x}", "\x1b[2J", "\u202e", '"“”', "%(x)s", "<b>"]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_customers_words_open_no_blank_and_are_no_template(words):
    told = facts(subject=f"Kettle {words}", text=f"My kettle {words} is broken.", customer=f"Ada {words}")
    for letter in MAMA.letters:
        written = MAMA.render(letter, told)
        assert {blank.hint for blank in open_blanks(written.text)} <= {
            blank.hint for blank in open_blanks(letter.text)
        }
        assert "{{" not in written.text + written.subject
        assert "\x1b" not in written.text


@pytest.mark.parametrize("letter", MAMA.letters, ids=lambda letter: letter.id)
def test_every_shipped_letter_passes_its_own_check_in_every_filling(letter):
    rules = _wording(letter.language)
    due = _due(letter.language)
    for told in fillings(letter, due, old_due=due):
        written = MAMA.render(letter, told).text
        assert check_wording(written, rules=rules, language=letter.language, template="[[" in written) == ()


@pytest.mark.parametrize(
    "letter", [one for one in MAMA.letters if "due" in one.text], ids=lambda letter: letter.id
)
def test_the_date_a_letter_promises_is_read_back_exactly(letter):
    calendar = BusinessCalendar()
    due = _due(letter.language)
    for told in fillings(letter, due):
        written = MAMA.render(letter, told).text
        promised = find_promises(written, sent_at=SENT_AT, calendar=calendar, locale=letter.language)
        assert [promise.due_at for promise in promised] == [DUE_AT]


@lru_cache
def _wording(language):
    return load_wording([shipped_folder("rules/wording")], ["en", language])


def _due(language):
    calendar = BusinessCalendar()
    return render_due(DUE_AT, zone=calendar.zone, locale=language, at=calendar, sent_at=SENT_AT)


def test_a_teams_letter_replaces_the_shipped_one_of_the_same_id(tmp_path):
    shelf = LetterShelf.load("mama", own_letter(tmp_path, "Ours.", id="ack-plain"))
    assert shelf.render(shelf.get("ack-plain"), facts()).text == "Ours.\n"
    assert len(shelf.letters) == len(MAMA.letters)


def test_a_letter_of_another_framework_is_left_out(tmp_path):
    shelf = LetterShelf.load("mama", own_letter(tmp_path, framework="latte"))
    assert len(shelf.letters) == len(MAMA.letters)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("{{ nmae }}", 7, "nothing is called `nmae`"),
        ("One.\n{{ name", 8, "end of"),
        ("{% for c in what %}{{ c }}{% endfor %}", 7, "`for`"),
        ("{{ 'a' * 999999999 }}", 7, "`mul`"),
        ("{{ name.__class__ }}", 7, "`getattr`"),
        ("{{ owner() }}", 7, "`call`"),
        ("{% include 'x' %}", 7, "`include`"),
        ("{% set a = 1 %}", 7, "`assign`"),
        ("{{ name|attr('x') }}", 7, "attr"),
        ("{% raw %}", 7, "raw"),
    ],
)
def test_a_letter_may_fill_and_choose_and_nothing_else(tmp_path, text, line, says):
    told = faults(own_letter(tmp_path, text))
    assert told[0].startswith(f"/own.txt:{line}: ")
    assert says in told[0]


def test_all_faults_of_all_files_are_named_at_once(tmp_path):
    own_letter(tmp_path, "{{ nmae }} {{ naem }}", id="one")
    own_letter(tmp_path, "Fine.", id="two", stage="never")
    (tmp_path / "three.txt").write_bytes(b"id: three\n\xff\n")
    assert len(faults(tmp_path)) == 4


def test_two_files_with_one_id_are_a_fault(tmp_path):
    own_letter(tmp_path, "One.")
    (tmp_path / "other.txt").write_text((tmp_path / "own.txt").read_text("utf-8"), "utf-8")
    assert "is also that of" in faults(tmp_path)[0]


def test_a_missing_folder_or_framework_is_told(tmp_path):
    with pytest.raises(BadInput, match="no folder"):
        LetterShelf.load("mama", tmp_path / "none")
    with pytest.raises(BadInput, match="mama"):
        LetterShelf.load("nomad")
    with pytest.raises(BadInput, match="letters list"):
        MAMA.get("none")


def test_mama_has_its_steps_and_standards():
    assert "mama" in frameworks()
    assert [step.stages for step in MAMA.framework.steps] == [
        ("heard",),
        ("acknowledged",),
        ("agreed",),
        ("acted", "followed-up"),
    ]
    assert MAMA.framework.standards


def test_filling_a_letter_is_quick():
    told, letter = facts(text="My kettle is broken, order 4711."), acknowledgement()
    started = time.process_time()
    for _ in range(200):
        MAMA.render(letter, told)
    assert (time.process_time() - started) / 200 < 0.0005


def test_the_promise_of_every_shipped_letter_is_read_to_its_full_stop():
    calendar = BusinessCalendar(zone="Europe/London")
    sent_at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    for letter in LetterShelf.load("mama").letters:
        for line in letter.text.splitlines():
            if letter.language != "en" or "I will write to you again {{ due }}" not in line:
                continue
            said = line.replace("{{ due }}", "by Tuesday 24 November, 5 pm")
            (promise,) = find_promises(said, sent_at=sent_at, calendar=calendar, language="en")
            assert said[promise.end] == ".", (letter.id, promise.text)
