"""Content-Transfer-Encoding undone: base64, quoted-printable, uuencode (RFC 2045 section 6).

Promises:  every span of octets decodes to some octets, in one pass and one copy; base64 never goes through the slow
           paths of the standard library's mail parser.
Never:     drops octets in silence: what is foreign, cut off or behind the end is named in ``defects``.
Fails:     never.
"""

from __future__ import annotations

import binascii
import re

IDENTITY = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "plain", "none", "identity"})
QUOTED = frozenset({"quoted-printable", "quotedprintable", "quoted", "qp"})
BASE64 = frozenset({"base64", "base-64", "b64"})
UUENCODE = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})

FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\r\n\t ]")
MORE_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*")
FULL_LINE = re.compile(rb"\n[A-Za-z0-9+/]{60,}[=\r\n]")  # base64 goes on below a damaged place
SPACED_END = re.compile(rb"=[ \t]+(\r?\n)")
MAX_RUNS = 1_000
BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)


def encoding_of(value: str) -> str:
    """The encoding's name as the sets above spell it: lower case, without blanks, quotes, comments, parameters."""
    return re.sub(r"[\s\"']|\(.*|;.*", "", value.lower())


def decode(raw: bytes, start: int, end: int, encoding: str, defects: list[str]) -> bytes:
    """The octets that raw[start:end] stands for in this encoding (a name from ``encoding_of``)."""
    if encoding in BASE64:
        return _base64(raw, start, end, defects)
    if encoding in QUOTED:
        return _quoted(raw, start, end)
    if encoding in UUENCODE:
        return _uuencode(raw[start:end], defects)
    if encoding not in IDENTITY:
        defects.append(f"unknown transfer encoding {encoding[:40]!a}")
    return raw[start:end]


def _quoted(raw: bytes, start: int, end: int) -> bytes:
    """Quoted-printable; blanks that a server put behind a soft line end do not count (RFC 2045 section 6.7, rule 3)."""
    if SPACED_END.search(raw, start, end) is None:
        return binascii.a2b_qp(memoryview(raw)[start:end])
    return binascii.a2b_qp(SPACED_END.sub(rb"=\1", raw[start:end]))


def lenient_base64(text: bytes | memoryview) -> bytes:
    """The octets of one base64 run; missing padding is supplied, a last single character dropped."""
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", bytes(text))
        kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _base64(raw: bytes, start: int, end: int, defects: list[str]) -> bytes:
    """One run of base64, or several one after another as some programs write them."""
    pad = raw.find(b"=", start, end)
    stop = end if pad < 0 else _behind_padding(raw, pad, end)
    content = lenient_base64(memoryview(raw)[start:stop])
    if _odd(raw, start, stop, len(content)):
        last = _before_footer(raw, start, stop)
        defects.append("base64 with foreign characters" if last == stop else "text behind the end of a base64 part")
        return content if last == stop else lenient_base64(memoryview(raw)[start:last])
    if stop == end or not raw[stop:end].strip():
        return content
    if MORE_BASE64.fullmatch(raw, stop, end):
        defects.append("base64 in several runs")
        return content + b"".join(_runs(raw[stop:end]))
    defects.append("text behind the end of a base64 part")
    return content


def _behind_padding(raw: bytes, pad: int, end: int) -> int:
    while pad < end and raw[pad] in b"= \t\r\n":
        pad += 1
    return pad


def _runs(rest: bytes) -> list[bytes]:
    """Each further run up to its padding; the last of too many takes all that is left."""
    return [lenient_base64(run) for run in re.split(rb"=[=\s]*", rest, maxsplit=MAX_RUNS) if run.strip()]


def _odd(raw: bytes, start: int, stop: int, size: int) -> bool:
    """Whether characters stand there that are not base64; counting is quicker than searching, so it goes first."""
    ends = raw.count(b"\n", start, stop) + raw.count(b"\r", start, stop)
    if (stop - start - ends + 3) // 4 * 3 - size <= 2:  # noqa: PLR2004  padding stands for two octets at most
        return False
    return FOREIGN.search(raw, start, stop) is not None


def _before_footer(raw: bytes, start: int, stop: int) -> int:
    """Where base64 ends when a list wrote its footer behind it without padding between; ``stop`` when it did not."""
    foreign = FOREIGN.search(raw, start, stop)
    line = raw.rfind(b"\n", start, foreign.start()) + 1 if foreign else 0
    return line if line > start and not FULL_LINE.search(raw, line, stop) else stop


def _uuencode(octets: bytes, defects: list[str]) -> bytes:
    """The octets between ``begin`` and ``end`` lines; without a begin line, the octets as they are."""
    begin = BEGIN.search(octets)
    if begin is None:
        defects.append("uuencode without a begin line")
        return octets
    return uudecode(octets[begin.end() :], defects)


def uudecode(octets: bytes, defects: list[str]) -> bytes:
    """The octets of the lines up to ``end``; lines that hold no uuencode are left out and named."""
    decoded: list[bytes] = []
    for line in octets.splitlines():
        if line.strip() == b"end":
            return b"".join(decoded)
        decoded.append(_uu_line(line, defects))
    defects.append("uuencode without an end line")
    return b"".join(decoded)


def _uu_line(line: bytes, defects: list[str]) -> bytes:
    if not line:
        return b""
    size = (line[0] - 32) & 63
    try:
        return binascii.a2b_uu(line[: 1 + (size * 4 + 2) // 3])  # some programs write junk behind the data
    except binascii.Error:
        defects.append("a broken line of uuencode")
        return b""
