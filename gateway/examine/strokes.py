"""Single lines of a page read by two networks that know handwriting, each looking several times. Sandbox only.

Promises:  for each strip of a page what each network reads in each look at it: the same ink with more and less about
           it, and slanted; and the same for stamps in red.
           Ink that colour parts from other ink is looked at with and without it. Where a network is not installed
           nothing is read, and nothing else changes.
Never:     runs in a door or a registrar: see ``sandbox``. Says which reading is right; ``figures`` does.
           Starts a thread: children are forked from a process that has the networks loaded.
Fails:     with Pillow's and pypdfium2's errors on what is no picture and no PDF.

Source: PP-OCRv4 and PP-OCRv6 (Apache-2.0), text recognition with connectionist temporal classification: lines 48 pixels
high; the first class is the blank, the last one the space.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby
from mmap import mmap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from gateway.examine import picture as pictures
from gateway.examine.filetype import PDF
from gateway.examine.pdf import Pdf
from gateway.examine.picture import Scan
from gateway.examine.stamps import stamps

if TYPE_CHECKING or find_spec("onnxruntime"):
    import onnxruntime

PACKAGES = ("rapidocr_onnxruntime", "rapidocr")  # each brings one network for lines; neither's own code is run
MODELS = "models/*rec*.onnx"
HIGH, NARROWEST, WIDEST = 48, 16, 2_400  # pixels of a line as the networks take it
MARGINS = (0.08, 0.20, 0.35)  # of a line's height, above and below it
SLANTS = (0.2, -0.2)  # across for one down
ASIDE = 0.15  # of a line's height, before and behind it at least
MOST = 6  # strips of a page
COLOURFUL, ENOUGH = 48, 0.004  # how far apart a pixel's channels lie in coloured ink; the share of a strip it takes
PAPER = 255

Edges = tuple[float, float, float, float]


class Network:
    """One recogniser of lines."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        told = self._session.get_modelmeta().custom_metadata_map["character"]
        self._letters = ["", *told.split("\n"), " "]

    def read(self, line: Image.Image) -> str:
        """The text of a grey line, as the network sees it."""
        classes = self._session.run(None, {self._input: _tensor(line)})[0][0].argmax(axis=1)
        return "".join(self._letter(number) for number, _ in groupby(classes.tolist()))

    def _letter(self, number: int) -> str:
        return self._letters[number] if number < len(self._letters) else ""


def networks() -> tuple[Network, ...]:
    """The networks that this machine has."""
    found = (find_spec(name) for name in PACKAGES if find_spec("onnxruntime"))
    folders = (Path(folder) for spec in found if spec for folder in spec.submodule_search_locations or ())
    return tuple(Network(model) for folder in folders for model in sorted(folder.glob(MODELS))[:1])


NETWORKS = networks()


def look(
    content: bytes | mmap, *, kind: str, page: int, dpi: int, quarters: int, strips: Sequence[Sequence[float]]
) -> bytes:
    """What stands in each strip (left, top, right, bottom in points on the level page), and in red stamps, as JSON.

    A list for each strip, of a list for each ink, of one for each look, of each network's text; then a list of stamps,
    each with its edges and such looks.
    """
    if not NETWORKS:
        return b"[[], []]"
    octets = bytes(content)
    drawn = Scan(*Pdf(octets).picture(page, dpi)) if kind == PDF else pictures.frame(octets, page, dpi)
    leaf = Leaf.of(drawn, quarters)
    lines = [_strip(leaf, (left, top, right, bottom)) for left, top, right, bottom in strips[:MOST]]
    found = [[stamp.edges, _read(stamp.looks)] for stamp in stamps(leaf.picture, leaf.dots)]
    return json.dumps([lines, found]).encode()


def warm() -> None:
    """Let each network read once, so that nothing has to be found or opened later."""
    for network in NETWORKS:
        network.read(Image.new("L", (100, 40), PAPER))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page in its colours, turned by quarters; ``skew`` degrees are still to be turned. ``dots`` for a point."""

    picture: Image.Image
    skew: float
    dots: float

    @classmethod
    def of(cls, scan: Scan, quarters: int) -> Leaf:
        """The page as ``picture.ready`` places it."""
        grey, turns = pictures.turned(Image.fromarray(pictures.without_colour(scan.picture)), quarters)
        skew = pictures.slope(grey)
        shown = scan.picture if scan.picture.mode in ("L", "RGB") else scan.picture.convert("RGB")
        upright = shown.rotate(90 * turns, expand=True) if turns else shown
        return cls(upright, skew if abs(skew) >= pictures.WORTH else 0.0, scan.dpi / 72)

    def cut(self, edges: Edges) -> Image.Image:
        """A piece of the level page, by its edges in points."""
        left, top, right, bottom = (round(edge * self.dots) for edge in edges)
        size = max(1, right - left), max(1, bottom - top)
        x, y = self.picture.width / 2, self.picture.height / 2
        sine, cosine = math.sin(math.radians(self.skew)), math.cos(math.radians(self.skew))
        across = (cosine, -sine, cosine * (left - x) - sine * (top - y) + x)
        down = (sine, cosine, sine * (left - x) + cosine * (top - y) + y)
        paper = PAPER if self.picture.mode == "L" else (PAPER,) * 3
        turn = Image.Transform.AFFINE
        return self.picture.transform(size, turn, (*across, *down), Image.Resampling.BICUBIC, fillcolor=paper)


def _strip(leaf: Leaf, edges: Edges) -> list[list[list[str]]]:
    """All looks at one strip."""
    height = edges[3] - edges[1]
    about = max(MARGINS) * height
    wide = (edges[0] - about, edges[1] - about, edges[2] + about, edges[3] + about)
    return [_read(_looks(ink, about * leaf.dots, height * leaf.dots)) for ink in _inks(leaf.cut(wide))]


def _read(looks: Iterable[Image.Image]) -> list[list[str]]:
    """What each network reads in each look."""
    return [[network.read(seen) for network in NETWORKS] for seen in looks]


def _inks(piece: Image.Image) -> Iterator[Image.Image]:
    """The piece in grey; where it has colours without its red, without any, and with all of them."""
    if piece.mode == "L":
        yield piece
        return
    channels = [np.asarray(channel, dtype=np.int16) for channel in piece.split()]
    apart = np.maximum.reduce(channels) - np.minimum.reduce(channels)
    if float((apart > COLOURFUL).mean()) < ENOUGH:
        yield piece.convert("L")
        return
    yield piece.getchannel("R")
    yield Image.fromarray(pictures.without_colour(piece))
    yield ImageChops.darker(ImageChops.darker(*piece.split()[:2]), piece.getchannel("B"))


def _looks(piece: Image.Image, most: float, height: float) -> Iterator[Image.Image]:
    """The line with little and with much about it, and leaning to either side; ``most`` pixels are about it."""
    for margin in MARGINS:
        yield _within(piece, most - margin * height, most - max(margin, ASIDE) * height)
    middle = _within(piece, most - MARGINS[1] * height, most - MARGINS[1] * height)
    for slant in SLANTS:
        lean = (1, slant, -slant * middle.height / 2, 0, 1, 0)
        yield middle.transform(middle.size, Image.Transform.AFFINE, lean, Image.Resampling.BICUBIC, fillcolor=PAPER)


def _within(piece: Image.Image, down: float, across: float) -> Image.Image:
    """The piece without so many pixels above and below it, and beside it."""
    right, bottom = round(piece.width - across), round(piece.height - down)
    return piece.crop((round(across), round(down), max(right, round(across) + 1), max(bottom, round(down) + 1)))


def _tensor(line: Image.Image) -> NDArray[np.float32]:
    """A line as the networks take it: 1 × 3 × 48 × width, from -1 (black) to 1."""
    wide = min(max(NARROWEST, math.ceil(HIGH * line.width / line.height)), WIDEST)
    grey = np.asarray(line.resize((wide, HIGH), Image.Resampling.BILINEAR), dtype=np.float32) / 127.5 - 1
    return np.broadcast_to(grey, (1, 3, HIGH, wide)).copy()
