"""Every error of ours; its class answers one question: what does the caller do now?

AmendsError
├── Transient     try again later (exit 75): the world was not ready
├── Refused       tell the person and change nothing (exit 1): a rule of the house stands in the way
├── Broken        set this one message aside with the reason, and go on
├── BadInput      what was given cannot be used (exit 2): a path, a file, an argument
└── BadSettings   the settings are wrong (exit 78), every fault listed

The message of each is a sentence for a person: what happened, and what to do about it.
"""


class AmendsError(Exception):
    """An error a person is told about in one sentence, never as a traceback."""

    exit_code = 1


class Transient(AmendsError):  # noqa: N818 - named for what the caller does, not "...Error"
    """The world was not ready: a server refused, a lock was held. Try again later."""

    exit_code = 75


class Refused(AmendsError):  # noqa: N818
    """A rule of the house stands in the way. Nothing was changed."""

    exit_code = 1


class Broken(AmendsError):  # noqa: N818
    """This one message cannot be read. Set it aside, keep its bytes, go on with the next."""


class BadInput(AmendsError):  # noqa: N818
    """What was given cannot be used. Says what, where, and what would be right."""

    exit_code = 2


class BadSettings(AmendsError):  # noqa: N818
    """The settings are wrong; `faults` names every one with its key and a remedy."""

    exit_code = 78

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))
