"""The spool: where a mail becomes ours. Append-only segments, one shared fsync, nothing but this disk.

On disk, below the root, every owner (a door process) has a directory with one writer:

    000000042.seg      a segment: a header, then records; only the newest grows
    S-….mail           the octets of one mail over 1 MiB, named by its spool id; a record points to it
    lock               held by the writer while it lives, and by whoever recovers what a dead one left
    gauge              how far the newest segment is durable; shared memory, worth nothing after a power cut

The order that everything rests on: own file synced, directory synced, record written, segment synced, gauge moved,
answer given. A reader goes no further than the gauge; the gauge goes no further than the last sync.
"""

from storage.spool.draft import Draft
from storage.spool.names import SpoolFull
from storage.spool.reader import Batch, Reader
from storage.spool.shelf import Damaged, Record
from storage.spool.spool import Spool, SpoolBusy
from storage.spool.writer import SpoolBroken, Stored
from storage.spool.yard import Limits

__all__ = [
    "Batch",
    "Damaged",
    "Draft",
    "Limits",
    "Reader",
    "Record",
    "Spool",
    "SpoolBroken",
    "SpoolBusy",
    "SpoolFull",
    "Stored",
]
