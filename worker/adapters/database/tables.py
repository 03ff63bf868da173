"""Every table, made from the value it keeps; what is asked for often is indexed here."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

from worker.adapters.database.columns import table_of
from worker.domain.alert import Alert, Notice
from worker.domain.case import Case, Customer, CustomerAddress, Participant
from worker.domain.delivery import Delivery
from worker.domain.draft import Approval, Draft
from worker.domain.post import Absence, Contact, Event, FolderPlace, KeptMail, Mark, ReadMail
from worker.domain.promise import Promise

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

raw_mail = Table(
    "raw_mail",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
)
fact = Table(
    "fact", metadata, Column("name", String(200), primary_key=True), Column("value", String, nullable=False)
)

kept_mail = table_of(
    "kept_mail",
    metadata,
    KeptMail,
    UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
    Index("ix_kept_mail_state", "state", "arrived_at"),
    Index("ix_kept_mail_sha256", "sha256"),
)
customer = table_of("customer", metadata, Customer)
customer_address = table_of("customer_address", metadata, CustomerAddress, UniqueConstraint("address"))
case = table_of(
    "case",
    metadata,
    Case,
    Index("ix_case_next_alert_at", "next_alert_at"),
    Index("ix_case_state", "state"),
)
participant = table_of(
    "participant",
    metadata,
    Participant,
    UniqueConstraint("case_id", "address"),
    Index("ix_participant_address", "address"),
)
mail = table_of(
    "mail",
    metadata,
    ReadMail,
    Index("ix_mail_message_id", "message_id"),
    Index("ix_mail_fingerprint", "fingerprint"),
    Index("ix_mail_sender", "sender", "written_at"),
    text=frozenset({"new_words"}),
)
draft = table_of("draft", metadata, Draft, Index("ix_draft_state", "state"), text=frozenset({"text"}))
approval = table_of("approval", metadata, Approval)
delivery = table_of(
    "delivery",
    metadata,
    Delivery,
    UniqueConstraint("message_id"),
    Index("ix_delivery_reference", "reference"),
    Index("ix_delivery_next_try_at", "next_try_at"),
)
contact = table_of("contact", metadata, Contact)
promise = table_of(
    "promise",
    metadata,
    Promise,
    Index("ix_promise_next_alert_at", "next_alert_at"),
    Index("ix_promise_state", "state", "due_at"),
)
alert = table_of(
    "alert", metadata, Alert, Index("ix_alert_next_at", "next_at"), Index("ix_alert_state", "state")
)
notice = table_of(
    "notice",
    metadata,
    Notice,
    UniqueConstraint("stable_id"),
    Index("ix_notice_due", "state", "next_try_at"),
    text=frozenset({"body"}),
)
event = table_of("event", metadata, Event)
mark = table_of("mark", metadata, Mark)
absence = table_of("absence", metadata, Absence)
folder_place = table_of(
    "folder_place", metadata, FolderPlace, UniqueConstraint("mailbox", "folder", "uidvalidity")
)
