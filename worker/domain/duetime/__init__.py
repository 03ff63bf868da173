"""Reads and writes due times; docs/due-times.md tells the shapes."""

from worker.domain.duetime.reading import read_due
from worker.domain.duetime.rendering import render_due
from worker.domain.duetime.values import DueReading, Reading

__all__ = ["DueReading", "Reading", "read_due", "render_due"]
