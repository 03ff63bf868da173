"""Find the line of a TOML file that a fault is about: the TOML reader of the standard library does not tell."""


def line_of_key(source: str, key: str) -> int:
    """The line (from 1) where `key` is set or its table begins; 1 when it is nowhere."""
    for number, line in enumerate(source.splitlines(), start=1):
        bare = line.strip()
        if bare.startswith("["):
            bare = bare if key.startswith("[") else ""
        head = bare.partition("=")[0].strip().strip("\"'") if not key.startswith("[") else bare
        if key and head == key:
            return number
    return 1


def line_of_text(source: str, text: str) -> int:
    """The line (from 1) where `text` stands as a string, or its first line of it; 1 when it is nowhere."""
    wanted = text.strip().split("\n", 1)[0]
    for written in (wanted, wanted.replace("\\", "\\\\").replace('"', '\\"')):
        place = source.find(written) if written else -1
        if place >= 0:
            return source.count("\n", 0, place) + 1
    return 1
