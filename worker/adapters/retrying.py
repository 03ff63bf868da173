"""Says how long to wait before trying again, and tries again what may be tried again: never a letter."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import tenacity

from worker.errors import Transient

LONGEST_WAIT = 300.0  # seconds

T = TypeVar("T")


def reconnect_delays(longest: float = LONGEST_WAIT) -> Iterator[float]:
    """Seconds to wait before each new connection: 1 to `longest`, full jitter, for ever.

    Full jitter, so that many mailboxes cut by one server do not come back at the same moment.
    """
    ceiling = 2.0
    while True:
        yield random.uniform(1.0, min(ceiling, longest))
        ceiling = min(ceiling * 2, longest)


def retry_transient(
    work: Callable[[], T], *, attempts: int, stop: threading.Event, first: float = 1.0, longest: float = 30.0
) -> T:
    """Do `work`, and again after a Transient, at most `attempts` times; the last error is raised.

    `stop` ends the waiting at once; the error at hand is raised then. Not for sending letters: a second
    DATA is a second letter.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Transient),
        stop=tenacity.stop_any(tenacity.stop_after_attempt(attempts), tenacity.stop_when_event_set(stop)),
        wait=tenacity.wait_random_exponential(multiplier=first, max=longest),
        sleep=tenacity.sleep_using_event(stop),
        reraise=True,
    )(work)
