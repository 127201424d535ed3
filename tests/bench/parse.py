"""Parsing a mail: ours against the standard library and PyPI's mail-parser, in one process, alternating.

Promises:  mails of 300 KiB and 25 MiB with a PDF; every parser decodes every part, ours also tells types and roles and
           makes digests. CPU time. Prints a table, then one JSON line; exits 1 when ours is slower than a
           peer, or takes more for 25 MiB than ``MOST`` says.
Never:     counts the making of the mails.
Fails:     tells which peer is not installed and compares with the others.
"""

from __future__ import annotations

import base64
import email
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from gateway.examine.filetype import sniff
from mailmap.mail.parse import parse

SIZES = {"300 KiB": (300 * 1024, 40), "25 MiB": (25 * 1024 * 1024, 4)}
WANTED = 1.0
MOST = {"ms": 250.0, "memory": 3.0}  # of 25 MiB: milliseconds, and the highest memory as a multiple of the mail
HEAD = (
    "Received: from a.example.vn by b.example.vn; Mon, 5 Aug 2024 14:05:00 +0700\r\n"
    * 4
    + "From: =?utf-8?B?VsSDbiB0aMaw?= <vanthu@xa.example.vn>\r\nTo: vanthu@huyen.example.vn\r\n"
    "Subject: =?utf-8?Q?C=C3=B4ng_v=C4=83n_12/CV-UBND?=\r\nDate: Mon, 5 Aug 2024 14:05:00 +0700\r\n"
    "Message-ID: <1@xa.example.vn>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n"
    "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKính gửi UBND huyện.\r\n"
    '--b1\r\nContent-Type: application/pdf; name="12.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
    'Content-Disposition: attachment; filename="12.pdf"\r\n\r\n'
)


def mail(size: int) -> bytes:
    """A mail of about this size: a text and a PDF that does not compress."""
    seed = b"".join(n.to_bytes(4, "big") for n in range(0, 4_000_000, 997))
    content = (b"%PDF-1.4\n" + seed * (size // len(seed) + 1))[: int(size * 0.73)]
    return HEAD.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n") + b"\r\n--b1--\r\n"


def ours(raw: bytes) -> int:
    """Everything a Message holds, with libmagic's types."""
    return sum(attachment.size for attachment in parse(raw, sniff).attachments)


def standard(raw: bytes) -> int:
    """The standard library: parts decoded, no types, no digests."""
    message = email.message_from_bytes(raw)
    return sum(len(part.get_payload(decode=True) or b"") for part in message.walk() if not part.is_multipart())


def peers() -> dict[str, Callable[[bytes], int]]:
    """Who is compared, by name; mail-parser only where it is installed."""
    found: dict[str, Callable[[bytes], int]] = {"ours": ours, "stdlib email": standard}
    if find_spec("mailparser") is None:
        sys.stderr.write("mail-parser is not installed: not compared\n")
        return found
    mailparser = import_module("mailparser")
    return found | {"mail-parser": lambda raw: len(mailparser.parse_from_bytes(raw).attachments)}


def milliseconds(run: Callable[[bytes], int], raw: bytes) -> float:
    """The CPU time of one parse: other work on the machine disturbs it least."""
    start = time.process_time()
    run(raw)
    return (time.process_time() - start) * 1000


def peak(run: Callable[[bytes], int], raw: bytes) -> float:
    """The highest memory of one parse with its octets, as a multiple of them."""
    tracemalloc.start()
    run(raw)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return 1 + highest / len(raw)


def measured(size: int, rounds: int) -> dict[str, dict[str, float]]:
    """Median milliseconds and memory of each parser, run in turn."""
    raw, runs = mail(size), peers()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(milliseconds(run, raw))
    return {
        name: {"ms": round(statistics.median(times[name]), 2), "memory": round(peak(run, raw), 2)}
        for name, run in runs.items()
    }


def main() -> int:
    """Measure, print, judge."""
    figures: dict[str, dict[str, float]] = {}
    ratios: dict[str, float] = {}
    for label, (size, rounds) in SIZES.items():
        found = measured(size, rounds)
        for name, values in found.items():
            sys.stdout.write(f"{label:>8}  {name:<13} {values['ms']:9.2f} ms   {values['memory']:5.2f} x memory\n")
            figures[f"{name}, {label}"] = values
            if name != "ours":
                ratios[f"{label} against {name}"] = round(values["ms"] / found["ours"]["ms"], 2)
    line = {"bench": "parse", "ratios": ratios, "figures": figures, "peer": "stdlib email, mail-parser"}
    sys.stdout.write(json.dumps(line) + "\n")
    within = all(figures["ours, 25 MiB"][name] <= most for name, most in MOST.items())
    return 0 if within and all(ratio >= WANTED for ratio in ratios.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
