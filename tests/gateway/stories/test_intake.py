"""The clerk who writes only "Kính gửi: …": her mail to the general intake address, over real SMTP.

A whole gateway runs in processes of its own; its directory is the province's, imported as an administrator imports it.
"""

from __future__ import annotations

import email.policy
import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from gateway.cli.frame import main
from storage import seal
from tests.gateway.stories.town import Town, opened_town, spoken
from tests.offices import CLERK, DISTRICT, DOMAIN
from tests.pdf_files import PDF

SHEETS = Path(__file__).parents[3] / "config" / "directory"
INTAKE = f"vanban@{DOMAIN}"
Run = Callable[..., list[dict[str, object]]]
FINANCE = "phongtckh@haihau.namdinh.example"
HAI_AN, HAI_PHONG = (f"vanthu.{name}@haihau.namdinh.example" for name in ("haian", "haiphong"))
FOUR = {DISTRICT, FINANCE, HAI_AN, HAI_PHONG}
LIKE = {  # the communes whose names are like the misspelt one
    f"UBND xã Hải {name}": f"vanthu.{short}@haihau.namdinh.example"
    for name, short in (("Minh", "haiminh"), ("Ninh", "haininh"), ("Chính", "haichinh"))
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One gateway for the stories of this module, with the whole province in its directory."""
    with opened_town(tmp_path_factory.mktemp("town"), FINANCE, HAI_AN, HAI_PHONG, *LIKE.values(), bare=True) as one:
        sheets = [str(SHEETS / name) for name in ("nam-dinh.csv", "nam-dinh-addresses.csv")]
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("LIENTHONG_CONFIG", str(one.config))
            assert main(["map", "import", *sheets, "--apply"]) == 0
        yield one


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types a command on the gateway's machine; the objects it answers with."""
    monkeypatch.setenv("LIENTHONG_CONFIG", str(town.config))

    def typed(*words: str) -> list[dict[str, object]]:
        main([*words, "--json"])
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return typed


def mail(number: int, text: str) -> bytes:
    """A công văn of the commune, with the text of its mail."""
    made = EmailMessage()
    made["From"] = f"Văn thư xã Hải Phúc <{CLERK}>"
    made["Subject"] = f"Công văn số {number}/UBND-VP V/v báo cáo tình hình thu hoạch lúa mùa"
    made["Message-ID"] = f"<{number}.{CLERK}>"
    made.set_content(text)
    made.add_attachment(PDF + b"%%%d" % number, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return made.as_bytes(policy=email.policy.SMTP)


def answer(town: Town, asked: EmailMessage, text: str) -> str | None:
    """Answer a letter as a mail program does, with the letter quoted below; by which rule that ended."""
    made = EmailMessage()
    made["From"] = f"Văn thư xã Hải Phúc <{CLERK}>"
    made["Subject"] = f"Re: {asked['Subject']}"
    made["In-Reply-To"] = asked["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in spoken(asked).splitlines())
    made.set_content(f"{text}\n\nVào 09:15, Th 2, 17 thg 10, 2016 Liên thông <x@y.example> đã viết:\n\n{quoted}\n")
    to = asked["Reply-To"].addresses[0].addr_spec
    return town.concluded(made.as_bytes(policy=email.policy.SMTP), to).rule


def reached(town: Town, code: str | None) -> set[str]:
    """The mailboxes to which letters with the document go."""
    return {one.to for one in town.letters(code)}


def test_four_names_are_four_deliveries(town: Town) -> None:
    """The district, its division, and two communes named in a row: each gets the document, nobody is asked."""
    names = "Kính gửi: UBND huyện Hải Hậu; Phòng Tài chính - Kế hoạch; UBND các xã Hải An, Hải Phong\n\n"
    done = town.concluded(mail(301, f"{names}Xã Hải Phúc xin gửi công văn kèm theo.\n\nTrân trọng.\n"), INTAKE)
    assert (done.outcome, done.rule) == ("registered", "correspondence")
    assert reached(town, done.code) == FOUR
    for address in FOUR:
        delivered = town.told(address, done.code, "Xin mở tệp kèm theo")
        assert len(list(delivered.iter_attachments())) == 1
    assert "4 nơi" in spoken(town.told(CLERK, done.code, "đã nhận"))


def test_a_misspelt_name_brings_a_question_and_a_number_finishes_it(town: Town) -> None:
    """Who is clear has it at once; the answer "2" sends it to the second; the sender is told who has it now."""
    done = town.concluded(mail(302, "Kính gửi: UBND huyện Hải Hậu; UBND xã Hải Miinh\n\nXin gửi công văn.\n"), INTAKE)
    assert (done.outcome, done.rule) == ("registered", "recipients-unclear")
    assert reached(town, done.code) == {DISTRICT}
    assert "“UBND xã Hải Miinh” là đơn vị nào" in spoken(town.told(CLERK, done.code, "đã nhận"))
    asked = town.told(CLERK, done.code, "Chỉ cần trả lời thư này bằng con số, ví dụ: 2")
    (second,) = (line for line in spoken(asked).splitlines() if line.startswith("* 2 – "))
    name = second.removeprefix("* 2 – ").removesuffix(" (UBND huyện Hải Hậu)")
    assert answer(town, asked, "2") == "recipients-chosen"
    assert reached(town, done.code) == {DISTRICT, LIKE[name]}
    town.told(LIKE[name], done.code, "Xin mở tệp kèm theo")
    told = spoken(town.told(CLERK, done.code, "Cảm ơn anh/chị"))
    assert name in told.splitlines()[0]
    assert f"Nơi nhận: UBND huyện Hải Hậu; {name}" in told
    assert answer(town, asked, "2") == "duplicate"
    assert answer(town, asked, "Số 2 ạ.") == "recipients-known"
    assert len(town.letters(done.code)) == 2


def test_a_document_that_goes_to_nobody_yet_is_not_forgotten(town: Town, run: Run) -> None:
    """Nobody named is clear: the document is registered and the doctor names it until its sender has answered."""
    done = town.concluded(mail(303, "Kính gửi: UBND xã Hải Miinh\n\nXin gửi công văn.\n"), INTAKE)
    waits = [row["sentence"] for row in run("doctor") if row["found"] == "nowhere"]
    assert [str(done.code) in str(sentence) for sentence in waits] == [True]
    asked = town.told(CLERK, done.code, "Chỉ cần trả lời thư này bằng con số")
    assert answer(town, asked, "UBND xã Hải An") == "recipients-chosen"
    assert reached(town, done.code) == {HAI_AN}
    assert [row for row in run("doctor") if row["found"] == "nowhere"] == []


def test_after_all_this_register_and_journal_agree(town: Town, run: Run) -> None:
    """House rule: rebuilt from the journal the register is the same, choices of questions too; the chain holds."""
    assert run("rebuild", "--compare") == []
    with town.database.transaction() as tx:
        assert seal.verify(tx).holds
