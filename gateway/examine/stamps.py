"""Stamps in red on a page: where they stand, and what of them is to be read, turned level. Runs in the sandbox only.

Promises:  each red shape in the upper half of a page that is longer than it is broad, the largest first, as several
           grey lines along its length: an arrow that points up has its words read as well as a frame that lies level.
Never:     looks at round seals, or at ink of other colours; says what a stamp means.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Edges = tuple[float, float, float, float]

COARSE = 60  # dots an inch of the copy on which shapes are found
UPPER = 0.5  # of the page's height
RED, FAINT = 2, 30  # how much blacker red is drawn than it stands out; from where on it counts as ink
FEWEST, MOST = 60, 4  # dots of a shape; shapes of a page
LONGER = 1.4  # than broad
PAPER = 255
VIEWS = ((0.5, 0.0), (0.7, 0.0), (0.95, 0.0), (0.7, 5.0), (0.7, -5.0))  # share of the breadth, degrees more


@dataclass(frozen=True, slots=True)
class Stamp:
    """Its edges in points, and looks at it."""

    edges: Edges
    looks: tuple[Image.Image, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where a shape's middle lies, how long and broad it is, in coarse dots; and the degrees its length falls."""

    across: float
    down: float
    length: float
    breadth: float
    falls: float


def stamps(picture: Image.Image, dots: float) -> Iterator[Stamp]:
    """The stamps of an upright page with so many dots for a point; none where it has no colours."""
    if picture.mode != "RGB":
        return
    fine = dots * 72 / COARSE
    upper = picture.crop((0, 0, picture.width, max(1, round(picture.height * UPPER))))
    size = max(1, round(upper.width / fine)), max(1, round(upper.height / fine))
    for shape in _shapes(_redness(upper.resize(size, Image.Resampling.BOX)) > FAINT):
        reach = math.hypot(shape.length, shape.breadth) / 2
        left, right = shape.across - reach, shape.across + reach
        top, bottom = shape.down - reach, shape.down + reach
        piece = upper.crop((round(left * fine), round(top * fine), round(right * fine), round(bottom * fine)))
        ink = Image.fromarray((PAPER - np.minimum(_redness(piece) * RED, PAPER)).astype(np.uint8))
        looks = tuple(_look(ink, shape, fine, *view) for view in VIEWS)
        points = 72 / COARSE
        yield Stamp((left * points, top * points, right * points, bottom * points), looks)


def _redness(picture: Image.Image) -> NDArray[np.int16]:
    """How far red stands out from both other colours, 0 to 255."""
    red, green, blue = (np.asarray(channel, dtype=np.int16) for channel in picture.split())
    return np.maximum(red - np.maximum(green, blue), 0)


def _look(ink: Image.Image, shape: _Shape, fine: float, share: float, more: float) -> Image.Image:
    """The middle of a shape along its length, lying level."""
    level = ink.rotate(shape.falls + more, Image.Resampling.BICUBIC, fillcolor=PAPER)
    half = shape.length * fine / 2, max(shape.breadth * fine * share / 2, 1)
    x, y = level.width / 2, level.height / 2
    return level.crop((round(x - half[0]), round(y - half[1]), round(x + half[0]), round(y + half[1])))


def _shapes(ink: NDArray[np.bool_]) -> Iterator[_Shape]:
    """The long shapes of a coarse page, the largest first."""
    grown = Image.fromarray(ink.astype(np.uint8) * PAPER).filter(ImageFilter.MaxFilter(3))
    found = sorted(_clusters(np.asarray(grown) > 0), key=len, reverse=True)
    for cluster in found[:MOST]:
        points = np.array(cluster, dtype=np.float64)
        middle = points.mean(axis=0)
        _, axes = np.linalg.eigh(np.cov((points - middle).T))
        along, aside = (points - middle) @ axes[:, 1], (points - middle) @ axes[:, 0]
        length, breadth = float(np.ptp(along)) + 1, float(np.ptp(aside)) + 1
        if length >= LONGER * breadth:
            falls = (math.degrees(math.atan2(axes[1, 1], axes[0, 1])) + 90) % 180 - 90
            yield _Shape(float(middle[0]), float(middle[1]), length, breadth, falls)


def _clusters(ink: NDArray[np.bool_]) -> Iterator[list[tuple[int, int]]]:
    """Dots that hang together, as (across, down)."""
    left = {(int(across), int(down)) for down, across in zip(*np.nonzero(ink), strict=True)}
    while left:
        edge = [left.pop()]
        cluster = list(edge)
        while edge:
            across, down = edge.pop()
            near = {(across + x, down + y) for x in (-1, 0, 1) for y in (-1, 0, 1)} & left
            left -= near
            edge += near
            cluster += near
        if len(cluster) >= FEWEST:
            yield cluster
