"""Reads amends.toml: parsed, filled in, checked whole, and every fault raised together."""

import os
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from worker.errors import BadSettings
from worker.settings.agreement import disagreements, table_at
from worker.settings.faults import told
from worker.settings.tables import Settings
from worker.settings.values import is_zone

DEFAULT_FILE: Final = "amends.toml"
FILE_VARIABLE: Final = "AMENDS_SETTINGS"
"""Names the settings file where none is given on the command line."""


def settings_path(path: Path | None = None) -> Path:
    """The settings file: as given, else as $AMENDS_SETTINGS says, else ./amends.toml."""
    return path or Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)


def load_settings(path: Path | None = None) -> Settings:
    """The settings in that file (`settings_path`). Raises BadSettings with every fault at once."""
    file = settings_path(path)
    return read_settings(_parse(file), folder=file.absolute().parent, source=str(file))


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        fault = f"There are no settings at {file}. Run `amends init` to write them, or name the file with --settings."
    except UnicodeDecodeError:
        fault = f"{file}: it is not UTF-8 text. Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        fault = f"{file}: it is not TOML: {error}. Mend that line; strings stand in double quotes."
    except OSError as error:
        fault = f"{file}: it cannot be read: {error.strerror}. Check the path and who may read it."
    raise BadSettings((fault,))


def read_settings(table: Mapping[str, Any], *, folder: Path = Path(), source: str = "settings") -> Settings:
    """The settings in a parsed table; relative paths start at `folder`. Raises BadSettings with every fault."""
    filled = _filled(table)
    faults = list(disagreements(filled))
    try:
        settings = Settings.model_validate(filled, context={"folder": folder})
    except ValidationError as error:
        faults = [told(fault, filled) for fault in error.errors(include_url=False)] + faults
        raise BadSettings(tuple(f"{source}: {fault}" for fault in faults)) from None
    if faults:
        raise BadSettings(tuple(f"{source}: {fault}" for fault in faults))
    return settings


def _filled(table: Mapping[str, Any]) -> dict[str, Any]:
    """Each mailbox with what it takes from other tables: the letters' framework, the firm's zone for `since`."""
    framework = table_at(table, "letters").get("framework")
    zone = table_at(table, "firm").get("zone")
    boxes = table.get("mailboxes")
    if not isinstance(boxes, list):
        return dict(table)
    return {**table, "mailboxes": [_filled_box(box, framework, zone) for box in boxes]}


def _filled_box(box: object, framework: object, zone: object) -> object:
    if not isinstance(box, dict):
        return box
    filled = dict(box)
    if framework is not None:
        filled.setdefault("framework", framework)
    if "since" in filled:
        known = is_zone(zone)
        filled["since"] = _in_zone(filled["since"], ZoneInfo(str(zone) if known else "UTC"))
    return filled


def _in_zone(since: object, zone: ZoneInfo) -> object:
    """A date or a time without offset is meant in the firm's own zone; a date is its first instant."""
    if isinstance(since, str):
        try:
            since = datetime.fromisoformat(since)
        except ValueError:
            return since
    if isinstance(since, date) and not isinstance(since, datetime):
        since = datetime.combine(since, time())
    if isinstance(since, datetime) and since.tzinfo is None:
        return since.replace(tzinfo=zone)
    return since
