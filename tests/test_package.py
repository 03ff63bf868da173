"""The wheel works by itself: installed into an empty environment, away from the checkout."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True)
    return next(folder.glob("amends-*.whl"))


def test_the_wheel_carries_every_rule_and_letter(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("rules", "templates"):
        files = [f.relative_to(ROOT) for f in (ROOT / folder).rglob("*") if f.is_file()]
        assert files
        assert [str(f) for f in files if f"worker/shipped/{f.as_posix()}" not in names] == []


def test_the_wheel_carries_nothing_but_the_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"worker"}


def test_installed_it_finds_its_rules_and_letters(wheel: Path, tmp_path: Path) -> None:
    """The environment borrows the dependencies of this one, so that nothing is fetched."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    site = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    ours = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "zz_borrowed.pth").write_text(f"{ours}\n")
    code = """
import worker
from worker.adapters.shipped import shipped_folder
print(worker.__file__, shipped_folder("rules/complaints"), shipped_folder("templates/mama"))
"""
    done = subprocess.run(
        [python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert all(path.startswith(str(site)) for path in done.stdout.split())
