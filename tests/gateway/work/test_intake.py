"""Mail to the general intake address: who is certain has it at once, the others are asked about; a number ends it."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest

from gateway.app import now
from gateway.work.scribe import HANOI
from mailmap.directory.unit import Unit, UnitKind
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage import reading
from storage.reading import MailRow
from tests.gateway.work.posting import Post, words
from tests.offices import CLERK, DISTRICT, DOMAIN, ODD, World, enter
from tests.pdf_files import PDF

INTAKE, TO_DISTRICT = f"vanban@{DOMAIN}", f"haihau@{DOMAIN}"
HAI_AN = "vanthu.haian@haihau.namdinh.example"
TODAY = f"{now().astimezone(HANOI):%d/%m/%Y}"
TWICE = "xã Hồng Quang"
MAILBOX = "vanthu@namdinh.example"


@pytest.fixture(scope="module", autouse=True)
def _units(world: World) -> None:
    """Two more districts, each with a commune of the same name."""
    every = []
    for district, name in (("yyen", "Ý Yên"), ("namtruc", "Nam Trực")):
        every.append(Unit(district, f"UBND huyện {name}", UnitKind.DISTRICT, district, "namdinh", valid_from=ODD))
        short = f"hongquang.{district}"
        commune = Unit(short, "UBND xã Hồng Quang", UnitKind.COMMUNE, short, district, MAILBOX, valid_from=ODD)
        every.append(commune)
    for district in ("haihau", "yyen"):
        short = f"phongnoivu.{district}"
        every.append(Unit(short, "Phòng Nội vụ", UnitKind.DIVISION, short, district, MAILBOX, valid_from=ODD))
    with world.office.database.transaction() as tx:
        enter(tx, every)


def paper(number: int, *recipients: str) -> bytes:
    """A clerk's paper whose text names its recipients, a line each."""
    mail = EmailMessage()
    mail["From"] = f"Văn thư <{CLERK}>"
    mail["Subject"] = f"Công văn số {number}/UBND-VP ngày {TODAY} V/v báo cáo tình hình thu hoạch lúa mùa"
    mail["Message-ID"] = f"<{number}.{CLERK}>"
    listed = "\n".join(f"- {each};" for each in recipients)
    mail.set_content(f"Kính gửi:\n{listed}\n\nXã gửi công văn kèm theo.\n")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=f"{number}-UBND-VP.pdf")
    return mail.as_bytes(policy=email.policy.SMTP)


def deliveries(world: World, code: str | None) -> list[str]:
    """The units a document has a delivery to, in order."""
    assert code is not None
    with world.office.database.transaction() as tx:
        return [one.unit for one in reading.track(tx, code).deliveries]


def answered(
    world: World, code: str | None, text: str, *, sender: str = CLERK, template: str = "which-unit"
) -> MailRow:
    """How an answer to the latest question about a document ends."""
    letter = world.written(str(code), template)[-1].id
    key = tokens.make(world.office.keys.token_key, Purpose.REPLY, letter)
    raw = f"From: {sender}\r\nSubject: Re: x\r\nMessage-ID: <{now().timestamp()}@x>\r\n\r\n{text}\r\n".encode()
    return world.conclude(raw, [f"{key}@{DOMAIN}"], sender=sender)


def asked(world: World, code: str | None) -> int:
    """How many questions about recipients were mailed about a document."""
    return sum(len(world.written(str(code), template)) for template in ("which-unit", "no-unit-chosen"))


def test_certain_names_have_the_document_at_once(post: Post) -> None:
    """The units named in "Kính gửi:" and those of the envelope get a delivery each, once, and nobody is asked."""
    mail = post.world.conclude(paper(601, "UBND huyện Hải Hậu", "UBND xã Hải An"), [INTAKE, TO_DISTRICT])
    assert (mail.outcome, mail.rule) == ("registered", "correspondence")
    assert deliveries(post.world, mail.code) == ["haihau", "haian.haihau"]
    assert asked(post.world, mail.code) == 0


def test_a_group_that_lacks_a_unit_is_told(post: Post) -> None:
    """Every unit of the group that is there gets it, and the receipt says where there is none."""
    mail = post.world.conclude(paper(607, "Phòng Nội vụ các huyện"), [INTAKE])
    assert deliveries(post.world, mail.code) == ["phongnoivu.haihau", "phongnoivu.yyen"]
    post.sent()
    (receipt,) = post.about(CLERK, mail.code)
    assert "danh bạ chưa có đơn vị này ở UBND huyện Nam Trực" in words(receipt)


def test_an_unclear_name_is_asked_about_with_numbers(post: Post) -> None:
    """Who is certain has it; the receipt says who has not; one letter asks, each choice told apart by its district."""
    mail = post.world.conclude(paper(602, "UBND huyện Hải Hậu", TWICE, "Sở Xây nhà"), [INTAKE])
    assert (mail.outcome, mail.rule) == ("registered", "recipients-unclear")
    assert deliveries(post.world, mail.code) == ["haihau"]
    post.sent()
    receipt, question = sorted(post.about(CLERK, mail.code), key=lambda each: "Đã nhận" not in each["Subject"])
    assert "“xã Hồng Quang”, “Sở Xây nhà” là đơn vị nào; nơi ấy chưa có văn bản." in words(receipt)
    assert "Không cần làm gì thêm" not in words(receipt)
    said = words(question)
    assert "1 – UBND xã Hồng Quang (UBND huyện" in said
    assert "2 – UBND xã Hồng Quang (UBND huyện" in said
    assert "Chỉ cần trả lời thư này bằng con số, ví dụ: 2" in said
    assert "- Danh bạ không có “Sở Xây nhà”." in said


def test_a_number_finishes_it(post: Post) -> None:
    """The chosen unit gets the document with the clerk's first words, not with "2"; she is told, and all is settled."""
    mail = post.world.conclude(paper(603, TWICE), [INTAKE])
    assert deliveries(post.world, mail.code) == []
    reply = answered(post.world, mail.code, "2 ạ")
    assert (reply.outcome, reply.rule, reply.code) == ("reply", "recipients-chosen", mail.code)
    (chosen,) = deliveries(post.world, mail.code)
    (question,) = post.world.written(str(mail.code), "which-unit")
    assert chosen == question.spec["question"]["choices"][1]["unit"]
    (delivery,) = post.world.written(str(mail.code), "delivery")
    assert "Xã gửi công văn kèm theo." in delivery.spec["facts"]["note"]
    post.sent()
    (told,) = (words(each) for each in post.about(CLERK, mail.code) if "Đã rõ nơi nhận" in each["Subject"])
    assert told.startswith(f"Cảm ơn anh/chị, Công văn số 603/UBND-VP ngày {TODAY} đang được chuyển đến UBND xã Hồng Q")
    assert "Không cần làm gì thêm" in told


def test_a_number_said_twice_adds_nothing_twice(world: World) -> None:
    """The second "2" is known, ends quietly, and no letter goes out; another number adds that unit once."""
    mail = world.conclude(paper(604, TWICE), [INTAKE])
    assert answered(world, mail.code, "2").rule == "recipients-chosen"
    assert answered(world, mail.code, "số 2").rule == "recipients-known"
    assert len(world.written(str(mail.code), "recipients-chosen")) == len(deliveries(world, mail.code)) == 1
    assert answered(world, mail.code, "1").rule == "recipients-chosen"
    assert len(set(deliveries(world, mail.code))) == len(deliveries(world, mail.code)) == 2


def test_a_name_answers_as_well(world: World) -> None:
    """A unit's name instead of a number; for a name nobody bears it is the only way."""
    mail = world.conclude(paper(605, "Xã Hải Ann"), [INTAKE])
    assert mail.rule == "recipients-unclear"
    assert answered(world, mail.code, "UBND xã Hải An").rule == "recipients-chosen"
    assert deliveries(world, mail.code) == ["haian.haihau"]


def test_zero_is_nobody_and_a_name_may_follow(world: World) -> None:
    """0: nobody more has it, the full name is asked for, and the answer to that letter counts."""
    mail = world.conclude(paper(606, TWICE), [INTAKE])
    assert answered(world, mail.code, "0").rule == "recipients-none"
    assert deliveries(world, mail.code) == []
    assert answered(world, mail.code, "UBND xã Hải An", template="no-unit-chosen").rule == "recipients-chosen"
    assert deliveries(world, mail.code) == ["haian.haihau"]


@pytest.mark.parametrize(
    ("number", "text"),
    [*enumerate(["7", "1, 2", "Mai họp lúc mấy giờ?", "Your ticket #12 has been created", "0"], 610)],
)
def test_questions_run_dry(world: World, number: int, text: str) -> None:
    """What is not plain is asked again, as often as the policy allows, then held; a robot cannot go on for ever."""
    mail = world.conclude(paper(number, TWICE, "Hải Hậu"), [INTAKE])
    rules = [answered(world, mail.code, text).rule for _ in range(3)]
    assert rules[0] in {"answer-unclear", "recipients-none"}
    assert rules[1:] == ["answer-unclear-again"] * 2
    assert asked(world, mail.code) == 2
    assert deliveries(world, mail.code) == ["haihau"]


def test_only_the_senders_unit_may_answer(world: World) -> None:
    """Lesson 34: who is of another unit chooses nothing, whatever address he knows."""
    mail = world.conclude(paper(650, TWICE), [INTAKE])
    assert answered(world, mail.code, "2", sender=DISTRICT).outcome == "held"
    assert deliveries(world, mail.code) == []


def test_a_number_is_a_choice_only_where_choices_were_offered(world: World) -> None:
    """To a delivery "2" says no status: it is asked about as before."""
    mail = world.conclude(paper(651, "UBND huyện Hải Hậu"), [TO_DISTRICT])
    assert answered(world, mail.code, "2", sender=DISTRICT, template="delivery").rule == "answer-unclear"


def test_nobody_named_is_told_how_to_name(post: Post) -> None:
    """Nothing in "Kính gửi:" and no unit in the envelope: refused, with an example."""
    mail = post.world.conclude(paper(652, "Lưu: VT"), [INTAKE])
    assert (mail.outcome, mail.rule) == ("refused", "no-recipient")
    post.sent()
    (told,) = (each for each in post.mailbox(CLERK) if each["In-Reply-To"] == f"<652.{CLERK}>")
    assert "Kính gửi: UBND huyện Hải Hậu; Phòng Tài chính" in words(told)


def test_copies_of_one_mail_are_one_document_and_one_question(world: World) -> None:
    """Lesson 15: the mail split over intake and unit, in either order and once more, adds and asks what is new."""
    for number, first, second in ((653, INTAKE, TO_DISTRICT), (654, TO_DISTRICT, INTAKE)):
        raw = paper(number, TWICE, "UBND xã Hải An")
        one = world.conclude(raw, [first])
        two = world.conclude(b"Received: from b.example by c.example; x\r\n" + raw, [second])
        again = world.conclude(b"Received: from d.example by c.example; x\r\n" + raw, [INTAKE, TO_DISTRICT])
        assert one.code == two.code == again.code
        assert again.outcome == "duplicate"
        assert sorted(deliveries(world, one.code)) == ["haian.haihau", "haihau"]
        assert asked(world, one.code) == 1


def test_after_all_this_register_and_journal_agree(world: World) -> None:
    """House rule: questions and their choices too are rebuilt from the journal."""
    assert world.unlike_its_journal() == []
