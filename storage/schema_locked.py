"""The table of mails under lock: nothing in it tells from whom, to whom or of what a mail is.

Promises:  as ``schema``, which has it among its tables.
Never:     a column for what a mail says; ``strongroom`` reads and writes it.
"""

from __future__ import annotations

import sqlalchemy as sa

_TIME = sa.DateTime(timezone=True)


def locked_in(metadata: sa.MetaData) -> sa.Table:
    """The table, with the index by which a second copy is known."""
    table = sa.Table(
        "locked",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("mail", sa.Text, nullable=False, unique=True),
        sa.Column("degree", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),  # rounded up, and the octets are padded to it
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("locked_at", _TIME, nullable=False),
        sa.Column("name", sa.Text),  # of the encrypted blob; this and the next four are null once destroyed
        sa.Column("master", sa.Text),  # which master key wraps the next
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("alike", sa.Text),  # keyed: by it a second copy is known
        sa.Column("notice", sa.BigInteger),  # the letter to the sender, if any
        sa.Column("left", sa.LargeBinary),  # names of blobs still to be taken away, sealed; null when none is left
        sa.Column("destroyed_at", _TIME),
        sa.Column("destroyed_by", sa.Text),
        sa.Column("destroyed_on", sa.Text),  # which order
    )
    sa.Index(None, table.c.alike)
    return table
