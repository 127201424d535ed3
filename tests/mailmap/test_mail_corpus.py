"""Our own mails (tests/corpus): each with what must be read from it, and why it is there.

Promises:  every ``NNN-name.eml`` has its ``.expect.toml`` and ``.readme``; yours may lie in tests/corpus/private.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from gateway.examine.filetype import sniff
from mailmap.mail.message import Message
from mailmap.mail.parse import parse

CORPUS = Path(__file__).parent.parent / "corpus"
MAILS = sorted(CORPUS.glob("**/*.eml"))


def seen(message: Message) -> dict[str, Any]:
    """What an expectation may name, in its own terms."""
    return {
        "subject": message.subject,
        "from": [box.address for box in message.from_],
        "to": [box.address for box in message.to],
        "cc": [box.address for box in message.cc],
        "date": message.date,
        "text": message.text,
        "defects": list(message.defects),
    }


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_each_mail_of_the_corpus_is_read_as_it_says(mail: Path) -> None:
    """What the .expect.toml of a mail names is read from the mail exactly so, and no attachment besides."""
    expected = tomllib.loads(mail.with_suffix(".expect.toml").read_text("utf-8"))
    message = parse(mail.read_bytes(), sniff)
    wanted = {key: value for key, value in expected.items() if key not in {"attachments", "defects_contain"}}
    assert wanted == {key: value for key, value in seen(message).items() if key in wanted}
    assert set(expected.get("defects_contain", ())) <= set(message.defects)
    if "attachments" in expected:
        found = [{key: getattr(one, key) for key in want} for one, want in zip_all(message, expected["attachments"])]
        assert expected["attachments"] == found


def zip_all(message: Message, wanted: list[dict[str, str]]) -> list[tuple[Any, dict[str, str]]]:
    """Pairs of found and wanted attachments; their numbers must agree."""
    assert len(wanted) == len(message.attachments)
    return list(zip(message.attachments, wanted, strict=True))


def test_every_mail_of_the_corpus_tells_why_it_is_there() -> None:
    """A case is a family of three files: the mail, what must be read, and one sentence why."""
    assert len(MAILS) >= 30
    for mail in MAILS:
        assert mail.with_suffix(".readme").read_text("utf-8").strip()
        assert mail.with_suffix(".expect.toml").exists()
