"""Find the folders that ship with Amends: rules and templates, in a checkout and in the installed wheel."""

from pathlib import Path

from worker.errors import BadInput

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder(name: str) -> Path:
    """The folder "rules" or "templates", or one inside them ("rules/wording").

    Raises:
        BadInput: it is in neither place, so the installation is damaged.

    """
    for root in (_PACKAGE / "shipped", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise BadInput(f"The folder '{name}' that ships with Amends is missing; install Amends again.")
