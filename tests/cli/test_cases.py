import re
from datetime import timedelta

import pytest

from tests.cli.conftest import Workspace
from tests.people import ADA, DAN, QUESTION, THREAT, mail
from worker.domain.promise import Promise, PromiseSource
from worker.services import promising

BEA, CAL = ("--as", "Bea Holt"), ("--as", "Cal Reyes")
DAYS = 24


def complained(workspace: Workspace, *, hours_ago: float = 2) -> None:
    with workspace.office(hours_ago=hours_ago) as office:
        office.arrive(mail())


def promised(workspace: Workspace, words: str = "I will ring you tomorrow") -> int:
    with workspace.office() as office, office.app.database.writing() as rooms:
        return promising.make(
            rooms,
            office.app.house,
            Promise(
                case_id=1,
                words=words,
                made_at=office.now,
                due_at=office.now + timedelta(days=5),
                zone="Europe/London",
                owner="Bea Holt",
                source=PromiseSource.PHONE,
            ),
        ).id


# The list


def test_the_worst_case_comes_first_and_every_row_has_its_date(workspace: Workspace) -> None:
    with workspace.office(hours_ago=1) as office:
        office.arrive(mail(QUESTION, sender=DAN, subject="Filters"))
        office.arrive(mail(subject="My kettle"))
    with workspace.office(hours_ago=9 * DAYS) as office:
        office.arrive(mail(subject="Long ago", sender="old@example.org"))
    with workspace.office(hours_ago=1) as office:
        office.arrive(mail(THREAT, sender="eve@example.org", subject="Last word"))
    told = workspace.said("cases", "list")
    order = [re.search(r"Last word|Long ago|My kettle|Filters", line) for line in told.splitlines()[1:]]
    assert [found[0] for found in order if found] == ["Last word", "Long ago", "My kettle", "Filters"]
    assert "late" in told.splitlines()[2]
    assert "nothing owed" in told.splitlines()[4]


def test_the_list_for_scripts_is_a_line_a_case(workspace: Workspace) -> None:
    complained(workspace)
    line = workspace.line("cases", "list")
    assert (line["id"], line["kind"], line["state"]) == (1, "complaint", "new")
    assert line["customer"]["name"] == "Ada Lovell"
    assert line["next_for"] == "first answer"
    assert line["next_at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("narrowed", "wanted"),
    [
        (("--kind", "other"), [2]),
        (("--kind", "complaint"), [1]),
        (("--owner", "bea holt"), [1, 2]),
        (("--owner", "Cal Reyes"), []),
        (("--severity", "medium"), [1]),
        (("--state", "new"), [1, 2]),
        (("--state", "closed"), [3]),
        (("--topic", "delivery"), [1]),
        (("--mailbox", "support"), [1, 2]),
        (("--mailbox", "sales"), []),
        (("--all",), [1, 2, 3]),
    ],
)
def test_the_list_is_narrowed(workspace: Workspace, narrowed: tuple[str, ...], wanted: list[int]) -> None:
    with workspace.office() as office:
        office.arrive(mail())
        office.arrive(mail(QUESTION, sender=DAN))
        office.arrive(mail(QUESTION, sender="eve@example.org"))
    workspace.said("cases", "close", 3, *BEA)
    assert sorted(line["id"] for line in workspace.lines("cases", "list", *narrowed)) == wanted


def test_a_promise_gives_a_case_its_next_date(workspace: Workspace) -> None:
    complained(workspace)
    workspace.said("contact", "log", 1, "--call", "told her", *BEA)
    number = promised(workspace)
    workspace.said("contact", "log", 1, "--call", "told her again", "--settles", "none", *BEA)
    assert workspace.line("cases", "list")["next_for"] == f"promise {number}"


def test_no_case_is_said_in_a_sentence(workspace: Workspace) -> None:
    assert workspace.said("cases", "list") == "No open case fits.\n"
    assert workspace.said("cases", "list", "--json") == ""


# One case


def test_the_customers_words_come_first_with_what_gave_them_away(workspace: Workspace) -> None:
    complained(workspace)
    told = workspace.said("cases", "show", 1)
    assert told.startswith("Case 1: My kettle\n")
    words, rule, standing = (
        told.index("›was promised for last Tuesday"),
        told.index("(promise-broken, +3)"),
        told.index("Where it stands"),
    )
    assert words < rule < standing
    assert "about order 48213. I am very ›disappointed‹." in told


def test_quoted_history_is_folded_to_a_line(workspace: Workspace) -> None:
    quoting = f"{QUESTION}\n\nOn Mon, 2 Nov 2026, Bea wrote:\n> Dear Ada,\n> the filters are blue.\n"
    with workspace.office() as office:
        office.arrive(mail(quoting))
    told = workspace.said("cases", "show", 1)
    assert "filters are blue" not in told
    assert "quoted lines" in told


def test_reading_with_a_name_is_kept_as_heard(workspace: Workspace) -> None:
    complained(workspace)
    assert "Heard by Bea Holt" in workspace.said("cases", "show", 1, *BEA)
    line = workspace.line("cases", "show", 1)
    assert (line["heard_by"], line["state"]) == ("Bea Holt", "awaiting_us")


def test_scripts_do_not_hear(workspace: Workspace) -> None:
    complained(workspace)
    assert workspace.line("cases", "show", 1, *BEA)["heard_at"] is None


def test_evidence_offsets_count_in_the_text_they_belong_to(workspace: Workspace) -> None:
    complained(workspace)
    (read,) = workspace.line("cases", "show", 1)["mails"]
    assert read["evidence"]
    for one in read["evidence"]:
        assert read["text"][one["start"] : one["end"]] == one["text"]


def test_mail_cannot_drive_the_terminal(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail("It still has not arrived.\x1b]0;owned\x07", subject="A \x9b31m kettle"))
    for told in (workspace.said("cases", "show", 1), workspace.said("cases", "list")):
        assert "\x1b" not in told
        assert "\x9b" not in told


def test_promises_calls_and_other_cases_stand_on_the_page(workspace: Workspace) -> None:
    complained(workspace)
    with workspace.office(hours_ago=1) as office:
        office.arrive(mail(QUESTION, subject="Filters"))
    promised(workspace)
    workspace.said("contact", "log", 1, "--call", "she asked about Tuesday", "--settles", "none", *BEA)
    told = workspace.said("cases", "show", 1)
    assert "“I will ring you tomorrow”" in told
    assert "call, Bea Holt: she asked about Tuesday" in told
    assert "2  new: Filters" in told


def test_words_that_run_over_a_line_end_are_told_on_one_line(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail("My kettle still\nhasn't arrived."))
    assert "  ›still hasn't arrived‹: " in workspace.said("cases", "show", 1)


def test_a_case_that_is_not_there_is_refused_in_a_sentence(workspace: Workspace) -> None:
    code, out, err = workspace.run("cases", "show", 99)
    assert (code, out) == (1, "")
    assert err == "There is no case 99. See: amends cases list\n"


# What a person decides


def test_a_mark_outranks_the_rules(workspace: Workspace) -> None:
    complained(workspace)
    workspace.said("cases", "mark", 1, "not-complaint", *BEA)
    assert workspace.line("cases", "list")["kind"] == "other"
    assert "Draft 2 waits" in workspace.said("cases", "mark", 1, "complaint", *BEA)


def test_only_the_teams_people_decide(workspace: Workspace) -> None:
    complained(workspace)
    code, _, err = workspace.run("cases", "mark", 1, "complaint", "--as", "Dan")
    assert code == 2
    assert "Bea Holt, Cal Reyes" in err


def test_a_decision_without_a_name_is_unusable(workspace: Workspace) -> None:
    complained(workspace)
    assert workspace.run("cases", "close", 1)[0] == 2


def test_closing_names_the_promise_in_the_way(workspace: Workspace) -> None:
    complained(workspace)
    number = promised(workspace)
    code, _, err = workspace.run("cases", "close", 1, *BEA)
    assert code == 1
    assert f"promise {number} (open): “I will ring you tomorrow”" in err


def test_a_case_is_closed_and_opened_again(workspace: Workspace) -> None:
    complained(workspace)
    workspace.said("cases", "close", 1, *BEA, "--reason", "sorted on the telephone")
    line = workspace.line("cases", "show", 1)
    assert (line["state"], line["close_reason"]) == ("closed", "sorted on the telephone")
    assert "Next date:" in workspace.said("cases", "reopen", 1, *BEA)


def test_a_case_is_handed_over(workspace: Workspace) -> None:
    complained(workspace)
    promised(workspace)
    assert "open promise went along" in workspace.said("cases", "assign", 1, "cal reyes", *BEA)
    assert workspace.line("cases", "list")["owner"] == "Cal Reyes"


def test_a_safety_case_is_lifted_by_a_person(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail(THREAT))
    assert "safety case" in workspace.run("cases", "close", 1, *CAL)[2]
    assert "no safety case any more" in workspace.said("cases", "lift", 1, *CAL)


def test_cases_are_merged_and_split(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail())
        office.arrive(mail(QUESTION, subject="Filters"))
    workspace.said("cases", "merge", 2, 1, *BEA)
    assert len(workspace.line("cases", "show", 1)["mails"]) == 2
    assert workspace.line("cases", "show", 2)["merged_into"] == 1
    assert workspace.run("cases", "mark", 2, "complaint", *BEA)[0] == 1
    assert "Case 3 holds 1 mail" in workspace.said("cases", "split", 1, "--mail", 2, *BEA)


def test_a_claim_is_accepted(workspace: Workspace) -> None:
    with workspace.office() as office:
        first = office.arrive(mail())
        office.arrive(mail(sender=DAN, answers=first.message_id))
    assert "claims case 1" in workspace.said("cases", "list")
    workspace.said("cases", "accept-claim", 2, *BEA)
    assert workspace.line("cases", "show", 1)["addresses"] == [ADA, DAN]


def test_a_complaint_by_telephone_opens_a_case(workspace: Workspace) -> None:
    said = ("--subject", "Kettle", "--note", "She says it still has not come.", *BEA)
    told = workspace.said("cases", "open", "--phone", "--customer", ADA, "--name", "Ada Lovell", *said)
    assert "Case 1 is open, owner Bea Holt." in told
    assert "Draft 1 waits" in told
    assert "Ada Lovell said on the telephone" in workspace.said("cases", "show", 1)
    assert workspace.lines("contact", "list", 1) == []


def test_a_complaint_acknowledged_on_the_call_has_its_contact(workspace: Workspace) -> None:
    said = ("--subject", "Kettle", "--note", "It still has not come.", "--acknowledged", *BEA)
    workspace.said("cases", "open", "--phone", "--name", "Ada", *said)
    assert workspace.line("contact", "list", 1)["how"] == "call"
    assert workspace.line("cases", "list")["next_for"] == "next contact"


def test_a_call_from_nobody_is_unusable(workspace: Workspace) -> None:
    code, _, err = workspace.run("cases", "open", "--phone", "--subject", "x", "--note", "y", *BEA)
    assert code == 2
    assert "--customer ADDRESS" in err
