"""Made-up papers laid out as ND30 (Phụ lục I) and the party's guidance lay them out, on pages with boxes.

Promises:  the same seed gives the same paper; both columns, wrapped headings, stamps of arrival, quotations and annexes
           occur.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from gateway.examine.columns import ranged as in_order
from mailmap.document.kinds import LETTER
from mailmap.document.page import Line
from tests.papers.office import Sort
from tests.papers.paper import (
    CENTRE,
    EDGE,
    LEFT,
    MARGIN,
    RIGHT,
    Paper,
    centred,
    page,
    ranged,
    reading,
    wrapped,
)
from tests.papers.plan import Plan, planned
from tests.papers.words import PROSE

STEP = 16.0
ROOM = 560.0  # so far down a signature still fits
COLUMN = 200.0  # how wide a left column's line may be, in points
_DUE = (
    "Đề nghị các đơn vị gửi báo cáo trước ngày {0:%d/%m/%Y} để tổng hợp.",
    "Báo cáo gửi về Văn phòng chậm nhất ngày {0:%d/%m/%Y}.",
    "Yêu cầu hoàn thành trước ngày {0.day:02d} tháng {0.month} năm {0.year}.",
    "Ý kiến góp ý gửi về cơ quan chậm nhất 16h00 ngày {0:%d/%m/%Y}.",
    "Thời hạn gửi báo cáo: trước 17 giờ 00 ngày {0:%d/%m/%Y}.",
    "Kết quả báo cáo trước {0:%d/%m/%Y}.",
    "Hạn cuối nhận hồ sơ là hết ngày {0:%d/%m/%Y}.",
)


@dataclass
class _Sheet:
    """A page that is being written, from the top down."""

    lines: list[Line]
    top: float

    def write(self, line: Line, step: float = STEP) -> None:
        self.lines.append(line)
        self.top += step


def made(seed: int) -> Paper:
    """The paper of that seed."""
    dice = random.Random(seed)  # noqa: S311 no secret
    plan = planned(dice)
    first = _first(plan, dice)
    short = first.top < ROOM and dice.random() < 0.6
    rest = _closing(plan, first if short else _Sheet([], 60.0), dice)
    sheets = [first.lines] if short else [first.lines, rest.lines]
    form = plan.office.sort.value
    if dice.random() < 0.15 and plan.symbol and plan.day:
        sheets.append(_annex(plan))
        form += "+annex"
    pages = [page(number, list(in_order(lines))) for number, lines in enumerate(sheets, 1)]
    return Paper(reading(pages), right(plan), frozenset(), form)


def right(plan: Plan) -> dict[str, str | None]:
    """What is right about the paper."""
    return {
        "symbol": plan.symbol, "issued": plan.day.isoformat() if plan.day else None, "kind": plan.kind.code,
        "subject": plan.subject, "issuer": plan.office.names[0], "superior": plan.office.names[1] or None,
        "place": plan.office.place, "signer": plan.signer, "authority": plan.authority or None,
        "position": plan.titles[-1], "urgency": plan.urgency or None, "secrecy": plan.secrecy or None,
        "circulation": plan.circulation or None, "due": plan.due.isoformat() if plan.due else None,
        "recipients": "\n".join(plan.to) or None, "copies": "\n".join(plan.copies),
        "answers": plan.answers or None, "based_on": "\n".join(plan.based) or None,
    }  # fmt: skip


def _first(plan: Plan, dice: random.Random) -> _Sheet:
    lines = _head(plan, dice)
    low = max(line.box.bottom for line in lines if line.box)
    sheet = _Sheet(lines, low + 24)
    if plan.kind is not LETTER:
        _title(plan, sheet)
    _addressed(plan, sheet, dice)
    _text(plan, sheet, dice)
    return sheet


def _head(plan: Plan, dice: random.Random) -> list[Line]:
    """Both columns above the text."""
    office, top = plan.office, dice.uniform(40, 70)
    party = office.sort is Sort.PARTY
    left = [centred(text, top + 15 * at, LEFT, 12.0 + (at > 0), bold=at > 0) for at, text in enumerate(office.head)]
    under = top + 15 * len(office.head) + dice.uniform(6, 12)
    left.append(centred(_number(plan, dice), under, LEFT))
    if plan.kind is LETTER:
        about = dice.choice(["V/v ", "V/v ", "V/v: ", "Về việc "]) + plan.subject
        left += [
            centred(text, under + 17 + 14 * at, LEFT, 12.0) for at, text in enumerate(wrapped(about, COLUMN, 12.0))
        ]
    mottoes = (
        ("ĐẢNG CỘNG SẢN VIỆT NAM",) if party else ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    )
    mottoes = tuple(each.replace("HÒA", "HOÀ") for each in mottoes) if dice.random() < 0.2 else mottoes
    right_ = [centred(text, top + 15 * at, RIGHT, 12.5, bold=True) for at, text in enumerate(mottoes)]
    right_.append(centred(_dated(plan, dice), under if not party else top + 36, RIGHT))
    low = max(line.box.bottom for line in left if line.box)
    marks = [centred(mark, low + 8 + 18 * at, LEFT, 13.0, bold=True) for at, mark in enumerate(plan.marks)]
    return [*left, *marks, *_stamp(dice, low, left), *_signed(dice, plan), *right_]


def _number(plan: Plan, dice: random.Random) -> str:
    if plan.office.code in {"QH15", "UBTVQH15"} and plan.symbol:
        return f"{plan.kind.name} số: {plan.symbol}"
    label = (
        dice.choice(["Số: ", "Số: ", "Số: ", "Số:", "Số : ", "Số "])
        if plan.office.sort is Sort.STATE
        else dice.choice(["Số ", "Số: ", "Số"])
    )
    if not plan.symbol:
        between = "" if plan.notation.startswith("-") else "/"
        return f"{label.strip()}{dice.choice(['      ', '.....', ' ', '        '])}{between}{plan.notation}"
    return label + plan.symbol.replace("/", dice.choice(["/", "/", "/", "/ ", " / "]), 1)


def _dated(plan: Plan, dice: random.Random) -> str:
    day, place = plan.day, plan.office.place
    if day is None:
        later = plan.blank_day
        return f"{place}, ngày {dice.choice(['   ', '...', '      '])} tháng {later.month} năm {later.year}"
    month = dice.choice([f"{day.month:02d}", f"{day.month:02d}" if day.month < 3 else f"{day.month}"])
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def _stamp(dice: random.Random, low: float, left: list[Line]) -> list[Line]:
    """The stamp by which another office noted the arrival: under the left column, or over it."""
    if dice.random() > 0.2:
        return []
    over = left[-1].box.top - 4 if left[-1].box and dice.random() < 0.4 else low + 4
    told = dice.choice(["SỞ NỘI VỤ", "UBND HUYỆN HẢI HẬU", "VĂN PHÒNG", "CỔNG THÔNG TIN ĐIỆN TỬ"])
    rows = [
        told,
        f"ĐẾN   Số: {dice.randint(1, 9999)}",
        f"Ngày: {dice.randint(1, 28)}/{dice.randint(1, 12)}/2025",
        "Chuyển: ...........",
    ]
    return [ranged(text, over + 13 * at, 18.0, 10.0) for at, text in enumerate(rows)]


def _signed(dice: random.Random, plan: Plan) -> list[Line]:
    """What a signing program prints on the page, on the day itself or after it."""
    if dice.random() > 0.3:
        return []
    day: date = plan.blank_day
    return [
        ranged(f"Ký bởi: {plan.office.names[0]}", 5, 420, 7.0),
        ranged(f"Thời gian ký: {day:%d/%m/%Y} 10:{dice.randint(10, 59)}:05", 13, 420, 7.0),
    ]


def _title(plan: Plan, sheet: _Sheet) -> None:
    """The name of the kind and the trích yếu, in the middle."""
    sheet.write(centred(plan.kind.name.upper(), sheet.top, CENTRE, 14.0, bold=True))
    for text in wrapped(plan.subject, 380.0):
        sheet.write(centred(text, sheet.top, CENTRE, 13.0, bold=True))
    sheet.top += 22
    if plan.kind.code in {"QĐ", "NQ", "CT", "TT"} and plan.office.leader in {"CHỦ TỊCH", "GIÁM ĐỐC", "BỘ TRƯỞNG"}:
        body = plan.office.names[0].upper()
        sheet.write(
            centred(
                f"{plan.office.leader} {body}" if plan.kind.code == "QĐ" else body, sheet.top, CENTRE, 13.0, bold=True
            ),
            26,
        )


def _addressed(plan: Plan, sheet: _Sheet, dice: random.Random) -> None:
    if not plan.to:
        return
    label = dice.choice(["Kính gửi: ", "Kính gửi:"])
    if len(plan.to) == 1:
        sheet.write(centred(f"{label.strip()} {plan.to[0]}", sheet.top, CENTRE), 28)
        return
    sheet.write(ranged(label, sheet.top, 150.0))
    for at, name in enumerate(plan.to):
        sheet.write(ranged(f"- {name}{'.' if at == len(plan.to) - 1 else ';'}", sheet.top, 210.0))
    sheet.top += 12


def _text(plan: Plan, sheet: _Sheet, dice: random.Random) -> None:
    """Quotations, prose, a term."""
    told: list[str] = []
    if plan.answers:
        opening = dice.choice(["Trả lời Công văn số", "Phúc đáp Văn bản số"])
        told.append(f"{opening} {plan.answers} ngày 05/3/2025 về nội dung trên, cơ quan có ý kiến như sau:")
    told += [
        f"Căn cứ Quyết định số {symbol} ngày 01 tháng 3 năm 2024 của cơ quan có thẩm quyền;" for symbol in plan.based
    ]
    told += ["Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 02 năm 2025;"] * (not plan.to)
    told += [dice.choice(PROSE) for _ in range(dice.randint(2, 5))]
    if plan.kind.code in {"QĐ", "NQ"} and dice.random() < 0.5:
        sheet.write(centred(f"{plan.kind.name.upper()}:", sheet.top, CENTRE, 13.0, bold=True), 20)
        told.append(f"Điều 1. {plan.subject} (có Quy chế kèm theo).")
    if plan.due:
        told.append(dice.choice(_DUE).format(plan.due))
    told.append(dice.choice(PROSE))
    for text in told:
        for at, row in enumerate(wrapped(text, EDGE - MARGIN - 30)):
            sheet.write(ranged(row, sheet.top, MARGIN + (30 if at == 0 else 0)), 17)
        sheet.top += 4


def _closing(plan: Plan, sheet: _Sheet, dice: random.Random) -> _Sheet:
    """Nơi nhận on the left, the signer on the right."""
    top = sheet.top + 20
    sheet.lines.append(ranged("Nơi nhận:", top, MARGIN, 12.0, bold=True))
    for at, name in enumerate(plan.copies):
        sheet.lines.append(ranged(f"- {name};", top + 13 * (at + 1), MARGIN, 11.0))
    kept = f"- Lưu: VT{dice.choice(['', ', NC', ', KTTH(3b)', ', VP. An'])}."
    sheet.lines.append(ranged(kept, top + 13 * (len(plan.copies) + 1), MARGIN, 11.0))
    for at, title in enumerate(plan.titles):
        sheet.lines.append(centred(title, top + 15 * at, RIGHT, 13.0, bold=True))
    sheet.lines.append(centred(plan.signer, top + 15 * len(plan.titles) + dice.uniform(50, 90), RIGHT, 14.0, bold=True))
    return sheet


def _annex(plan: Plan) -> list[Line]:
    """An annex that names its decision, and quotes another."""
    assert plan.day
    named = f"{plan.kind.name} số {plan.symbol} ngày {plan.day:%d/%m/%Y} của {plan.office.names[0]}"
    return [
        centred("PHỤ LỤC", 60, CENTRE, 14.0, bold=True),
        centred(f"(Kèm theo {named})", 78, CENTRE, 12.0),
        ranged("STT", 120), ranged("Nội dung", 120, 150.0),
    ]  # fmt: skip
