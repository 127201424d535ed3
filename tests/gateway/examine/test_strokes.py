"""Lines read by the networks that know handwriting: behind the walls, in colours, on pages that lie askew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageDraw

from gateway.examine.sandbox import Sandbox
from gateway.examine.strokes import NETWORKS, look
from tests.gateway.examine.made import saved, scan

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
    (strip,) = json.loads(told)
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
    assert len(json.loads(look(saved(scan([NUMBER]), "PNG", dpi=(150, 150)), **wide))) == 2
