import copy
import tomllib
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from worker.errors import BadInput, BadSettings
from worker.settings import TABLES, Role, load_settings, read_settings, settings_path

GOOD = """
[firm]
name = "Kettle & Co"
zone = "Europe/London"
country = "gb"
addresses = ["Shop@example.org", "@kettle.test"]

[hours]
opens = "08:30"
workdays = ["mon", "Tuesday"]
closures = [2026-12-24]

[[people]]
name = "Bea"
email = "bea@example.org"
second = "Cal"

[[people]]
name = "Cal"
email = "cal@example.org"
role = "lead"
alerts = ["json://token@127.0.0.1"]

[[mailboxes]]
name = "support"
address = "help@example.org"
host = "127.0.0.1"
username = "help"
password_env = "MAIL_PASSWORD"
since = 2026-11-01
owner = "bea"

[sending]
kind = "maildir"
path = "outbox"
"""


@pytest.fixture
def table() -> dict:
    return copy.deepcopy(tomllib.loads(GOOD))


def faults(table: dict) -> str:
    with pytest.raises(BadSettings) as caught:
        read_settings(table)
    return "\n".join(caught.value.faults)


def test_good_settings_are_read_with_their_defaults(table: dict) -> None:
    settings = read_settings(table)
    assert settings.firm.country == "GB"
    assert settings.hours.opens == time(8, 30)
    assert settings.hours.workday_numbers == {0, 1}
    assert settings.mailboxes[0].server_port == 993
    assert settings.mailboxes[0].folders == ("INBOX",)
    assert settings.alerts.digest_at == time(8, 30)


def test_a_date_alone_begins_in_the_firms_own_zone(table: dict) -> None:
    since = read_settings(table).mailboxes[0].since
    assert since == datetime(2026, 11, 1, tzinfo=ZoneInfo("Europe/London"))


def test_people_are_found_whatever_the_case_of_their_name(table: dict) -> None:
    settings = read_settings(table)
    assert settings.owner_for("support").name == "Bea"
    assert settings.lead.role is Role.LEAD
    with pytest.raises(BadInput, match="Bea, Cal"):
        settings.person("Dan")


def test_alerts_pass_from_a_person_to_their_second_and_end_at_the_lead(table: dict) -> None:
    settings = read_settings(table)
    assert settings.second_for(settings.person("Bea")) == settings.lead
    assert settings.second_for(settings.lead) is None
    assert settings.safety_person == settings.lead


def test_a_case_without_an_owner_is_the_leads(table: dict) -> None:
    del table["mailboxes"][0]["owner"]
    assert read_settings(table).owner_for("support").name == "Cal"


@pytest.mark.parametrize(
    "address", ["HELP@example.org", "shop@example.org", "anyone@kettle.test", "cal@example.org"]
)
def test_addresses_of_ours_are_known(table: dict, address: str) -> None:
    assert read_settings(table).is_ours(address)


def test_the_customers_address_is_not_ours(table: dict) -> None:
    assert not read_settings(table).is_ours("ada@example.test")


def test_mailboxes_take_the_letters_framework_unless_they_name_their_own(table: dict) -> None:
    table["letters"] = {"framework": "heart"}
    assert read_settings(table).mailboxes[0].framework == "heart"
    table["mailboxes"][0]["framework"] = "learn"
    assert read_settings(table).mailboxes[0].framework == "learn"


def test_every_fault_is_named_at_once(table: dict) -> None:
    table["firm"]["zone"] = "Europe/Londn"
    table["people"][0]["email"] = "bea"
    table["mailboxes"][0]["owner"] = "Dan"
    del table["sending"]
    told = faults(table)
    assert "firm.zone" in told
    assert "'Europe/London'" in told
    assert "people[Bea].email" in told
    assert "mailboxes[support].owner" in told
    assert "Add [sending]" in told


@pytest.mark.parametrize(
    ("place", "key", "value", "said"),
    [
        ("firm", "zoen", "x", "Did you mean 'zone'?"),
        ("hours", "zone", "x", "It belongs in [firm]"),
        ("firm", "country", "UK", "write 'GB'"),
        ("firm", "country", "XQ", "two-letter ISO code"),
        ("firm", "locale", "english", "firm.locale"),
        ("firm", "subdivision", "London", "One of ENG"),
        ("firm", "name", "a\nb", "control characters"),
        ("hours", "opens", "9 o'clock", 'write it like "09:00"'),
        ("hours", "opens", "09:00Z", "own zone"),
        ("hours", "closes", "07:00", "not after hours.opens"),
        ("hours", "workdays", ["Caturday"], "no weekday"),
        ("sending", "path", "", "Name the folder"),
        ("sending", "kind", "smtp", "Name the SMTP server"),
        ("sending", "kind", "pigeon", "'smtp' or 'maildir'"),
    ],
)
def test_a_fault_says_what_is_wrong_and_what_to_do(
    table: dict, place: str, key: str, value: object, said: str
) -> None:
    table[place][key] = value
    assert said in faults(table)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("password", "hunter2", "secrets do not stand in this file"),
        ("token_command", "get-token", "Keep exactly one"),
        ("password_env", "", "no way to sign in"),
        ("username", "", "Name the account"),
        ("auth", "xoauth2", "needs a token_command"),
        ("folders", "INBOX", "a list"),
        ("after_intake", "delete", '"flag:AmendsSeen"'),
        ("after_intake", "flag:a b", '"flag:AmendsSeen"'),
        ("security", "ssl", "'tls', 'starttls' or 'plain'"),
        ("since", "soon", "mailboxes[support].since"),
        ("port", 0, "mailboxes[support].port"),
    ],
)
def test_a_mailbox_is_checked(table: dict, key: str, value: object, said: str) -> None:
    table["mailboxes"][0][key] = value
    assert said in faults(table)


def test_names_are_given_once(table: dict) -> None:
    table["mailboxes"].append(table["mailboxes"][0])
    assert "given twice" in faults(table)


def test_somebody_must_be_named(table: dict) -> None:
    table["people"] = []
    del table["mailboxes"][0]["owner"]
    assert "nobody is named" in faults(table)


@pytest.mark.parametrize(
    "garbage", [{}, {"people": 3}, {"mailboxes": ["x"], "firm": []}, {"mailboxes": [{"since": []}]}]
)
def test_any_table_at_all_gives_faults_and_no_exception(garbage: dict) -> None:
    assert faults(garbage)


def test_a_password_in_the_database_url_is_refused(table: dict) -> None:
    table["database"] = {"url": "postgresql+psycopg://amends:hunter2@db/amends"}
    told = faults(table)
    assert "database.url_env" in told
    assert "hunter2" not in told


def test_secrets_are_not_shown_by_repr_or_faults(table: dict) -> None:
    table["alerts"] = {"channels": ["slack://hunter2@team"]}
    assert "hunter2" not in repr(read_settings(table))
    table["alerts"]["chanels"] = "hunter2"
    assert "hunter2" not in faults(table)


def test_a_password_file_may_lie_where_systemd_puts_it(
    table: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    box = table["mailboxes"][0]
    del box["password_env"]
    box["password_file"] = "${CREDENTIALS_DIRECTORY}/imap"
    assert read_settings(table).mailboxes[0].password_file == tmp_path / "imap"


def test_a_token_command_is_split_into_words_without_a_shell(table: dict) -> None:
    box = table["mailboxes"][0]
    del box["password_env"]
    box["token_command"] = "get-token --for 'help desk'"
    assert read_settings(table).mailboxes[0].token_command == ("get-token", "--for", "help desk")


def test_alert_addresses_may_come_from_a_variable(table: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    table["people"][0]["alerts_env"] = "BEA_ALERTS"
    monkeypatch.setenv("BEA_ALERTS", "json://127.0.0.1:1 json://127.0.0.1:2")
    assert read_settings(table).person("Bea").channels() == ("json://127.0.0.1:1", "json://127.0.0.1:2")


def test_what_happens_after_intake_is_told_apart(table: dict) -> None:
    box = table["mailboxes"][0]
    box["after_intake"] = "flag:AmendsSeen"
    assert read_settings(table).mailboxes[0].flag_after_intake == "AmendsSeen"
    box["after_intake"] = "move:Handled/2026"
    mailbox = read_settings(table).mailboxes[0]
    assert (mailbox.flag_after_intake, mailbox.folder_after_intake) == (None, "Handled/2026")


def test_unprotected_connections_and_clear_passwords_are_warned_of(table: dict) -> None:
    table["mailboxes"][0]["security"] = "plain"
    table["alerts"] = {"channels": ["mailto://bea:hunter2@example.org"]}
    told = "\n".join(read_settings(table).warnings())
    assert "mailboxes[support]: security is plain" in told
    assert "alerts.channels: it holds a password in clear" in told
    assert "reach no customer" in told


def test_a_variable_for_alerts_that_is_not_set_is_named(table: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    table["alerts"] = {"channels_env": "TEAM_ALERTS"}
    monkeypatch.delenv("TEAM_ALERTS", raising=False)
    with pytest.raises(BadSettings, match="TEAM_ALERTS is not set"):
        read_settings(table).alerts.team_channels()


def test_somebody_whom_no_alert_reaches_is_warned_of(table: dict) -> None:
    assert "nothing reaches Bea" in "\n".join(read_settings(table).warnings())


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "amends.toml"
    file.write_text(GOOD)
    settings = load_settings(file)
    assert settings.folder == tmp_path
    assert settings.sending.path == tmp_path / "outbox"
    assert settings.database_url == f"sqlite:///{tmp_path}/amends.db"


def test_the_file_is_found_by_its_variable_or_in_this_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMENDS_SETTINGS", raising=False)
    assert settings_path() == Path("amends.toml")
    monkeypatch.setenv("AMENDS_SETTINGS", "/etc/amends/amends.toml")
    assert settings_path() == Path("/etc/amends/amends.toml")
    assert settings_path(Path("mine.toml")) == Path("mine.toml")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[firm\n", "at line 1"), (b"\xff\xfe", "UTF-8"), (None, "amends init")],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "amends.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadSettings, match=said):
        load_settings(file)


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        load_settings(tmp_path)


def test_settings_cannot_be_changed(table: dict) -> None:
    settings = read_settings(table)
    with pytest.raises(ValueError, match="frozen"):
        settings.firm.name = "Other"  # type: ignore[misc] # the point of the test


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.times(),
    st.datetimes(),
)
VALUES = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.text(max_size=6), SCALARS, max_size=2)
)
KEYS = st.sampled_from(
    [key for part in TABLES.values() for key in part.model_fields] + ["password", "nonsense"]
)
ANYTHING = st.one_of(
    VALUES, st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=3), st.dictionaries(KEYS, VALUES)
)


@settings_of_hypothesis(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.dictionaries(st.sampled_from([*TABLES, "nonsense"]), ANYTHING, max_size=4))
def test_whatever_stands_in_the_file_it_is_read_or_refused_in_words(changes: dict) -> None:
    told: tuple[str, ...] = ()
    try:
        read_settings({**tomllib.loads(GOOD), **changes})
    except BadSettings as refused:
        told = refused.faults
    assert all(fault.startswith("settings: ") for fault in told)


def test_a_first_name_is_enough_while_only_one_has_it() -> None:
    known = read_settings(
        {
            "firm": {"name": "Example Kettles", "zone": "Europe/London"},
            "people": [
                {"name": "Bea Holt", "email": "bea@example.test"},
                {"name": "Cal Reyes", "email": "cal@example.test"},
                {"name": "Cal Winter", "email": "calw@example.test"},
            ],
            "sending": {"kind": "maildir", "path": "outbox"},
        }
    )
    assert known.person("bea").name == "Bea Holt"
    with pytest.raises(BadInput, match="Cal Reyes, Cal Winter"):
        known.person("Cal")
