"""What a made-up paper says: the office, the kind, the number, and everything else that is printed on it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mailmap.document.kinds import LETTER, Kind, kind_of
from tests.papers.office import Office, Sort
from tests.papers.offices import drawn
from tests.papers.words import COPIES, TO, person, quoted, summary

_STATE = (
    "CV",
    "CV",
    "CV",
    "CV",
    "QĐ",
    "QĐ",
    "QĐ",
    "KH",
    "BC",
    "TB",
    "TTr",
    "GM",
    "HD",
    "CT",
    "CĐ",
    "BB",
    "HĐ",
    "CTr",
    "PA",
    "ĐA",
    "TC",
    "QyĐ",
    "QC",
    "GUQ",
    "GGT",
    "GNP",
    "PG",
    "PC",
    "PB",
    "BTT",
    "BGN",
    "DA",
)
_PARTY = ("CV", "CV", "NQ", "CT", "QĐ", "KH", "BC", "TB", "HD", "CTr", "TTr", "QyĐ", "QC")
_COUNCIL = ("NQ", "NQ", "NQ", "BC", "TB", "KH", "TTr", "CV")
_MINISTRY = ("TT", "QĐ", "CV", "CV", "BC", "TTr", "KH", "TB", "CT", "VBHN")
_POWERS = {"CP": ("NĐ", "NĐ", "NQ"), "QH15": ("L", "NQ"), "UBTVQH15": ("PL", "NQ")}
_NAMING = {
    "QĐ": ("Về việc {}", "Ban hành Quy chế {}", "Phê duyệt Kế hoạch {}", "Về việc thành lập Hội đồng {}", "V/v {}"),
    "KH": ("{}", "{}", "Triển khai thực hiện Nghị quyết số 12-NQ/TU về {}"),
    "BC": ("{}", "Tình hình {}", "Kết quả {}"),
    "TB": ("Kết luận của đồng chí Chủ tịch tại cuộc họp {}", "Về việc {}"),
    "GM": ("Họp {}", "Dự Hội nghị {}", "V/v {}"),
    "NQ": ("Về {}", "Quy định chính sách {}"),
    "NĐ": ("Quy định chi tiết một số điều của Luật về {}", "Về {}"),
    "TT": ("Quy định {}", "Hướng dẫn {}"),
    "L": ("{}",),
    "PL": ("{}",),
    "BB": ("Họp {}", "Về việc {}"),
    "HĐ": ("Cung cấp dịch vụ {}",),
    "VBHN": ("{}",),
    "TTLT": ("Hướng dẫn {}",),
}
_ADDRESSED = {"CV", "TTr", "BC", "GM", "CĐ"}
_DEPUTY = {
    "BỘ TRƯỞNG": "THỨ TRƯỞNG",
    "BÍ THƯ": "PHÓ BÍ THƯ",
    "THỦ TƯỚNG": "PHÓ THỦ TƯỚNG",
    "THỐNG ĐỐC": "PHÓ THỐNG ĐỐC",
    "CHÁNH VĂN PHÒNG": "PHÓ CHÁNH VĂN PHÒNG",
    "CHÁNH ÁN": "PHÓ CHÁNH ÁN",
    "VIỆN TRƯỞNG": "PHÓ VIỆN TRƯỞNG",
    "HIỆU TRƯỞNG": "PHÓ HIỆU TRƯỞNG",
    "TRƯỞNG BAN": "PHÓ TRƯỞNG BAN",
    "TỔNG GIÁM ĐỐC": "PHÓ TỔNG GIÁM ĐỐC",
    "CHI CỤC TRƯỞNG": "PHÓ CHI CỤC TRƯỞNG",
    "CỤC TRƯỞNG": "PHÓ CỤC TRƯỞNG",
    "CHÁNH THANH TRA": "PHÓ CHÁNH THANH TRA",
}
_URGENT = {"khan": "KHẨN", "thuong-khan": "THƯỢNG KHẨN", "hoa-toc": "HỎA TỐC"}
_SECRET = {"mat": "MẬT", "toi-mat": "TỐI MẬT", "tuyet-mat": "TUYỆT MẬT"}
BOUNDED = ("XEM XONG TRẢ LẠI", "LƯU HÀNH NỘI BỘ")


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a paper says. ``number`` 0: its place was left blank; ``day`` None: likewise, or no date line."""

    office: Office
    kind: Kind
    number: int
    suffix: str
    notation: str
    day: date | None
    blank_day: date
    subject: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    signer: str
    authority: str
    titles: tuple[str, ...]
    urgency: str = ""
    secrecy: str = ""
    circulation: str = ""
    due: date | None = None
    answers: str = ""
    based: tuple[str, ...] = ()

    @property
    def symbol(self) -> str | None:
        """The symbol as it is written, None for a blank."""
        if not self.number:
            return None
        dash = "" if self.notation.startswith("-") else "/"
        return f"{self.number:02d}{self.suffix}{dash}{self.notation}"

    @property
    def marks(self) -> Sequence[str]:
        """The marks that are stamped on the first page."""
        return [mark for mark in (_URGENT.get(self.urgency), _SECRET.get(self.secrecy), self.circulation) if mark]


def planned(dice: random.Random) -> Plan:
    """Some paper of some office."""
    office = drawn(dice)
    kind = kind_of(dice.choice(_kinds(office))) or LETTER
    about = summary(dice)
    if kind is not LETTER:
        about = dice.choice(_NAMING.get(kind.code, ("Về việc {}", "{}"))).format(about)
        about = about[0].upper() + about[1:]
        about = about.upper() if dice.random() < 0.1 or kind.code in {"L", "PL"} else about
    day = date(2019, 1, 1) + timedelta(days=dice.randrange(2630))
    number = dice.choice([dice.randint(1, 9), dice.randint(10, 99), dice.randint(100, 999), dice.randint(1000, 9999)])
    base = Plan(
        office,
        kind,
        number if dice.random() > 0.06 else 0,
        dice.choice(["", "", "", "", "", "", "", "", "", "a"]),
        _notation(office, kind, day, dice),
        day if dice.random() > 0.05 else None,
        day,
        about,
        _some(TO, dice, 3) if kind.code in _ADDRESSED else (),
        _some(COPIES, dice, 5),
        person(dice),
        *_signing(office, dice),
    )
    return _garnished(base, dice)


def _kinds(office: Office) -> Sequence[str]:
    if office.sort is Sort.PARTY:
        return _PARTY
    if office.code in _POWERS:
        return _POWERS[office.code]
    if office.names[0].count("Bộ") + office.names[0].count("Thanh tra") > 1:
        return ("TTLT",)
    if office.code == "HĐND":
        return _COUNCIL
    return _MINISTRY if office.leader in {"BỘ TRƯỞNG", "TỔNG THANH TRA", "THỐNG ĐỐC"} else _STATE


def _notation(office: Office, kind: Kind, day: date, dice: random.Random) -> str:
    """As ND30 (Phụ lục I, III) or the party's guidance writes it."""
    named = kind.abbreviation
    if office.sort is Sort.PARTY:
        return f"-{named or 'CV'}/{office.code}"
    if kind.code == "VBHN":
        return f"VBHN-{office.code}"
    if kind.code in {"L", "PL"} or (office.code == "QH15"):
        return f"{day.year}/{office.code}"
    if kind.code in {"NĐ", "TTLT"}:
        return f"{day.year}/{kind.code}-{office.code}"
    if not named:
        desk = dice.choice(office.desks)
        return dice.choice([f"{office.code}-{desk}"] * 6 + [f"CV-{office.code}", f"{office.code}-{desk}-NV"])
    norm = kind.code == "TT" or (
        kind.code in {"QĐ", "NQ"} and office.code in {"UBND", "HĐND", "TTg"} and dice.random() < 0.5
    )
    return f"{day.year}/{named}-{office.code}" if norm else f"{named}-{office.code}"


def _signing(office: Office, dice: random.Random) -> tuple[str, tuple[str, ...]]:
    """The prefixes, and the lines of the block, position last."""
    first = (office.signs,) if office.signs else ()
    prefix = "TM." if office.signs else ""
    way = dice.random()
    deputy = _DEPUTY.get(office.leader, f"PHÓ {office.leader}")
    if way < 0.35 and "," not in office.leader:
        mark = "K/T" if office.sort is Sort.PARTY else "KT."
        return f"{prefix} KT.".strip(), (*first, f"{mark} {office.leader}", deputy)
    if way < 0.45 and office.sort is Sort.STATE and "," not in office.leader:
        return "TL.", (f"TL. {office.leader}", "CHÁNH VĂN PHÒNG")
    if way < 0.5 and office.sort is Sort.STATE and "," not in office.leader:
        return "TUQ.", (f"TUQ. {office.leader}", "GIÁM ĐỐC SỞ NỘI VỤ")
    return prefix, (*first, office.leader)


def _garnished(plan: Plan, dice: random.Random) -> Plan:
    """Marks, a term and citations, now and then."""
    told = dice.random()
    if told < 0.12:
        plan = replace(plan, urgency=dice.choice(list(_URGENT)))
    elif told < 0.15:
        plan = replace(plan, secrecy=dice.choice(list(_SECRET)))
    elif told < 0.2:
        plan = replace(plan, circulation=dice.choice(BOUNDED))
    if dice.random() < 0.3:
        plan = replace(plan, due=plan.blank_day + timedelta(days=dice.randint(3, 40)))
    if plan.kind is LETTER and dice.random() < 0.3:
        return replace(plan, answers=quoted(dice))
    return replace(plan, based=tuple(dict.fromkeys(quoted(dice) for _ in range(dice.randint(0, 2)))))


def _some(names: Sequence[str], dice: random.Random, most: int) -> tuple[str, ...]:
    return tuple(dice.sample(names, dice.randint(1, most)))
