"""What a team has set in amends.toml: read once, checked whole, never changed afterwards.

1. `reading` parses the file as TOML; what cannot be parsed is one fault with its line.
2. `tables` checks every value alone, by the kinds in `values`; `agreement` checks them against each other.
3. All `faults` are raised together as BadSettings: the key, what is wrong, what to do.

Secrets never stand in the file: it names an environment variable, a file or a command. Paths in the file
are relative to the folder the file is in.
"""

from worker.settings.reading import load_settings, read_settings, settings_path
from worker.settings.tables import (
    ROWS,
    TABLES,
    Alerts,
    Database,
    Firm,
    Hours,
    Letters,
    Mailbox,
    Part,
    Person,
    Promises,
    Rules,
    Sending,
    Settings,
    SignIn,
)
from worker.settings.values import Country, Framework, MailAddress, Role, Security, SettledBy, Zone

__all__ = [
    "ROWS",
    "TABLES",
    "Alerts",
    "Country",
    "Database",
    "Firm",
    "Framework",
    "Hours",
    "Letters",
    "MailAddress",
    "Mailbox",
    "Part",
    "Person",
    "Promises",
    "Role",
    "Rules",
    "Security",
    "Sending",
    "Settings",
    "SettledBy",
    "SignIn",
    "Zone",
    "load_settings",
    "read_settings",
    "settings_path",
]
