"""What yEd and other yFiles programs draw: labels, places, arrows, group frames and notes."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from qpsviz.network.importers.graph import Sketch
from qpsviz.network.importers.markup import children, inside, local

# Ends of a line that are drawn, but point nowhere: symbols of class and database diagrams, and mere marks.
_NOT_POINTING = ("none", "circle", "transparent_circle", "dash", "skewed_dash", "t_shape", "diamond", "white_diamond")
_LABELS = {"NodeLabel", "EdgeLabel", "Label.Text"}


def is_frame(node: Element) -> bool:
    """Whether a node is a group: a frame around other nodes, no station itself."""
    folder = any(local(name) == "yfiles.foldertype" for name in node.attrib)
    return folder or any(True for _ in children(node, "graph"))


def is_note(graphics: Sequence[Element]) -> bool:
    """Whether a node is drawn as a sheet of paper with a remark."""
    return any(True for data in graphics for _ in inside(data, "UMLNoteNode"))


def labels(graphics: Sequence[Element]) -> list[str]:
    """The texts of a node's or an edge's labels, each on one line."""
    texts = (child.text for data in graphics for child in data.iter() if local(child.tag) in _LABELS)
    return [" ".join(text.split()) for text in texts if text and text.strip()]


def place(graphics: Sequence[Element]) -> Sketch | None:
    """The middle of a node as drawn, in pixels to the right and upwards."""
    for data in graphics:
        for child in data.iter():
            if local(child.tag) in ("Geometry", "RectD"):
                box = {name.lower(): value for name, value in child.attrib.items()}
                try:
                    x, y, width, height = (float(box.get(name, 0)) for name in ("x", "y", "width", "height"))
                except ValueError:
                    return None
                return (x + width / 2, -(y + height / 2)) if "x" in box and "y" in box else None
    return None


def arrows(graphics: Sequence[Element]) -> tuple[bool, bool] | None:
    """Whether an arrow points at the source and at the target of an edge; None where no arrows are given."""
    for data in graphics:
        for child in inside(data, "Arrows"):
            source, target = (_points(child.get(end)) for end in ("source", "target"))
            return source, target
    return None


def _points(kind: str | None) -> bool:
    return kind is not None and kind not in _NOT_POINTING and not kind.startswith("crows_foot")
