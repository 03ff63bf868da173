"""Every command of `amends`: its heading in the help, its name, where it lives, and its one line.

Nothing here is imported until it is called, so that `amends lint` starts at once.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: `place` is "module:attribute" of a click command."""

    place: str
    line: str


COMMANDS: Final[dict[str, dict[str, Entry]]] = {
    "Look first": {
        "demo": Entry("worker.cli.demo:demo", "Make a sample mailbox and walk through one case."),
        "look": Entry("worker.cli.look:look", "See what your own mailbox owes to whom; writes nothing."),
        "triage": Entry("worker.cli.triage:triage", "Judge mails in files: complaint or not, and why."),
        "lint": Entry("worker.cli.lint:lint", "Find fake apologies in a reply before it goes out."),
    },
    "Every day": {
        "cases": Entry("worker.cli.cases:cases", "List, read, mark, hand over and close cases."),
        "drafts": Entry("worker.cli.drafts:drafts", "Read, edit, approve or reject what would be sent."),
        "outbox": Entry("worker.cli.outbox:outbox", "See what became of approved letters."),
        "contact": Entry("worker.cli.contact:contact", "Log a call that reached the customer."),
        "customers": Entry("worker.cli.customers:customers", "Join addresses of one customer, tag them."),
        "people": Entry("worker.cli.people:people", "Say who is away and who stands in."),
    },
    "Promises": {
        "promises": Entry(
            "worker.cli.promises:promises", "See what is owed, to whom, by when; settle it, move it."
        ),
        "alerts": Entry("worker.cli.alerts:alerts", "See what is overdue and answer for it."),
    },
    "Set up and watch": {
        "init": Entry("worker.cli.init:init", "Write amends.toml after a few questions."),
        "doctor": Entry("worker.cli.doctor:doctor", "Try every connection and rule; say what to mend."),
        "run": Entry("worker.cli.run:run", "Watch the mailboxes until stopped."),
        "ingest": Entry("worker.cli.ingest:ingest", "Take in mail from files."),
        "aside": Entry("worker.cli.aside:aside", "See and retry mails that could not be read."),
        "rules": Entry("worker.cli.rules:rules", "Check and list the rules that find complaints."),
        "letters": Entry("worker.cli.letters:letters", "Check and list the letters drafts are made from."),
    },
}


def entry(name: str) -> Entry | None:
    return next((commands[name] for commands in COMMANDS.values() if name in commands), None)


def names() -> list[str]:
    return [name for commands in COMMANDS.values() for name in commands]
