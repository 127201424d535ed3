"""Documents known from their own pages: what becomes of a mail whose subject says nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from gateway.app import now
from gateway.work.scribe import HANOI
from storage.jobs import QUEUE
from storage.reading import MailRow
from storage.schema import documents, entries, letters
from tests.gateway.examine.made import docx, paragraph, pdf, saved, scan
from tests.offices import CLERK, DOMAIN, World

TODAY = now().astimezone(HANOI).date()
TO_DISTRICT = f"haihau@{DOMAIN}"
OURS = ("ỦY BAN NHÂN DÂN", "XÃ HẢI PHÚC")
RICE = "V/v báo cáo tình hình thu hoạch lúa mùa"


def lines(
    number: int, issuer: Sequence[str] = ("ỦY BAN NHÂN DÂN", "XÃ HẢI PHÚC"), place: str = "Hải Phúc"
) -> list[str]:
    """The first page of a công văn, line by line."""
    return [
        *issuer, f"Số: {number}/UBND-VP", RICE, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        f"{place}, ngày {TODAY:%d} tháng {TODAY:%m} năm {TODAY:%Y}", "Kính gửi: Ủy ban nhân dân huyện Hải Hậu",
        "Thực hiện chỉ đạo của cấp trên, đơn vị xin báo cáo như sau.", "CHỦ TỊCH", "Nguyễn Văn An",
    ]  # fmt: skip


def word(number: int, **told: str) -> bytes:
    """The same as a Word file."""
    return docx("".join(paragraph(line) for line in lines(number, **told)))  # type: ignore[arg-type]  # by name


def mail(*files: tuple[str, bytes], subject: str = "Gửi văn bản", text: str = "Kính gửi huyện.\n") -> bytes:
    """A clerk's mail with these files and a subject that says nothing."""
    one = EmailMessage()
    one["From"], one["To"], one["Subject"] = CLERK, TO_DISTRICT, subject
    one["Message-ID"] = f"<{abs(hash(files))}@haiphuc>"
    one.set_content(text)
    for name, content in files:
        one.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return one.as_bytes().replace(b"\n", b"\r\n")


def receipt(world: World) -> str:
    """The last receipt or notice, as it would be read."""
    with world.office.database.transaction() as tx:
        row = tx.execute(sa.select(letters).where(letters.c.kind != "delivery").order_by(letters.c.id.desc())).first()
    assert row is not None
    return str(row.spec)


def booked(world: World, ended: MailRow) -> list[int]:
    """The numbers under which the document of a mail stands in outgoing books."""
    with world.office.database.transaction() as tx:
        query = sa.select(entries.c.number).join(documents, documents.c.id == entries.c.document)
        query = query.where(documents.c.mail == ended.spool_id, entries.c.direction == "out")
        return list(tx.execute(query).scalars())


def kept(world: World, ended: MailRow) -> sa.Row[tuple[object, ...]]:
    """The document in the register."""
    with world.office.database.transaction() as tx:
        return tx.execute(sa.select(documents).where(documents.c.mail == ended.spool_id)).one()


def test_a_document_is_registered_from_its_pages(world: World) -> None:
    """Number, date and trích yếu come from the page where the mail tells none; the own book takes the number."""
    ended = world.conclude(mail(("van ban.docx", word(451))), [TO_DISTRICT])
    row = kept(world, ended)
    assert (row.symbol, row.issued, row.kind) == ("451/UBND-VP", TODAY.isoformat(), "CV")
    assert "thu hoạch lúa mùa" in row.subject
    assert booked(world, ended) == [451]


def test_what_another_body_issued_is_not_booked_as_ours(world: World) -> None:
    """A decision of the province that a commune passes on keeps out of the commune's outgoing book; she is told."""
    other = word(452, issuer=("ỦY BAN NHÂN DÂN", "TỈNH NAM ĐỊNH"), place="Nam Định")  # type: ignore[arg-type]  # by name
    ended = world.conclude(mail(("qd.docx", other)), [TO_DISTRICT])
    assert (ended.outcome, booked(world, ended)) == ("registered", [])
    assert "'elsewhere': 'Ủy ban nhân dân tỉnh Nam Định'" in receipt(world)


def test_two_documents_in_one_mail_are_asked_about(world: World) -> None:
    """Neither number is taken when the mail does not say which one it sends; it is when the mail does."""
    both = (("a.docx", word(453)), ("b.docx", word(454)))
    asked = world.conclude(mail(*both), [TO_DISTRICT])
    assert (kept(world, asked).symbol, booked(world, asked)) == ("", [])
    plain = world.conclude(mail(*both, subject=f"Công văn số 454/UBND-VP ngày {TODAY:%d/%m/%Y} {RICE}"), [TO_DISTRICT])
    assert kept(world, plain).symbol == "454/UBND-VP"


@pytest.mark.parametrize("names", [("453-UBND-VP.docx", "454-UBND-VP.docx"), ("454-UBND-VP.docx", "b.docx")])
def test_a_files_own_name_does_not_choose_between_two_documents(world: World, names: tuple[str, str]) -> None:
    """A file is named after its own number, which does not say that it is the one that is sent."""
    files = zip(names, (word(471), word(472)), strict=True)
    asked = world.conclude(mail(*files, subject=names[1]), [TO_DISTRICT])
    assert (kept(world, asked).symbol, booked(world, asked)) == ("", [])


def blank(name: str = "cong van.docx") -> tuple[str, bytes]:
    """A công văn whose number is still to be written by hand."""
    return name, docx("".join(paragraph(line.replace("473", "      ")) for line in lines(473)))


@pytest.mark.parametrize("name", ["tham khao.docx", "phu luc.docx", "474-UBND-VP.docx"])
def test_the_number_of_a_paper_beside_the_document_is_not_taken_for_its_own(world: World, name: str) -> None:
    """The document's number is blank or written by hand: that of an older paper sent with it is no answer."""
    asked = world.conclude(mail(blank(), (name, word(474)), subject=f"Gửi {name}"), [TO_DISTRICT])
    assert (kept(world, asked).symbol, booked(world, asked)) == ("", [])
    own = f"{480 + len(name)}/UBND-VP"
    told = mail(blank(), ("cu.docx", word(474)), subject=f"Công văn số {own} ngày {TODAY:%d/%m/%Y} {RICE}")
    assert kept(world, world.conclude(told, [TO_DISTRICT])).symbol == own


def test_a_number_in_a_quoted_mail_is_not_taken(world: World) -> None:
    """What stands below "Forwarded message" was said by another mail of another document."""
    text = "Kính gửi huyện.\n\n---------- Forwarded message ---------\nFrom: x\nSubject: y\n\nSố: 475/UBND-VP\n"
    ended = world.conclude(mail(blank(), text=text), [TO_DISTRICT])
    assert kept(world, ended).symbol == ""


def test_a_contradiction_is_asked_about(world: World) -> None:
    """The subject says 455, the page 456: no number goes into the book."""
    said = f"Công văn số 455/UBND-VP ngày {TODAY:%d/%m/%Y} {RICE}"
    ended = world.conclude(mail(("x.docx", word(456)), subject=said), [TO_DISTRICT])
    assert (kept(world, ended).symbol, booked(world, ended)) == ("", [])


def test_wrapped_documents_are_read(world: World) -> None:
    """In an archive the paper is read and the archive travels; a mail enclosed in a mail gives way to its file."""
    packed = world.conclude(mail(("van ban.zip", zipped("cong van.docx", word(457)))), [TO_DISTRICT])
    assert kept(world, packed).symbol == "457/UBND-VP"
    enclosed = world.conclude(mail(("thu.eml", mail(("458.docx", word(458))))), [TO_DISTRICT])
    row = kept(world, enclosed)
    assert row.symbol == "458/UBND-VP"
    assert [one["name"] for one in row.sheet["enclosures"]] == ["458.docx"]


def zipped(name: str, content: bytes) -> bytes:
    """An archive with this file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "files",
    [
        [("van ban.zip", zipped("45-BC_MAT.docx", word(476)))],
        [("thu.eml", mail(("477.docx", word(477)), subject="[MẬT] Gửi báo cáo"))],
        [("thu.eml", mail(("478.docx", word(478)), text="TUYỆT MẬT\n\nKính gửi huyện.\n"))],
        [("thu.eml", mail(("thu cu.eml", mail(("481.docx", word(481)), subject="[TỐI MẬT] Gửi báo cáo"))))],
        [("van ban.zip", zipped("TAI LIEU TOI MAT/482.docx", word(482)))],
    ],
)
def test_a_mark_inside_what_is_wrapped_is_a_mark(world: World, files: list[tuple[str, bytes]]) -> None:
    """Names of files and folders in an archive, subject and words of an enclosed mail: a mark there holds it all."""
    ended = world.conclude(mail(*files), [TO_DISTRICT])
    assert (ended.outcome, ended.rule) == ("held", "classified")


def test_letters_that_only_look_latin_are_read_as_they_look(world: World) -> None:
    """A number in Cyrillic letters is found under what people read; a mark of secrecy in them is a mark."""
    paper = docx("".join(paragraph(line.replace("VP", "V\u0420")) for line in lines(479)))
    assert kept(world, world.conclude(mail(("a.docx", paper)), [TO_DISTRICT])).symbol == "479/UBND-VP"
    marked = world.conclude(mail(("b.docx", word(480)), subject="[\u041cẬ\u0422] Gửi báo cáo"), [TO_DISTRICT])
    assert marked.rule == "classified"


def test_a_flood_of_archives_waits_for_a_person(world: World) -> None:
    """Each archive costs a process: so many are opened, and a mail that has more is told, and held, not believed."""
    flood = [(f"{number}.zip", zipped("a.txt", b"%d" % number)) for number in range(41)]
    ended = world.conclude(mail(*flood), [TO_DISTRICT])
    assert (ended.outcome, ended.rule) == ("held", "unsafe-file")
    assert "'files': '40.zip'" in receipt(world)


def test_a_file_with_a_password_is_sent_back(world: World) -> None:
    """Nobody could open it: the sender is told what to do, nothing is registered."""
    ended = world.conclude(mail(("mat khau.pdf", pdf([(10, 10, "x")], key=b"k"))), [TO_DISTRICT])
    assert (ended.outcome, ended.rule) == ("refused", "locked-file")
    assert "mat khau.pdf" in receipt(world)


def test_a_damaged_file_is_told(world: World) -> None:
    """What cannot be opened travels all the same, and the receipt says which file to look at."""
    subject = f"Công văn số 459/UBND-VP ngày {TODAY:%d/%m/%Y} {RICE}"
    ended = world.conclude(mail(("459-UBND-VP.pdf", b"%PDF-1.4\nhong\n%%EOF"), subject=subject), [TO_DISTRICT])
    assert ended.outcome == "registered"
    assert "'damaged': ['459-UBND-VP.pdf']" in receipt(world)


@pytest.mark.peer("tesseract")
def test_a_scan_is_recognised_beside_the_others(world: World) -> None:
    """A mail with a scan waits in a queue of its own; the mails that came with it are done before."""
    places = [(60, 60), (80, 75), (70, 105), (40, 125), (300, 60), (330, 75), (330, 105), (60, 170), (60, 210)]
    page = saved(scan([(*at, text) for at, text in zip(places, lines(460), strict=False)]), "PNG", compress_level=0)
    slow = world.arrive(mail(("quet.png", page)), [TO_DISTRICT])
    quick = world.arrive(mail(("nhanh.docx", word(461))), [TO_DISTRICT])
    worker = world.office.worker()
    world.office.jobs.run_until_empty(worker.tasks(), (QUEUE,))
    assert world.outcome(quick).outcome == "registered"
    assert world.outcome(slow).outcome is None
    world.work()
    ended = world.outcome(slow)
    assert (ended.outcome, kept(world, ended).issued) == ("registered", TODAY.isoformat())


@pytest.mark.parametrize("name", ["4511.docx", "anh.jpg"])
def test_a_document_is_found_whatever_its_name(world: World, name: str) -> None:
    """A name or a label that lies changes nothing: the octets say what a file is."""
    number = 462 + len(name)
    ended = world.conclude(mail((name, word(number))), [TO_DISTRICT])
    assert kept(world, ended).symbol == f"{number}/UBND-VP"
