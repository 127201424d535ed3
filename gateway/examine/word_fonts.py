"""The fonts of a Word text: which font a run is in, by itself or by the style it or its paragraph has.

Promises:  the name a reader's program would take for Latin letters; '' where the file names none.
Never:     follows styles further than ``DEEPEST``; knows theme fonts, for no old font is one.
Fails:     never.

Source: ECMA-376 part 1, sections 17.3.2.26 (rFonts), 17.7.2 (inheritance of styles).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Styles:
    """Fonts by style, what each style is based on, and the fonts of texts without any style."""

    fonts: Mapping[str, str] = field(default_factory=dict)
    based: Mapping[str, str] = field(default_factory=dict)
    plain: str = ""

    def font_of_run(self, run: Element, paragraph: str) -> str:
        """The font of a run in a paragraph whose font is known."""
        return _named(run) or self._of_style(_style(run, "r")) or paragraph

    def font_of_paragraph(self, paragraph: Element) -> str:
        """The font of a paragraph's runs that have none themselves."""
        return self._of_style(_style(paragraph, "p")) or self.plain

    def _of_style(self, name: str) -> str:
        for _ in range(DEEPEST):
            if found := self.fonts.get(name, ""):
                return found
            name = self.based.get(name, "")
        return ""


def styles_of(root: Element) -> Styles:
    """The fonts that ``word/styles.xml`` tells."""
    fonts, based = {}, {}
    default = root.find(f"{W}docDefaults/{W}rPrDefault")
    plain = _named(default) if default is not None else ""
    for style in root.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        fonts[name] = _named(style)
        parent = style.find(f"{W}basedOn")
        based[name] = parent.get(f"{W}val", "") if parent is not None else ""
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
            plain = fonts[name] or plain
    return Styles(fonts, based, plain)


def _named(element: Element) -> str:
    """The font that an element's own run properties name."""
    fonts = element.find(f"{W}rPr/{W}rFonts")
    return (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "") if fonts is not None else ""


def _style(element: Element, kind: str) -> str:
    """The style that a run or paragraph has."""
    style = element.find(f"{W}{kind}Pr/{W}{kind}Style")
    return style.get(f"{W}val", "") if style is not None else ""
