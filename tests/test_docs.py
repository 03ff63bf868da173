"""What the pages say exists, and what exists stands on the pages."""

import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest

from worker.cli import commands
from worker.cli.main import amends
from worker.settings import TABLES, load_settings

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")]
ALL = "\n".join(page.read_text("utf-8") for page in PAGES)


def load(name: str) -> click.Command:
    command = amends.get_command(click.Context(amends), name)
    assert command is not None
    return command


def subcommands() -> list[str]:
    found = []
    for name in commands.names():
        command = load(name)
        found += [f"{name} {sub}" for sub in command.commands] if isinstance(command, click.Group) else [name]
    return found


def write_tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_tables", ROOT / "docs" / "write_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_command_stands_on_a_page() -> None:
    missing = [path for path in subcommands() if path not in ALL and not _listed(path)]
    assert missing == []


def _listed(path: str) -> bool:
    """A page may list the parts of a group as `cases list|show|mark`."""
    group, _, part = path.partition(" ")
    return any(part in row.split("|") for row in re.findall(rf"{group} ([a-z|-]+)", ALL))


def test_every_command_and_option_explains_itself() -> None:
    silent = []
    for path in subcommands():
        group, _, part = path.partition(" ")
        command = load(group)
        if part:
            assert isinstance(command, click.Group)
            command = command.commands[part]
        silent += [path] if not command.help else []
        silent += [
            f"{path} {o.opts[0]}" for o in command.params if isinstance(o, click.Option) and not o.help
        ]
    assert silent == []


def test_the_tables_of_settings_are_up_to_date() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert write_tables().written(page) == page, "run `make docs`"


@pytest.mark.parametrize("name", list(TABLES))
def test_every_setting_says_what_it_is_for(name: str) -> None:
    assert all(field.description for field in TABLES[name].model_fields.values())


def test_the_example_settings_load() -> None:
    settings = load_settings(ROOT / "deploy" / "amends.example.toml")
    assert settings.warnings() == ()


def test_what_the_example_has_commented_out_loads_too(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "amends.example.toml").read_text("utf-8")
    file = tmp_path / "amends.toml"
    file.write_text(re.sub(r"(?m)^# (\[.*|[a-z_]+ = .*)$", r"\1", text))
    assert len(load_settings(file).mailboxes) == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_make_targets_that_pages_name_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    assert set(re.findall(r"`make ([a-z]+)`", ALL)) <= targets


def test_the_version_of_the_package_is_in_one_place() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert re.fullmatch(r"\d+\.\d+\.\d+", table["project"]["version"])


def test_shell_files_are_sound() -> None:
    for file in (ROOT / ".ci" / "run", ROOT / ".ci" / "prepare"):
        assert file.stat().st_mode & 0o111
        subprocess.run(["bash", "-n", str(file)], check=True)
