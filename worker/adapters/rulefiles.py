"""Load the rules that ship with Amends and those of the team, all of them or none.

1. Read every file; a team's rule with an id that ships takes the place of the shipped one.
2. Collect every fault with its file and line: keys, duplicates, patterns and, when asked, samples.
3. One fault refuses the whole load, so that the last good set stays in force.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from worker.adapters.shipped import shipped_folder
from worker.domain.rules.rule import Rule, RuleFault, read_rule
from worker.domain.rules.ruleset import RuleSet, pattern_faults, sample_faults
from worker.errors import BadInput

_PACKS = ("complaints", "safety", "machine")
_OTHER = "wording"  # rules of another kind, read by the wording check
_LARGEST = 256 * 1024  # bytes of one rule file


class BadRules(BadInput):
    """Rule files with faults; `faults` holds every one with its file and line."""

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        self.faults = faults
        super().__init__("The rules cannot be used; nothing was loaded.\n" + "\n".join(map(str, faults)))


def load_rules(extra: Path | None = None, *, samples: bool = False) -> RuleSet:
    """The shipped rules with those of the folder `extra` added or put in their place.

    The patterns of shipped files and the samples of all are read only with `samples` (`rules check`, worker start):
    the shipped ones were tested before they were shipped, and judging one mail must not wait for them.

    Raises:
        BadRules: some file has a fault; every fault is named, nothing is loaded.

    """
    faults: list[RuleFault] = []
    digest = hashlib.sha256()
    root = shipped_folder("rules")
    shipped = [path for pack in _PACKS for path in _rule_files(root / pack)]
    rules = _load(shipped, root.parent, digest, faults, thorough=samples, samples=samples)
    if extra is not None:
        if not extra.is_dir():
            raise BadInput(f"The rules folder '{extra}' does not exist; correct its path or make the folder.")
        rules |= _load(_rule_files(extra), extra.parent, digest, faults, thorough=True, samples=samples)
    if faults:
        raise BadRules(tuple(faults))
    return RuleSet(rules.values(), version=digest.hexdigest()[:12])


def _rule_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.toml")):
        if _OTHER not in path.relative_to(folder).parts:
            yield path


def _load(
    paths: "Iterator[Path] | list[Path]",
    root: Path,
    digest: "hashlib._Hash",
    faults: list[RuleFault],
    *,
    thorough: bool,
    samples: bool,
) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for path in paths:
        name = str(path.relative_to(root))
        source = _source(path, name, digest, faults)
        rule, found = (
            read_rule(source, name, samples=samples or thorough) if source is not None else (None, ())
        )
        faults.extend(found)
        if rule is None:
            continue
        if rule.id in rules:
            message = f"the id '{rule.id}' is also in {rules[rule.id].file}; every rule has its own"
            faults.append(RuleFault(file=name, line=1, message=message))
        bad = pattern_faults(rule, source or "") if thorough else ()
        faults.extend(bad)
        if samples and not bad:
            faults.extend(sample_faults(rule))
        rules[rule.id] = rule
    return rules


def _source(path: Path, name: str, digest: "hashlib._Hash", faults: list[RuleFault]) -> str | None:
    try:
        raw = path.read_bytes()
        if len(raw) > _LARGEST:
            faults.append(RuleFault(file=name, line=1, message=f"the file is larger than {_LARGEST} bytes"))
            return None
        digest.update(raw)
        return raw.decode()
    except OSError as error:
        faults.append(RuleFault(file=name, line=1, message=f"it cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        faults.append(RuleFault(file=name, line=line, message="it is not UTF-8 text"))
    return None
