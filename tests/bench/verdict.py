"""How every bench ends: one JSON line, and an exit status that says whether the promised ratios were reached.

Promises:  the last line on stdout is ``{"bench": …, "ratios": {…}, "figures": {…}, "peer": …}``; the status is 1 when a
           ratio is below what was promised, or a figure above its bound.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one bench measured, and what it had to reach."""

    bench: str
    peer: str
    ratios: Mapping[str, float]
    figures: Mapping[str, object]
    least: Mapping[str, float] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)

    def failures(self) -> list[str]:
        """A sentence for everything that fell short."""
        low = [
            f"{name}: {self.ratios[name]:.2f} < {least}"
            for name, least in self.least.items()
            if self.ratios[name] < least
        ]
        high = [
            f"{name}: {self.figures[name]} > {most}" for name, most in self.most.items() if self.figures[name] > most
        ]
        return low + high

    def tell(self) -> None:
        """Print it and leave."""
        for failure in self.failures():
            print("short:", failure, file=sys.stderr)
        ratios = {name: round(ratio, 2) for name, ratio in self.ratios.items()}
        print(json.dumps({"bench": self.bench, "ratios": ratios, "figures": self.figures, "peer": self.peer}))
        sys.exit(1 if self.failures() else 0)
