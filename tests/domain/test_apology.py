import pytest

from worker.domain.apology import ApologyLevel, propose_apology
from worker.domain.verdict import Evidence, Judgement, Route, Severity, Verdict

NONE, REGRET, FULL = ApologyLevel
LOW, MEDIUM, HIGH = Severity


def judgement(text="My kettle.", severity=LOW, topics=(), rules=()):
    evidence = tuple(Evidence(rule=rule, field="text", start=0, end=2, text="My", weight=1) for rule in rules)
    return Judgement(
        verdict=Verdict.COMPLAINT, score=3, severity=severity, topics=topics, route=Route.DRAFT, evidence=evidence,
        language="en", machine=None, text=text, rules_version="1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "level", "reason"),
    [
        (judgement(), NONE, "acknowledging it is enough"),
        (judgement(topics=("delivery",)), REGRET, "delivery"),
        (judgement(topics=("faulty",)), REGRET, "not as it should be"),
        (judgement(topics=("delivery",), rules=("broken-promise",)), REGRET, "promise was broken"),
        (
            judgement(topics=("delivery",), rules=("broken-promise",), severity=MEDIUM),
            FULL,
            "promise was broken",
        ),
        (judgement(topics=("staff",), severity=MEDIUM), FULL, "staff"),
        (judgement(rules=("repeated-contact", "broken-promise")), FULL, "again"),
        (judgement(severity=HIGH), FULL, "grave"),
        (judgement(severity=MEDIUM), REGRET, "money or time"),
        (judgement("I would like an apology."), FULL, "ask for an apology"),
        (judgement("I do not want an apology, I want my lamp.", severity=HIGH), NONE, "do not want"),
        (judgement("Spare me the apologies.", topics=("delivery",)), NONE, "do not want"),
    ],
)
def test_the_level_is_what_the_customer_would_feel_is_called_for(told, level, reason):
    proposal = propose_apology(told, "mama")
    assert proposal.level is level
    assert reason in proposal.reason.casefold()
    assert proposal.reason.endswith(".")


@pytest.mark.parametrize("framework", ["aware", "learn", "heart"])
def test_a_framework_with_the_step_never_takes_none(framework):
    assert propose_apology(judgement(), framework).level is REGRET


def test_weakened_evidence_is_no_signal():
    evidence = Evidence(
        rule="broken-promise", field="text", start=0, end=2, text="My", weight=0, weakened=True
    )
    told = judgement()
    assert propose_apology(told, "mama").level is NONE
    assert evidence.weakened
