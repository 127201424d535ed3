"""Every table, in one place.

Promises:  what stands here equals the sum of the migrations (a test compares them).
Never:     behaviour; rooms of their own read and write the tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from storage.schema_locked import locked_in

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

TIME = sa.DateTime(timezone=True)
UNDER_LOCK = ""  # in ``mails.blob``: the octets are in no blob of that row, but in ``locked``


def _identity() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


# --- what came in ---

mails = sa.Table(
    "mails",
    metadata,
    _identity(),
    sa.Column("spool_id", sa.Text, nullable=False, unique=True),
    sa.Column("blob", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("envelope", JSONB, nullable=False),
    sa.Column("received_at", TIME, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sender", sa.Text),
    sa.Column("digest", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("sentence", JSONB(none_as_null=True)),
    sa.Column("document", sa.BigInteger),
    sa.Column("released_by", sa.Text),
    sa.Column("released_to", sa.Text),  # the unit a person chose where a recipient has no successor
    sa.Column("concluded_at", TIME),
)
sa.Index(None, mails.c.digest, mails.c.sender)
sa.Index(None, mails.c.outcome, mails.c.received_at)
sa.Index("ix_mails_waiting", mails.c.id, postgresql_where=mails.c.outcome.is_(None))

# --- the truth ---

streams = sa.Table(
    "streams",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("document", sa.BigInteger),
    sa.Column("secret", sa.LargeBinary),  # the private fields, AES-256-GCM under the document's key
    sa.UniqueConstraint("stream", "version"),
)
sa.Index(None, journal.c.document, journal.c.seq)

unsealed = sa.Table(  # written with the row, taken away with its seal
    "unsealed",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
)

seals = sa.Table(
    "seals",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
    sa.Column("chain", sa.LargeBinary, nullable=False),
    sa.Column("sealed_at", TIME, nullable=False),
)

document_keys = sa.Table(
    "document_keys",
    metadata,
    sa.Column("document", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("master", sa.Text, nullable=False),  # which master key wraps it
    sa.Column("wrapped", sa.LargeBinary),  # null once destroyed
    sa.Column("destroyed_at", TIME),
)

# --- under lock: mails that bear a mark of state secrecy; nothing here tells from whom, to whom or of what ---

locked = locked_in(metadata)

# --- the register: everything below can be rebuilt from the journal ---

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("mail", sa.Text, nullable=False, unique=True),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("received_at", TIME, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("urgency", sa.Text, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("symbol", "issued", "subject")),
    sa.Column("sheet", JSONB(none_as_null=True)),  # null once purged
    sa.Column("purged", sa.Text),  # "by whom, on what order"
    sa.Column("state", sa.Text, nullable=False, server_default="registered"),
    sa.Column("replaces", sa.BigInteger),  # the document whose place it takes
)
sa.Index(None, documents.c.origin, documents.c.received_at)
sa.Index(None, documents.c.received_at)

books = sa.Table(
    "books",
    metadata,
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("direction", sa.Text, primary_key=True),  # 'in' | 'out'
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("next", sa.Integer, nullable=False),
)

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("direction", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("suffix", sa.Text, primary_key=True, server_default=""),
    sa.Column("notation", sa.Text, primary_key=True, server_default=""),
    sa.Column("document", sa.BigInteger, nullable=False),
    sa.Column("delivery", sa.BigInteger),
    sa.Column("booked_at", TIME, nullable=False),
    sa.Column("was", sa.Text, nullable=False, server_default=""),  # the numbers it bore before it was corrected
)
sa.Index(None, entries.c.document)
sa.Index("uq_entries_out_once", entries.c.document, unique=True, postgresql_where=entries.c.direction == "out")
sa.Index("uq_entries_in_once", entries.c.delivery, unique=True)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("document", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("handling", sa.Text, nullable=False),
    sa.Column("opened_at", TIME, nullable=False),
    sa.Column("handled_at", TIME),
    sa.Column("take_back", sa.Text, nullable=False, server_default="00"),
    sa.Column("standing", sa.Text, nullable=False, server_default="information"),
    sa.Column("words", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("document", "unit"),
)
sa.Index(None, deliveries.c.unit, deliveries.c.handling)

letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("document", sa.BigInteger),
    sa.Column("delivery", sa.BigInteger),
    sa.Column("kind", sa.Text, nullable=False),  # delivery | receipt | notice | report
    sa.Column("unit", sa.Text, nullable=False, server_default=""),
    sa.Column("to", sa.Text, nullable=False),
    sa.Column("spec", JSONB, nullable=False),
    sa.Column("transport", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("queued_at", TIME, nullable=False),
    sa.Column("expires_at", TIME, nullable=False),
    sa.Column("told_at", TIME),
    *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("status", "peer")),
)
sa.Index(None, letters.c.document)
sa.Index(None, letters.c.delivery)
sa.Index("ix_letters_notices", letters.c.to, letters.c.queued_at, postgresql_where=letters.c.kind == "notice")
sa.Index(
    "ix_letters_under_way",
    letters.c.queued_at,
    postgresql_where=letters.c.transport.in_(("queued", "sending", "delayed", "uncertain")),
)

# --- kept beside the register: the frames of composed mails, and which letters wait for their seal ---

posted = sa.Table(
    "posted",
    metadata,
    sa.Column("letter", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("frame", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
)
sa.Index(None, posted.c.message_id)

awaiting_seal = sa.Table(
    "awaiting_seal",
    metadata,
    sa.Column("letter", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

ids = sa.Sequence("ids", metadata=metadata)  # documents, deliveries and letters share one range of numbers

# --- who is who ---

units = sa.Table(  # one row per period of a unit
    "units",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("short", sa.Text, nullable=False),
    sa.Column("parent", sa.Text),
    sa.Column("contact", sa.Text, nullable=False, server_default=""),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("book", sa.Boolean, nullable=False),
    sa.Column("accepts_itself", sa.Boolean, nullable=False),
    sa.Column("valid_from", sa.Date, primary_key=True),
    sa.Column("valid_until", sa.Date),
    sa.Column("organ_id", sa.Text, nullable=False, server_default=""),
    sa.Column("qcvn_id", sa.Text, nullable=False, server_default=""),
    sa.Column("tax_code", sa.Text, nullable=False, server_default=""),
    sa.Column("other_names", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("fallback", ARRAY(sa.Text), nullable=False, server_default="{}"),  # "channel:to"
    sa.Column("basis", sa.Text, nullable=False, server_default=""),
    sa.Column("named", ARRAY(sa.Text), nullable=False),  # what it answers to: mailmap.directory.index.names_of
    sa.Column("called", ARRAY(sa.Text), nullable=False),  # the keys of its names: mailmap.directory.naming
)
sa.Index("ix_units_named", units.c.named, postgresql_using="gin")
sa.Index("ix_units_called", units.c.called, postgresql_using="gin")
sa.Index(None, units.c.parent)

successions = sa.Table(
    "successions",
    metadata,
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("on", sa.Date, primary_key=True),
    sa.Column("turn", sa.Text, nullable=False),
    sa.Column("successor", sa.Text),  # null: a person decides
    sa.Column("basis", sa.Text, nullable=False, server_default=""),
)
sa.Index(None, successions.c.successor)

addresses = sa.Table(
    "addresses",
    metadata,
    _identity(),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("may", ARRAY(sa.Text), nullable=False),
    sa.Column("role", sa.Text, nullable=False, server_default=""),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date),
    sa.Column("form", sa.Text, nullable=False, server_default="exact"),
    sa.Column("needs", sa.SmallInteger, nullable=False, server_default="0"),
    sa.UniqueConstraint("address", "valid_from"),
)
sa.Index(None, addresses.c.unit)

directory_changes = sa.Table(
    "directory_changes",
    metadata,
    _identity(),
    sa.Column("at", TIME, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("diff", JSONB, nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("may_send_as", ARRAY(sa.Text), nullable=False),
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("changed_at", TIME, nullable=False),
)
