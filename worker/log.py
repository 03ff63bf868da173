"""What the worker writes about itself: one JSON object a line on stderr, or readable lines at a terminal.

Event names are past-tense (`mail_taken_in`, `promise_overdue`). Nothing a customer wrote, no address and no
secret is ever logged: text passes only under the keys listed here, with addresses masked and cut short;
under any other key only numbers, times and yes/no do. Of an exception its class and its places in the code are
kept, never its message or local variables.
"""

import logging
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from types import TracebackType
from typing import Final

import structlog
from structlog.stdlib import BoundLogger
from structlog.typing import EventDict, Processor

TEXT_KEYS: Final = frozenset(
    {
        *("event", "level", "timestamp", "logger", "said", "exception", "error"),
        *("mailbox", "folder", "framework", "rule", "letter", "channel", "step", "command", "version"),
        *("case", "mail", "draft", "promise", "delivery", "notice", "alert", "contact", "customer", "aside"),
        *("verdict", "severity", "route", "topic", "language", "machine", "state", "status", "kind", "phase"),
        *("host", "due_at", "next_alert_at", "next_try_at", "since", "setting", "revision", "message_hash"),
    }
)
"""The keys under which text may be logged: names and identifiers of ours, never words of a mail."""

LONGEST_TEXT: Final = 300
_ADDRESS: Final = re.compile(r"[^\s<>\"'(),;:]{1,64}@[^\s<>\"'(),;:]{1,255}")
_EVENT: Final = re.compile(r"[a-z0-9_]+")
_QUIET: Final = {
    "mailparser": logging.CRITICAL + 1,  # it logs header text
    "imapclient": logging.WARNING,
    "apprise": logging.WARNING,  # its words carry tokens; adapters/alerting hears them and lets none further
    "alembic": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "urllib3": logging.WARNING,
    "py3langid": logging.WARNING,
    "procrastinate": logging.WARNING,
}


def get_logger(name: str) -> BoundLogger:
    """A logger for the module of that name; events are past-tense names, the rest are keys."""
    logger: BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def start_logging(*, level: str = "info", as_json: bool | None = None) -> None:
    """Send our events and the libraries' to stderr from `level` on. None: JSON unless stderr is a terminal."""
    readable = sys.stderr.isatty() if as_json is None else not as_json
    handler = _Stderr()
    handler.setFormatter(_formatter(readable=readable))
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _Stderr)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())


class _Stderr(logging.Handler):
    """Writes to whatever stderr is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - an edge: a log line must never end the work it tells of
            self.handleError(record)


def _formatter(*, readable: bool) -> logging.Formatter:
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    if readable:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_library_words,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            tell_exception,
            keep_allowed,
            renderer,
        ],
        use_get_message=False,  # the template without its arguments: those may be words of a mail
    )


def tell_library_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A library's log record: what it said becomes a value, so that event names stay ours."""
    event["said"] = event.pop("event", "")
    event["event"] = "library_reported"
    return event


def tell_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its class and the places it passed, innermost last."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["exception"] = " <- ".join(_told(error))
    return event


def _told(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    next_error: BaseException | None = error
    while next_error is not None and id(next_error) not in seen:
        seen.add(id(next_error))
        places = " > ".join(_places(next_error.__traceback__))
        yield f"{type(next_error).__name__} at {places}" if places else type(next_error).__name__
        next_error = next_error.__cause__ or next_error.__context__


def _places(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{traceback.tb_frame.f_globals.get('__name__', '?')}.{code.co_qualname}:{traceback.tb_lineno}"
        traceback = traceback.tb_next


def keep_allowed(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Let through what cannot carry a customer's words: see the module's docstring."""
    return {key: _allowed(key, value) for key, value in event.items()}


def _allowed(key: str, value: object) -> object:
    if value is None or isinstance(value, bool | int | float | date | datetime):
        return value.isoformat() if isinstance(value, date) else value
    if key not in TEXT_KEYS:
        return "[withheld]"
    if key == "event" and not _EVENT.fullmatch(str(value)):
        return "[withheld]"  # a sentence where a name belongs: it may quote somebody
    text = mask(str(value))
    longest = 10 * LONGEST_TEXT if key == "exception" else LONGEST_TEXT
    return text if len(text) <= longest else text[:longest] + "..."


def mask(text: str) -> str:
    """The text on one line, without mail addresses."""
    return _ADDRESS.sub("[address]", text.replace("\r", " ").replace("\n", " "))


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    wrapper_class=BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=False,
)

# Where logging was never started nothing may slip out by Python's handler of last resort, which masks nothing.
logging.getLogger("worker").addHandler(logging.NullHandler())
for _name, _level in _QUIET.items():
    logging.getLogger(_name).setLevel(_level)
