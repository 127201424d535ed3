"""Changed seeds: cut, doubled, spliced and sprinkled with the words of the reader's grammar.

Promises:  the same seed of chance throws the same octets, on every machine.
Never:     looks at what the reader does; ``guided`` does.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tests.fuzz.harnesses import Harness
from tests.fuzz.seeds import LARGEST

TIMES = (1, 1, 1, 2, 50, 1_000)


def mutants(harness: Harness, seed: int) -> Iterator[bytes]:
    """Changed seeds of this harness, for ever."""
    chance = random.Random(seed)  # noqa: S311  a seed that can be repeated is the point
    seeds = list(harness.seeds())
    while True:
        octets = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 12)):
            _mutate(octets, chance, seeds, harness.words or (b"\0",))
        yield bytes(octets[:LARGEST])


def _mutate(octets: bytearray, chance: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> None:
    """One change somewhere."""
    here, there = sorted(chance.randint(0, len(octets)) for _ in range(2))
    match chance.randint(0, 5):
        case 0:
            octets[here : min(there, here + chance.randint(1, 400))] = b""
        case 1:
            octets[here:here] = chance.choice(words) * chance.choice(TIMES)
        case 2:
            octets[here:here] = octets[here : min(there, here + 2_000)]
        case 3:
            octets[here:there] = chance.choice(seeds)[: chance.randint(0, 4_000)]
        case 4:
            octets[here : here + 4] = chance.randbytes(4)
        case _:
            octets[here : here + 1] = bytes([chance.randrange(256)])
