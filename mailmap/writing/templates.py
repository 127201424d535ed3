"""Letters from templates: facts in, subject and both bodies out.

Promises:  the text comes from ``<name>.<language>.txt``, the HTML from the same text set by ``letter.html``; every
           value put into a text is one line unless it is ``quoted``; everything in the HTML is escaped; templates run
           in a sandbox and are compiled once. The object is immutable and may be shared by threads.
Never:     reads the disk, the clock or a setting; the sources come in as a mapping of names to texts.
Fails:     NoTemplate for a name nobody wrote; jinja2.UndefinedError when a template names a fact that was not given;
           NoWords for a cause without a sentence; jinja2.TemplateSyntaxError from the constructor for a source that is
           none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jinja2 import DictLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailmap.writing import blocks
from mailmap.writing.headers import SAIGON
from mailmap.writing.letter import About, Kind, Letter, Letterhead, Spec
from mailmap.writing.words import Words

PAGE = "letter.html"
_SPACES = re.compile(r"\n{3,}")


class NoTemplate(LookupError):
    """There is no template of this name in this language."""


class Lines(str):
    """A value that may keep its lines."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words: who it is from (display name), its subject, its text, its HTML."""

    author: str
    subject: str
    text: str
    html: str


class Templates:
    """All templates of an installation, and the sentences of its languages (by 'vi', 'en')."""

    def __init__(self, sources: Mapping[str, str], words: Mapping[str, Words]) -> None:
        texts = {name: source for name, source in sources.items() if name.endswith(".txt")}
        env = _environment(texts, escape=False)
        self._texts: Mapping[str, Template] = {name: env.get_template(name) for name in texts}
        self._words = dict(words)
        self._page = _environment({PAGE: sources[PAGE]}, escape=True).get_template(PAGE)

    def names(self) -> frozenset[str]:
        """Every letter that can be written, without language and ending; parts of letters begin with '_'."""
        return frozenset(name.split(".")[0] for name in self._texts if not name.startswith("_"))

    def write(self, letter: Letter, head: Letterhead, answer: Callable[[str], str]) -> Written:
        """The letter in words; ``answer`` gives the link that writes an answer."""
        spec, about = letter.spec, letter.about
        told = {name: getattr(about, name) for name in About.__slots__} if about else None
        scope: dict[str, object] = {"about": told, "delivery": letter.kind is Kind.DELIVERY, "house": head.name}
        scope |= {"addressee": letter.addressee, "question": spec.question, **dict(spec.facts)}
        scope |= {"because": lambda: self._because(spec)}
        subject, text = _opened(self._text(spec.template, spec.language).render(scope))
        author = self._text("_author", spec.language).render(scope).strip()
        shaped = [{"shape": b.shape.value, "lines": b.lines, "rows": b.rows} for b in blocks.shape(text)]
        html = self._page.render(subject=subject, language=spec.language, blocks=shaped, answer=answer)
        return Written(author, subject, text, html)

    def _because(self, spec: Spec) -> str:
        """Why a mail did not arrive and what to do, by the fact ``why``: a Cause."""
        facts = dict(spec.facts)
        return self._words[spec.language].say(f"cause.{facts['why']}", **facts)

    def _text(self, name: str, language: str) -> Template:
        found = self._texts.get(f"{name}.{language}.txt")
        if found is None:
            raise NoTemplate(f"no template {name!r} in language {language!r}")
        return found


def day(iso: str) -> str:
    """'2016-10-15' as '15/10/2016'; '' stays ''."""
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


def clock(iso: str) -> str:
    """The time of day of an ISO time, as '09:30' in Vietnamese time."""
    return f"{_local(iso):%H:%M}" if iso else ""


def local_day(iso: str) -> str:
    """The day of an ISO time, as '15/10/2016' in Vietnamese time."""
    return f"{_local(iso):%d/%m/%Y}" if iso else ""


def _quoted(value: str) -> Lines:
    return Lines(blocks.quoted(value))


def _local(iso: str) -> datetime:
    return datetime.fromisoformat(iso).astimezone(SAIGON)


def _put(value: object) -> object:
    return value if isinstance(value, Lines | StrictUndefined) else blocks.line(value)


def _environment(sources: Mapping[str, str], *, escape: bool) -> ImmutableSandboxedEnvironment:
    env = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(sources)),
        autoescape=escape,
        undefined=StrictUndefined,
        finalize=None if escape else _put,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters.update({"day": day, "clock": clock, "local_day": local_day, "quoted": _quoted})
    return env


def _opened(rendered: str) -> tuple[str, str]:
    """Subject line and body of a rendered template."""
    first, _, body = rendered.strip().partition("\n")
    label, _, subject = first.partition(":")
    if label != "Subject":
        raise NoTemplate(f"a template begins with 'Subject:', not with {label[:20]!r}")
    spaced = _SPACES.sub("\n\n", body).strip("\n") + "\n"
    return subject.strip(), spaced.replace("\n--\n", f"\n{blocks.SIGNATURE}\n")
