"""Reads the letters a team uses and fills them; the one home of Jinja2.

A letter may say `{{ name }}`, `{% if %}` and compare what it is given, and nothing else: no loop, no call, no
arithmetic, so that filling one takes time in proportion to its length whatever a letter file holds.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from worker.adapters.shipped import shipped_folder
from worker.domain.letter import (
    MAX_LETTER_CHARACTERS,
    BadLetter,
    Letter,
    LetterFacts,
    LetterFault,
    LetterStage,
    RenderedLetter,
    choose_letter,
    parse_letter,
)
from worker.domain.letterfacts import NAMES, values_for
from worker.domain.verdict import Severity
from worker.errors import BadInput

_FILTERS = frozenset({"lower", "upper", "trim", "capitalize"})
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Tuple,
    nodes.Filter,
)
_MOST_NODES = 5_000  # far above any letter; keeps compiling one under a second


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    for name in set(environment.filters) - _FILTERS:
        del environment.filters[name]
    return environment


_ENVIRONMENT = _environment()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkStep:
    """One step of a framework, in the team's words, and the stages underneath that it covers."""

    name: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A recovery framework as its framework.toml tells it."""

    id: str
    name: str
    steps: tuple[FrameworkStep, ...]
    standards: tuple[str, ...]


class LetterShelf:
    """All letters of one framework, the shipped ones and a team's own over them, compiled once."""

    def __init__(self, framework: Framework, letters: Sequence[Letter]) -> None:
        self.framework = framework
        self.letters = tuple(letters)
        self._pages = {letter.id: _compile(letter) for letter in letters}
        self._choices: dict[tuple[object, ...], Letter] = {}

    @classmethod
    def load(cls, framework: str, extra: Path | None = None) -> "LetterShelf":
        """The shelf of a framework. Letters in `extra` add to the shipped ones and replace those of the same id.

        Raises BadLetter with every fault of every file, BadInput for a framework that is not there.
        """
        home = framework_folder(framework)
        faults: list[LetterFault] = []
        shelf = {letter.id: letter for letter in _read_folder(home / "letters", framework, faults)}
        if extra is not None:
            if not extra.is_dir():
                raise BadInput(f"{extra} is no folder; letters of your own are looked for there.")
            shelf.update({letter.id: letter for letter in _read_folder(extra, framework, faults)})
        if faults:
            raise BadLetter(faults)
        return cls(read_framework(home / "framework.toml"), tuple(shelf.values()))

    def get(self, letter_id: str) -> Letter:
        """The letter of that id. Raises BadInput where there is none."""
        for letter in self.letters:
            if letter.id == letter_id:
                return letter
        raise BadInput(f"There is no letter {letter_id!r}; `amends letters list` names all.")

    def choose(
        self, *, stage: LetterStage, language: str | None, topics: Sequence[str], severity: Severity | None
    ) -> Letter:
        """The letter that fits best; see domain/letter. Raises Refused where none does."""
        key = (stage, language, tuple(topics), severity)
        if key not in self._choices:
            if len(self._choices) > 10_000:
                self._choices.clear()
            self._choices[key] = choose_letter(
                self.letters, stage=stage, language=language, topics=topics, severity=severity
            )
        return self._choices[key]

    def render(self, letter: Letter, facts: LetterFacts) -> RenderedLetter:
        """The letter filled. What is not known stays an open blank or is left out, as the letter says."""
        subject, text = self._pages[letter.id]
        values = values_for(facts, letter.language)
        return RenderedLetter(
            letter=letter.id,
            subject=" ".join(subject.render(values).split()),
            text=_tidy(text.render(values)),
        )


class _Page:
    """One compiled template."""

    def __init__(self, source: str) -> None:
        self._template = _ENVIRONMENT.from_string(source)

    def render(self, values: Mapping[str, str]) -> str:
        return self._template.render(values)


def letter_faults(letter: Letter) -> tuple[LetterFault, ...]:
    """What is wrong with a letter's subject and text as templates, each with its line in the file."""
    subject = _template_faults(letter.subject, letter.path, 0, "subject: ")
    return (*subject, *_template_faults(letter.text, letter.path, letter.text_line - 1, ""))


def read_framework(path: Path) -> Framework:
    """A framework.toml. Raises BadInput with what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        steps = tuple(
            FrameworkStep(name=step["name"], stages=tuple(step["stages"])) for step in told["steps"]
        )
        return Framework(
            id=told["id"], name=told["name"], steps=steps, standards=tuple(told.get("standards", ()))
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
    except (KeyError, TypeError) as error:
        raise BadInput(f"{path}: {error} is missing or not of its kind") from error


def framework_folder(framework: str) -> Path:
    """Where a shipped framework lies. Raises BadInput naming those there are."""
    home = shipped_folder("templates")
    known = frameworks()
    if framework not in known:
        raise BadInput(f"There is no framework {framework!r}; there are {', '.join(known) or 'none'}.")
    return home / framework


def frameworks() -> tuple[str, ...]:
    """The ids of the shipped frameworks."""
    home = shipped_folder("templates")
    return tuple(sorted(path.parent.name for path in home.glob("*/framework.toml")))


def read_letters(folder: Path, framework: str) -> tuple[tuple[Letter, ...], tuple[LetterFault, ...]]:
    """All letters below a folder that can be used, and everything wrong with the others."""
    faults: list[LetterFault] = []
    return tuple(_read_folder(folder, framework, faults)), tuple(faults)


def _read_folder(folder: Path, framework: str, faults: list[LetterFault]) -> Iterator[Letter]:
    first_of: dict[str, str] = {}
    for path in sorted(folder.rglob("*.txt")):
        try:
            letter = _read_file(path)
        except BadLetter as bad:
            faults.extend(bad.faults)
            continue
        if letter.framework != framework:
            continue
        if letter.id in first_of:
            message = f"`id: {letter.id}` is also that of {first_of[letter.id]}"
            faults.append(LetterFault(path=str(path), line=1, message=message))
            continue
        first_of[letter.id] = str(path)
        wrong = letter_faults(letter)
        faults.extend(wrong)
        if not wrong:
            yield letter


def _read_file(path: Path) -> Letter:
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_LETTER_CHARACTERS * 4 + 1)
        return parse_letter(raw.decode("utf-8-sig"), str(path))
    except OSError as error:
        raise BadLetter(
            [LetterFault(path=str(path), line=1, message=f"cannot be read: {error.strerror}")]
        ) from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadLetter([LetterFault(path=str(path), line=line, message="is not UTF-8 here")]) from error


def _compile(letter: Letter) -> tuple[_Page, _Page]:
    if faults := letter_faults(letter):
        raise BadLetter(faults)
    return _compiled(letter.subject), _compiled(letter.text)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> _Page:
    return _Page(source)


def _template_faults(source: str, path: str, lines_before: int, where: str) -> list[LetterFault]:
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        return [LetterFault(path=path, line=error.lineno + lines_before, message=f"{where}{error.message}")]
    except (TemplateError, RecursionError) as error:
        return [
            LetterFault(path=path, line=lines_before + 1, message=f"{where}{type(error).__name__}: {error}")
        ]
    faults = []
    for count, (node, line) in enumerate(_walk(tree)):
        message = "is too long to compile" if count > _MOST_NODES else _node_fault(node)
        if message:
            faults.append(LetterFault(path=path, line=max(line + lines_before, 1), message=where + message))
        if count > _MOST_NODES:
            break
    return sorted(faults, key=lambda fault: fault.line)


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node, node.lineno or 1
        waiting.extend(node.iter_child_nodes())


def _node_fault(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name) and node.name not in NAMES:
        return f"nothing is called `{node.name}`; a letter knows {', '.join(sorted(NAMES))}"
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return f"the filter `{node.name}` is not for letters; there are {', '.join(sorted(_FILTERS))}"
    if type(node) not in _ALLOWED:
        return f"a letter may fill in names and choose with `if`, not use `{type(node).__name__.lower()}`"
    return None


def _tidy(text: str) -> str:
    """One blank line between paragraphs, none at the ends of lines: what a left-out sentence leaves behind."""
    kept: list[str] = []
    for line in (line.rstrip() for line in text[:MAX_LETTER_CHARACTERS].split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"
