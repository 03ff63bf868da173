"""Checks that every line of the labelled sets is well formed and that the sets are as wide as promised."""

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email import message_from_string
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
LANGUAGES = {"en", "es", "fr", "de", "pt", "it", "nl"}
SEVERITIES = {"low", "medium", "high"}
STRENGTHS = {"firm", "hedged", "vague"}
MACHINES = {None, "bounce", "auto_reply", "list", "notification", "feedback_report", "receipt"}
FAKE_KINDS = (
    "conditional",
    "feelings-focused",
    "passive",
    "minimising",
    "blame-shifting",
    "policy-shield",
    "inconvenience-cliche",
    "excuse-but",
    "customer-is-wrong",
    "sarcastic",
    "over-automated",
    "question-before-acknowledgement",
    "explanation-first",
    "over-generic",
)
SETS = {
    "mails": ("mails.jsonl", 420, "id language subject text complaint severity safety kind"),
    "replies": ("replies.jsonl", 320, "id language reply_to text bad"),
    "promises": ("promises.jsonl", 320, "id language locale zone country sent_at text promises"),
    "machines": ("machines/machines.jsonl", 210, "id raw machine"),
}

Line = dict[str, Any]


def is_untouched(line_id: str) -> bool:
    """Whether this line belongs to the third that nobody looks at while tuning."""
    return int(hashlib.sha256(line_id.encode()).hexdigest()[:8], 16) % 3 == 0


def faults_of_mail(line: Line) -> Iterator[str]:
    if line["complaint"] not in {True, False, None}:
        yield "complaint is not true, false or null"
    if (line["complaint"] is None) == (line["language"] in LANGUAGES):
        yield "null is for a language that no rule covers, and only for that"
    if (line["severity"] in SEVERITIES) != (line["complaint"] is True):
        yield "severity goes with a complaint, and only with one"
    if not isinstance(line["safety"], bool):
        yield "safety is not true or false"
    if not re.fullmatch(r"[a-z_]+", line["kind"]):
        yield "kind is not a short word"


def faults_of_reply(line: Line) -> Iterator[str]:
    if line["reply_to"] not in {"complaint", "enquiry", "praise"}:
        yield "reply_to is unknown"
    for bad in line["bad"]:
        if set(bad) != {"kind", "text"} or bad["kind"] not in FAKE_KINDS:
            yield f"not a kind: {bad}"
        if line["text"].count(bad["text"]) != 1:
            yield f"not exactly once in the text: {bad['text']}"


def faults_of_promises(line: Line) -> Iterator[str]:
    sent = datetime.fromisoformat(line["sent_at"])
    if sent.utcoffset() != sent.astimezone(ZoneInfo(line["zone"])).utcoffset():
        yield "sent_at has another offset than its zone"
    for promise in line["promises"]:
        if set(promise) != {"text", "strength", "due_at", "unsure"}:
            yield f"wrong keys: {sorted(promise)}"
        if line["text"].count(promise["text"]) != 1:
            yield f"not exactly once in the text: {promise['text']}"
        if promise["strength"] not in STRENGTHS or not isinstance(promise["unsure"], bool):
            yield f"strength or unsure: {promise}"
        timeless = promise["strength"] == "vague" or promise["unsure"]
        if timeless != (promise["due_at"] is None):
            yield f"a due time goes with a sure promise that is not vague: {promise}"
        if promise["due_at"] and datetime.fromisoformat(promise["due_at"]) <= sent:
            yield f"due before it was sent: {promise}"


def faults_of_machine(line: Line) -> Iterator[str]:
    if line["machine"] not in MACHINES:
        yield "not a kind of machine mail"
    if "\r" in line["raw"] or "\n\n" not in line["raw"]:
        yield "raw is not headers, an empty line and a body with LF"
    mail = message_from_string(line["raw"])
    if mail.defects or not mail["From"]:
        yield f"cannot be read as a mail: {mail.defects}"


FAULTS = {
    "mails": faults_of_mail,
    "replies": faults_of_reply,
    "promises": faults_of_promises,
    "machines": faults_of_machine,
}


def common_faults(name: str, line: Line, keys: str) -> Iterator[str]:
    if set(line) - {"note"} != set(keys.split()):
        yield f"keys are {sorted(line)}"
    if not re.fullmatch(name.removesuffix("s").replace("replie", "reply") + r"-\d{4}", line["id"]):
        yield "the id has another form"
    text = line.get("raw") or line["text"]
    if text != text.strip() and name != "machines":
        yield "blanks around the text"
    if any(ord(sign) < 32 and sign not in {"\n", "\t"} for sign in text):
        yield "a control character"


def normal(line: Line) -> str:
    return re.sub(r"\W+", " ", (line.get("raw") or line["text"]).lower()).strip()


def check(name: str) -> list[str]:
    """Every fault of one set, each with the id of its line."""
    path, least, keys = SETS[name]
    lines = [json.loads(row) for row in (HERE / path).read_text(encoding="utf-8").splitlines()]
    faults = [
        f"{line['id']}: {fault}"
        for line in lines
        for fault in (*common_faults(name, line, keys), *FAULTS[name](line))
    ]
    for what, values in (("id", [line["id"] for line in lines]), ("text", [normal(line) for line in lines])):
        faults += [f"{name}: the {what} twice: {x[:80]}" for x, n in Counter(values).items() if n > 1]
    if len(lines) < least:
        faults.append(f"{name}: {len(lines)} lines, {least} are promised")
    report(name, lines)
    return faults + [f"{name}: {gap}" for gap in gaps(name, lines)]


def gaps(name: str, lines: list[Line]) -> Iterator[str]:
    languages = Counter(line.get("language") for line in lines)
    if name == "mails":
        yield from (f"only {languages[x]} in {x}" for x in LANGUAGES if languages[x] < 20)
    if name == "replies":
        seen = {(bad["kind"], line["language"]) for line in lines for bad in line["bad"]}
        yield from (
            f"no {kind} in {x}"
            for kind in FAKE_KINDS
            for x in ("en", "es", "fr", "de")
            if (kind, x) not in seen
        )
    if name == "machines" and sum(line["machine"] is None for line in lines) < 50:
        yield "fewer than 50 mails of people"


def counts(name: str, lines: list[Line]) -> Iterator[tuple[str, Counter[str]]]:
    if name != "machines":
        yield "language", Counter(line["language"] for line in lines)
    if name == "mails":
        yield "complaint", Counter(str(line["complaint"]) for line in lines)
        yield "severity", Counter(str(line["severity"]) for line in lines)
        yield "safety", Counter(str(line["safety"]) for line in lines)
        yield "kind", Counter(line["kind"] for line in lines)
    if name == "replies":
        yield "clean, by language", Counter(line["language"] for line in lines if not line["bad"])
        for language in ("en", "es", "fr", "de"):
            yield (
                f"kind, {language}",
                Counter(bad["kind"] for line in lines if line["language"] == language for bad in line["bad"]),
            )
    if name == "promises":
        yield "none, by language", Counter(line["language"] for line in lines if not line["promises"])
        found = [promise for line in lines for promise in line["promises"]]
        yield "strength", Counter(promise["strength"] for promise in found)
        yield "unsure", Counter(str(promise["unsure"]) for promise in found)
    if name == "machines":
        yield "machine", Counter(str(line["machine"]) for line in lines)


def report(name: str, lines: list[Line]) -> None:
    untouched = sum(is_untouched(line["id"]) for line in lines)
    print(f"{name}: {len(lines)} lines, {untouched} of them untouched")
    for what, counter in counts(name, lines):
        print(f"  {what}: " + ", ".join(f"{key} {n}" for key, n in counter.most_common()))


def main() -> int:
    faults = [fault for name in SETS for fault in check(name)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
