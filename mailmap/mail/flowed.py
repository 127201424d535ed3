"""Text of ``format=flowed`` with its soft line ends undone (RFC 3676).

Promises:  each paragraph on one line, quote marks kept, the signature line "-- " kept.
Never:     joins lines of different quote depth (section 4.5).
Fails:     never.
"""

from __future__ import annotations

SIGNATURE = "-- "


def unflow(text: str, *, delsp: bool) -> str:
    """The text with soft line ends removed; ``delsp`` says that the blank before one goes too."""
    paragraphs: list[list[str]] = []
    open_depth = -1  # quote depth of a line that goes on, -1 when the last line is finished
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != SIGNATURE
        piece = words[:-1] if soft and delsp else words
        if open_depth == depth and words != SIGNATURE:
            paragraphs[-1].append(piece)
        else:
            paragraphs.append([f"{'>' * depth} {piece}" if depth else piece])
        open_depth = depth if soft else -1
    return "\n".join(line if (line := "".join(pieces)) == SIGNATURE else line.rstrip() for pieces in paragraphs)
