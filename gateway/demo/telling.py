"""How the story is told in the terminal: headings, plain sentences, the very mails, and a sign of life while it waits.

Promises:  every word is from config/locale; what mails say is shown as it is and cannot paint on the terminal.
Never:     decides whether something was observed; says anything when it is to be silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from gateway.demo.clerk import Letter
from gateway.terminal import shown
from mailmap.writing.words import Words

WIDEST = 100
_HEADS = ("From", "To", "Subject")


class Telling:
    """One telling of the story."""

    def __init__(self, words: Words, *, silent: bool) -> None:
        self._words, self._silent = words, silent
        self._console = Console(highlight=False, quiet=silent)
        self._width = min(WIDEST, self._console.width)

    @property
    def columns(self) -> int:
        """How wide the answer of a command may be to be shown."""
        return self._width - 4

    def heading(self, number: int, of: int, key: str) -> None:
        """A new step begins."""
        title = self._words.say(key)
        counted = self._words.say("demo.step", number=number, of=of)
        self._console.print()
        self._console.rule(Text(f"{counted}: {title}", style="bold"), align="left", style="cyan")

    def say(self, key: str, /, **facts: object) -> None:
        """A plain sentence."""
        self._console.print(Text(_clean(self._words.say(key, **facts))), width=self._width)

    def seen(self, key: str, /, **facts: object) -> None:
        """What was really observed."""
        text = Text("✓ ", style="bold green").append(_clean(self._words.say(key, **facts)), style="default")
        self._console.print(text, width=self._width)

    def mail(self, letter: Letter, key: str, /, **facts: object) -> None:
        """A mail as its reader sees it."""
        mail = letter.mail
        heads = "\n".join(f"{name}: {_spaced(str(mail[name]))}" for name in _HEADS if mail[name])
        files = [name for part in mail.iter_attachments() if (name := part.get_filename())]
        shown = Text(_clean(heads), style="cyan").append("\n\n").append(_clean(letter.text), style="default")
        if files:
            shown.append("\n\n📎 " + _clean(", ".join(files)), style="yellow")
        title = Text(_clean(self._words.say(key, **facts)), style="bold")
        self._console.print(Panel(shown, title=title, title_align="left", border_style="blue", width=self._width))

    def typed(self, command: str, answer: str) -> None:
        """A command and what it says."""
        shown = Text(f"$ {command}\n", style="bold").append(_clean(answer.strip()), style="default")
        self._console.print(Panel(shown, border_style="magenta", width=self._width))

    @contextmanager
    def waiting(self, key: str) -> Iterator[None]:
        """Show that something is being waited for."""
        sign = self._words.say(key)
        with nullcontext() if self._silent else self._console.status(sign):
            yield


def _spaced(field: str) -> str:
    """One space between words: Python's reader doubles those between encoded words of a name (RFC 2047 section 6.2)."""
    return " ".join(field.split())


def _clean(text: str) -> str:
    return shown(text.replace("\r\n", "\n"))
