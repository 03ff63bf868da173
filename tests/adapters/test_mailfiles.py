"""Finding mails in files: every mail once, every fault named, memory flat."""

import mailbox
import tracemalloc
from pathlib import Path

import pytest

from worker.adapters import mailfiles
from worker.adapters.mailfiles import count_mails, walk_mails

MAIL = b"From: Ada <ada@example.org>\nSubject: Kettle\n\nIt broke.\n"
SECOND = (
    b"Received: from a\n\tby b\nFrom: Dan <dan@example.org>\n\nFrom the start it leaked.\n>From here too.\n"
)


def mbox_of(*raws: bytes, end: bytes = b"\n") -> bytes:
    start = b"From ada@example.org Tue Nov  3 09:30:00 2026" + end
    quoted = [raw.replace(b"\n>From ", b"\n>>From ").replace(b"\nFrom ", b"\n>From ") for raw in raws]
    return b"".join(start + raw.replace(b"\n", end) + end for raw in quoted)


def raws(*paths: Path) -> list[bytes | None]:
    return [mail.raw for mail in walk_mails(paths)]


def errors(*paths: Path) -> list[str | None]:
    return [mail.error for mail in walk_mails(paths)]


def test_a_single_file_is_one_mail_whatever_its_name(tmp_path: Path) -> None:
    file = tmp_path / "complaint.txt"
    file.write_bytes(MAIL)
    (mail,) = walk_mails([file])
    assert (mail.path, mail.raw, mail.error) == (str(file), MAIL, None)
    assert count_mails([file]) == 1


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_an_mbox_is_told_by_its_contents_and_split(tmp_path: Path, end: bytes) -> None:
    file = tmp_path / "old-mail"
    file.write_bytes(mbox_of(MAIL, SECOND, MAIL, end=end))
    mails = list(walk_mails([file]))
    expected = [raw.replace(b"\n", end) for raw in (MAIL, SECOND, MAIL)]
    assert [mail.raw for mail in mails] == expected
    assert [mail.path for mail in mails] == [f"{file}#{number}" for number in (1, 2, 3)]
    assert count_mails([file]) == 3


def test_we_split_as_the_standard_library_writes(tmp_path: Path) -> None:
    file = tmp_path / "made.mbox"
    box = mailbox.mbox(file)
    for raw in (MAIL, SECOND):
        box.add(raw)
    box.close()
    assert [raw.rstrip() for raw in raws(file) if raw] == [
        MAIL.rstrip(),
        SECOND.replace(b"\n>From", b"\nFrom").rstrip(),
    ]


@pytest.mark.parametrize(
    "line", [b"From the start it leaked.", b"From 9:30 on it leaked.", b"From 2026 on, no more.", b"From "]
)
def test_an_unquoted_sentence_does_not_split_a_mail(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "box.mbox"
    file.write_bytes(b"From x Tue Nov  3 09:30:00 2026\n" + MAIL + b"\n" + line + b"\nBye.\n\n")
    assert raws(file) == [MAIL + b"\n" + line + b"\nBye.\n"]


def test_the_same_mail_has_the_same_key_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "b.mbox").write_bytes(mbox_of(MAIL, MAIL, SECOND))
    keys = [mail.key for mail in walk_mails([tmp_path])]
    assert len(keys) == 4
    assert len(set(keys)) == 2
    assert keys == [mail.key for mail in walk_mails([tmp_path])]


def test_a_maildir_gives_its_folders_by_name(tmp_path: Path) -> None:
    for place in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Archive.2025/cur"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "cur" / "1.host:2,S").write_bytes(MAIL)
    (tmp_path / "new" / "2.host").write_bytes(SECOND)
    (tmp_path / "tmp" / "3.host").write_bytes(MAIL)
    (tmp_path / ".Sent" / "cur" / "4.host:2,S").write_bytes(MAIL)
    (tmp_path / ".Archive.2025" / "cur" / "5.host:2,S").write_bytes(MAIL)
    (tmp_path / "dovecot.index").write_bytes(b"\x00\x01")
    found = [(mail.folder, mail.raw) for mail in walk_mails([tmp_path])]
    assert found == [("INBOX", MAIL), ("INBOX", SECOND), ("Archive.2025", MAIL), ("Sent", MAIL)]
    assert count_mails([tmp_path]) == 4


def test_a_folder_is_searched_to_its_depth_and_other_files_are_left(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "x.EML").write_bytes(MAIL)
    (tmp_path / "deep" / "notes.txt").write_bytes(b"Subject: not a mail\n")
    (tmp_path / ".hidden.eml").write_bytes(MAIL)
    (tmp_path / "loop").symlink_to(tmp_path)
    (mail,) = walk_mails([tmp_path])
    assert mail.folder == f"{tmp_path.name}/deep/er"


def test_what_gives_no_mail_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    files = {
        "nothing.eml": b"",
        "letter.docx": b"PK\x03\x04\x00\x00",
        "prose.txt": b"Note: this is prose.\nAnd more.\n",
        "outlook.msg": b"\xd0\xcf\x11\xe0\xa1\xb1",
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
    good = tmp_path / "good.eml"
    good.write_bytes(MAIL)
    mails = list(walk_mails([tmp_path / "gone", empty, *(tmp_path / name for name in files), good]))
    said = [mail.error for mail in mails]
    wanted = [
        "is not there",
        "holds no mail",
        "is empty",
        "is no mail",
        "is no mail",
        "save the mail as .eml",
        None,
    ]
    assert len(said) == len(wanted)
    for sentence, part in zip(said, wanted, strict=True):
        assert (sentence is None) if part is None else (sentence is not None and part in sentence)
    assert mails[0].path == str(tmp_path / "gone")
    assert mails[0].raw is None


def test_an_unreadable_mail_in_an_mbox_does_not_hide_the_others(tmp_path: Path) -> None:
    file = tmp_path / "box.mbox"
    file.write_bytes(mbox_of(MAIL, b"\x00\x00 garbage\n", SECOND))
    assert [error is None for error in errors(file)] == [True, False, True]


def test_a_mail_over_the_cap_keeps_its_headers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailfiles, "LARGEST_MAIL", 5000)
    large = MAIL + b"x" * 6000 + b"\n" + b"y\n" * 100
    (tmp_path / "one.eml").write_bytes(large)
    (tmp_path / "two.mbox").write_bytes(mbox_of(large, SECOND))
    first, second, third = walk_mails([tmp_path])
    for mail in (first, second):
        assert mail.oversize
        assert mail.raw == MAIL.partition(b"It broke")[0]
    assert (third.oversize, third.raw) == (False, SECOND)


def test_memory_stays_flat_over_a_big_mbox(tmp_path: Path) -> None:
    file = tmp_path / "big.mbox"
    with file.open("wb") as out:
        for number in range(1500):
            out.write(mbox_of(MAIL + b"%d " % number + b"x" * 20_000 + b"\n"))
    tracemalloc.start()
    found = sum(1 for mail in walk_mails([file]) if mail.raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found, count_mails([file])) == (1500, 1500)
    assert peak < 2_000_000
