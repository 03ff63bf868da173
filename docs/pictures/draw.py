"""Draws the README's picture: what `amends promises list` says in the demo workspace.

.venv/bin/python docs/pictures/draw.py
"""

import os
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from worker.cli import console
from worker.cli.main import run

HERE = Path(__file__).parent
PAPER = TerminalTheme(
    (248, 246, 242),
    (35, 33, 29),
    [
        (35, 33, 29),
        (163, 40, 27),
        (43, 99, 63),
        (125, 82, 8),
        (39, 79, 134),
        (107, 35, 121),
        (39, 79, 134),
        (86, 82, 74),
    ],
)
# The page that shows the picture must fetch nothing: the machine's own fixed-width font will do.
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run(["demo", "--no-serve"])
        os.chdir("demo")
        console.out = Console(record=True, width=104, force_terminal=True, highlight=False, markup=False)
        run(["promises", "list"])
        picture = console.out.export_svg(title="amends promises list", theme=PAPER)
    (HERE / "promises.svg").write_text(FONTS.sub("", picture).replace("Fira Code", "ui-monospace"))


if __name__ == "__main__":
    main()
