"""Mutated mails against everything that reads mail: parse, report, reply, automatic, file types.

Promises:  each input is answered without an exception, in time that its size allows, with clean strings. What fails
           is printed as base64 with its seed, so that it can join the corpus.
Never:     needs more than the corpus and a seed: the same seed throws the same octets.
"""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.examine.filetype import sniff
from mailmap.mail.automatic import is_automatic
from mailmap.mail.charset import UNPRINTABLE
from mailmap.mail.parse import parse
from mailmap.mail.reply import read_reply
from mailmap.mail.report import read_report
from tests.mailmap.mails import BODIES, FIELDS, VALUES, strings

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("**/*.eml"))
GRAMMAR = [
    *BODIES,
    *VALUES,
    *(name + b": " for name in FIELDS),
    b"\r\n",
    b"\r\n\r\n",
    b";",
    b'"',
    b"(",
    b"<",
    b"?=",
    b"=?",
]
LARGEST = 200_000
ALLOWED = 3.0  # seconds of work for one mail of at most LARGEST octets


def mutants(seed: int) -> Iterator[bytes]:
    """Mails of the corpus, cut, doubled, spliced and sprinkled, for ever."""
    chance = random.Random(seed)  # noqa: S311  a seed that can be repeated is the point
    mails = [path.read_bytes()[:LARGEST] for path in CORPUS]
    while True:
        octets = bytearray(chance.choice(mails))
        for _ in range(chance.randint(1, 12)):
            mutate(octets, chance, mails)
        yield bytes(octets[:LARGEST])


def mutate(octets: bytearray, chance: random.Random, mails: list[bytes]) -> None:
    """One change somewhere."""
    here, there = sorted(chance.randint(0, len(octets)) for _ in range(2))
    match chance.randint(0, 5):
        case 0:
            octets[here : min(there, here + chance.randint(1, 400))] = b""
        case 1:
            octets[here:here] = chance.choice(GRAMMAR) * chance.choice((1, 1, 2, 50, 2_000))
        case 2:
            octets[here:here] = octets[here : min(there, here + 2_000)]
        case 3:
            octets[here:there] = chance.choice(mails)[: chance.randint(0, 4_000)]
        case 4:
            octets[here : here + 4] = chance.randbytes(4)
        case _:
            octets[here : here + 1] = bytes([chance.randrange(256)])


def check(raw: bytes) -> None:
    """Everything that reads mail, on these octets."""
    before = time.process_time()
    message = parse(raw, sniff)
    report = read_report(message)
    reply = read_reply(message.text, message.subject)
    said = [
        *strings(message),
        reply.text,
        reply.quoted,
        *(one.address for one in (report.recipients if report else ())),
    ]
    assert not [text for text in said if UNPRINTABLE.search(text)]
    assert is_automatic(message) is None or message.headers or message.subject
    assert time.process_time() - before < ALLOWED


def check_for(seconds: float, seed: int) -> int:
    """Mutants until the time is over; how many were answered. A failure names its seed and octets."""
    end = time.monotonic() + seconds
    answered = 0
    for raw in mutants(seed):
        try:
            check(raw)
        except Exception as error:
            error.add_note(f"seed {seed}, mutant {answered}: {base64.b64encode(raw).decode()}")
            raise
        answered += 1
        if time.monotonic() > end:
            break
    return answered


def test_a_short_run_finds_nothing() -> None:
    """A few hundred mutants of the corpus on every run, always the same ones first."""
    assert check_for(4.0, seed=1) > 20


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_long_run_finds_nothing(seed: int) -> None:
    """Ten seeds, a minute each: ``make fuzz``."""
    assert check_for(60.0, seed) > 300
