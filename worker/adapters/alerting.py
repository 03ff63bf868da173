"""Brings an alert to a person through any channel that Apprise knows. The one home of apprise.

An alert goes out at least once: it carries a stable id, so that whoever gets it twice can tell. What a
channel's URL hides (tokens, passwords, webhook paths) never stands in a sentence or a log.
"""

import functools
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from urllib.parse import quote

import apprise

from worker.adapters.connections import one_line
from worker.errors import BadSettings, Transient

# Apprise logs whole URLs and bodies at its lower levels, and so does what it calls by.
_LOGGER = logging.getLogger("apprise")
_LOGGER.setLevel(logging.WARNING)
_LOGGER.propagate = False
logging.getLogger("urllib3").setLevel(logging.WARNING)
_LOGGER.addHandler(logging.NullHandler())

_FIELDS_OF_OUR_OWN = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})
_WHOLE_SECONDS = 45  # after it Apprise gives up a channel that drips
_DEFAULTS = {"cto": "10", "rto": "20", "retry": "0"}  # seconds to connect, to answer; the notice row retries


@functools.cache
def _load_plugins() -> None:
    """Apprise loads its plugins at the first use, and one of them imports what Python 3.11 calls deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        apprise.Apprise.instantiate("json://localhost")


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(app_id="Amends", app_desc="Amends", service_timeout=_WHOLE_SECONDS)


class Kind(StrEnum):
    """How a channel may colour it."""

    INFO = "info"  # digests
    WARNING = "warning"  # due soon
    FAILURE = "failure"  # overdue, a mailbox lost
    SUCCESS = "success"  # all is well again


class AppriseChannel:
    """One channel: a name of the team's choice and an Apprise URL."""

    def __init__(self, name: str, url: str) -> None:
        """Raises BadSettings when Apprise cannot make anything of the URL."""
        self.name = name
        self._url = url.strip()
        self._schema = self._url.partition("://")[0].lower()
        _load_plugins()
        self._make("")

    def notify(self, title: str, body: str, kind: str, stable_id: str) -> None:
        """Hand one alert over. Raises Transient, a sentence without the secret URL, when it was not taken."""
        service = self._make(stable_id)
        # One line: in a mail's Subject a line end would begin a header of its own.
        text = f"{body.rstrip()}\n\nNotice {stable_id}"
        with _overheard() as words:
            try:
                taken = bool(
                    service.notify(
                        body=text,
                        title=one_line(title, 200),
                        notify_type=apprise.NotifyType(Kind(kind).value),
                        body_format=apprise.NotifyFormat.TEXT,
                    )
                )
            except Exception as error:  # noqa: BLE001 - a hundred plugins, each with errors of its own
                words.append(type(error).__name__)
                taken = False
        if not taken:
            reason = self._without_secrets(" ".join(words[-2:])) or "no reason given"
            raise Transient(f"The channel {self.name} ({self.describe()}) did not take the alert: {reason}")

    def describe(self) -> str:
        """The channel's URL with its secrets masked; the kind alone where Apprise would show too much."""
        masked = str(self._service("").url(privacy=True))  # type: ignore[no-untyped-call]  # apprise has no types
        return self._without_secrets(masked.partition("?")[0])

    def _make(self, stable_id: str) -> apprise.Apprise:
        service = apprise.Apprise(asset=_asset())
        service.add(self._service(stable_id))
        return service

    def _service(self, stable_id: str) -> apprise.NotifyBase:
        with _overheard():
            service = apprise.Apprise.instantiate(self._full_url(stable_id), asset=_asset())
        if service is None:
            raise BadSettings(
                (
                    f"alerts channel {self.name}: Apprise does not understand its {self._schema or '(empty)'} URL.",
                )
            )
        return service

    def _full_url(self, stable_id: str) -> str:
        extra = {key: value for key, value in _DEFAULTS.items() if not re.search(rf"[?&]{key}=", self._url)}
        if stable_id and self._schema in _FIELDS_OF_OUR_OWN:
            extra[":id"] = stable_id
        if stable_id and self._schema in {"mailto", "mailtos"}:
            extra["+X-Amends-Notice"] = stable_id
        query = "&".join(f"{quote(key, safe=':+')}={quote(value, safe='')}" for key, value in extra.items())
        return f"{self._url}{'&' if '?' in self._url else '?'}{query}"

    def _without_secrets(self, words: str) -> str:
        """Every longer piece of the URL beyond its host is taken for a secret."""
        after_schema = self._url.partition("://")[2]
        sign_in, _, rest = after_schema.rpartition("@")
        _, _, path = rest.partition("/")
        for piece in re.split(r"[^\w.~%+-]+", f"{sign_in} {path}"):
            if len(piece) >= 4:
                words = words.replace(piece, "***")
        return one_line(words)


# Apprise works in a thread of its own and takes the context along.
_EARS: ContextVar[list[str] | None] = ContextVar("what apprise says", default=None)


class _Ear(logging.Handler):
    """Keeps what Apprise says about the very send at hand."""

    def emit(self, record: logging.LogRecord) -> None:
        heard = _EARS.get()
        if heard is not None:
            heard.append(record.getMessage())


_LOGGER.addHandler(_Ear(level=logging.WARNING))


@contextmanager
def _overheard() -> Iterator[list[str]]:
    words: list[str] = []
    token = _EARS.set(words)
    try:
        yield words
    finally:
        _EARS.reset(token)
