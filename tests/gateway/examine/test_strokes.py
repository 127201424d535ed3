"""Lines read by the networks that know handwriting: behind the walls, in colours, on pages that lie askew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from gateway.examine.figures import marks
from gateway.examine.looks import loaded
from gateway.examine.sandbox import Sandbox
from gateway.examine.strokes import NETWORKS, look
from tests.gateway.examine.made import saved, scan
from tests.peering import SERIF

pytestmark = pytest.mark.skipif(len(NETWORKS) < 2, reason="this machine has no networks that read handwriting")

STRIP = [66.0, 98.0, 190.0, 116.0]  # points: where NUMBER stands
ASKED: dict[str, Any] = {"kind": "image/png", "page": 1, "dpi": 250, "quarters": 0, "strips": [STRIP]}
NUMBER = (70, 100, "So: 45/QD-UBND")
BODY = [(60, 200 + 20 * at, "many words stand here upon one line of print") for at in range(12)]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all pages."""
    with Sandbox(["gateway.examine.strokes"], width=1) as started:
        yield started


def texts(told: object) -> list[list[str]]:
    """All that was read, ink by ink."""
    assert isinstance(told, bytes)
    (strip,), _ = json.loads(told)
    return [["".join(text.split()) for seen in ink for text in seen] for ink in strip]


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("PDF", "application/pdf")])
def test_a_line_is_read_behind_the_walls(sandbox: Sandbox, form: str, kind: str) -> None:
    """Two networks read a line five times each, in a child that can open nothing and start nothing."""
    page = saved(scan([NUMBER]), form, resolution=150)
    (ink,) = texts(sandbox.run("gateway.examine.strokes:look", page, **{**ASKED, "kind": kind}))
    assert len(ink) == 10
    assert sum("45/QD-UBND" in text for text in ink) >= 8


def test_blue_ink_is_read_and_a_red_seal_is_not() -> None:
    """A number in blue under a red stroke: the first ink shows it whole, although coloured ink is dropped elsewhere."""
    page = scan([(70, 100, "So:"), (130, 100, "/QD-UBND"), *BODY]).convert("RGB")
    written = scan([(100, 100, "45")]).convert("L").point(lambda value: 255 - value)
    page.paste(Image.new("RGB", page.size, (30, 40, 160)), mask=written)
    ImageDraw.Draw(page).line((150, 200, 400, 245), fill=(230, 40, 40), width=4)
    first, *_ = texts(look(saved(page, "PNG", dpi=(150, 150)), **ASKED))
    assert sum("45/QD-UBND" in text for text in first) >= 8


def test_a_page_that_lies_askew_is_cut_where_it_is_level() -> None:
    """Places are those on the level page, as the first look told them."""
    turned = scan([NUMBER, *BODY]).rotate(-2, Image.Resampling.BICUBIC, fillcolor="white")
    (ink,) = texts(look(saved(turned, "PNG", dpi=(150, 150)), **ASKED))
    assert sum("45/QD-UBND" in text for text in ink) >= 8


def test_a_strip_beside_the_page_is_paper() -> None:
    """Whatever places are asked for, there is an answer for each."""
    wide = {**ASKED, "strips": [[-500.0, -50.0, -400.0, -20.0], [5.0, 5.0, 5.0, 5.0]]}
    lines, stamps = json.loads(look(saved(scan([NUMBER]), "PNG", dpi=(150, 150)), **wide))
    assert (len(lines), stamps) == (2, [])


@pytest.mark.parametrize("leaning", [0, 7, 40, -80])
def test_a_red_stamp_is_read_however_it_leans(leaning: int) -> None:
    """Urgency is stamped in red, level or on an arrow; the words are read, and a round seal is not."""
    page = scan([NUMBER, *BODY]).convert("RGB")
    stamp = Image.new("L", (400, 400), 0)
    draw = ImageDraw.Draw(stamp)
    draw.text((200, 200), "THƯỢNG KHẨN", fill=255, font=ImageFont.truetype(SERIF, 34), anchor="mm")
    draw.rectangle((50, 165, 350, 235), outline=255, width=4)
    turned = stamp.rotate(leaning, Image.Resampling.BICUBIC)
    page.paste(Image.new("RGB", stamp.size, (225, 40, 50)), (700, 10), turned)
    ImageDraw.Draw(page).ellipse((100, 20, 200, 120), outline=(225, 40, 50), width=8)
    seen = loaded(look(saved(page, "PNG", dpi=(150, 150)), **ASKED))
    assert [line.text for line in marks(seen)] == ["THƯỢNG KHẨN"]
