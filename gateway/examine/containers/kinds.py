"""Which kinds of files are containers, and how libarchive is told to read those it reads.

Promises:  media types as ``filetype.sniff`` says them; none of a document: Word, Excel and OpenDocument files are ZIPs
           that nobody opens here.
"""

from __future__ import annotations

from gateway.examine.filetype import CABINET, CMS, MAIL, OUTLOOK, TNEF, ZIP

SEVEN_ZIP = "application/x-7z-compressed"
RAR = "application/vnd.rar"
GZIP = "application/gzip"
PACKED = {  # media type: the formats it may be in, and the filter before it
    ZIP: (("zip",), ""),
    SEVEN_ZIP: (("7zip",), ""),
    RAR: (("rar", "rar5"), ""),
    "application/x-tar": (("tar",), ""),
    CABINET: (("cab",), ""),
    "application/x-lzh-compressed": (("lha",), ""),
    GZIP: (("tar", "raw"), "gzip"),
    "application/x-bzip2": (("tar", "raw"), "bzip2"),
    "application/x-xz": (("tar", "raw"), "xz"),
    "application/x-lzma": (("tar", "raw"), "lzma"),
    "application/zstd": (("tar", "raw"), "zstd"),
    "application/x-compress": (("tar", "raw"), "compress"),
}
KINDS = frozenset(PACKED) | {TNEF, OUTLOOK, CMS, MAIL}
CARRIERS = frozenset({OUTLOOK, CMS, MAIL})  # their files lie inside the mail they hold
