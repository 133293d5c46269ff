"""Birds on the wing."""

from __future__ import annotations

from .painting import Point, Stencil, rounded


def draw_bird(stencil: Stencil, centre: Point, span: float, *, lift: float = 0.32, tilt: float = 0.0) -> None:
    """Draw a gull seen from the front, `span` units from its middle to a wing tip.

    `lift` is how far its wings are raised (1 high up, -1 below its body), `tilt` how far it leans.
    """
    x, y = centre
    tips = 0.42 - lift * 1.0
    wing = [
        (-1, tips + tilt),
        (-0.55, -lift + tilt * 0.5),
        (0, 0),
        (0.55, -lift - tilt * 0.5),
        (1, tips - tilt),
    ]
    top = rounded([(x + px * span, y + py * span) for px, py in wing], closed=False)
    under = [(px, py + span * 0.14 * max(0.0, 1 - abs(px - x) / span)) for px, py in reversed(top)]
    stencil.polygon([*top, *under])
