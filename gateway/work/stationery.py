"""Fetches the templates of letters from the disk, and says who writes them.

Promises:  every template is read and compiled here, at the start; a broken one is found then and not on a letter.
Never:     writes a letter.
Fails:     OSError for files that cannot be read, jinja2.TemplateSyntaxError for a template that is none.
"""

from __future__ import annotations

from pathlib import Path

from gateway.settings import Settings
from gateway.words import CONFIG, Language, words
from mailmap.directory.directory import AUTHOR
from mailmap.writing.letter import Letterhead
from mailmap.writing.templates import Templates

NAME = "Liên thông"


def templates(folder: Path = CONFIG / "templates") -> Templates:
    """All templates in that folder."""
    files = (path for path in folder.iterdir() if path.suffix in {".txt", ".html"})
    sources = {path.name: path.read_text("utf-8") for path in files}
    return Templates(sources, {language.value: words(language) for language in Language})


def letterhead(settings: Settings, token_key: bytes) -> Letterhead:
    """Who writes: the gateway at the first of its domains."""
    domain = settings.gateway.domains[0]
    return Letterhead(settings.gateway.name, domain, f"{AUTHOR}@{domain}", NAME, token_key)
