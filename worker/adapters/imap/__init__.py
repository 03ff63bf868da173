"""Reads mailboxes over IMAP and, only when a team asks, flags, moves or files mail in them.

The one home of imapclient. `wire` holds the connection and its rules (time, control characters, errors);
`mailbox` holds what is asked of a mailbox.
"""

from worker.adapters.imap.mailbox import ImapMailbox
from worker.adapters.imap.values import (
    FetchedMail,
    Folder,
    FolderMissing,
    FolderState,
    ImapAccount,
    ServerDescription,
    SignInRefused,
)

__all__ = [
    "FetchedMail",
    "Folder",
    "FolderMissing",
    "FolderState",
    "ImapAccount",
    "ImapMailbox",
    "ServerDescription",
    "SignInRefused",
]
