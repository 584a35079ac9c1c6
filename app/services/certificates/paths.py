"""Vector paths as PDF operators.

Owns lines, circles and the small part of SVG path data the icons use. Must not choose colours
or places.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.\d*|\.\d+|\d+)")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7, "Z": 0}
Point = tuple[float, float]


def smooth_loop(knots: Sequence[tuple[Point, Point]]) -> str:
    """Write a closed curve through places, each with the way it is passed."""
    (x, y), _ = knots[0]
    parts = [f"{x:.2f} {y:.2f} m"]
    for (start, leave), (end, arrive) in zip(knots, [*knots[1:], knots[0]], strict=True):
        parts.append(
            f"{start[0] + leave[0]:.2f} {start[1] + leave[1]:.2f} "
            f"{end[0] - arrive[0]:.2f} {end[1] - arrive[1]:.2f} {end[0]:.2f} {end[1]:.2f} c"
        )
    return " ".join([*parts, "h"])


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """Write a rectangle from its lower left corner."""
    return f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re"


def circle(x: float, y: float, radius: float) -> str:
    """Write a circle as four curves."""
    quarter = math.pi / 2
    curves = (_curve(x, y, radius, quarter * place, quarter) for place in range(4))
    return " ".join([f"{x + radius:.3f} {y:.3f} m", *curves, "h"])


def svg_path(data: str) -> str:
    """Write SVG path data (moves, lines, arcs of circles) as operators, y still downwards."""
    operators: list[str] = []
    here: Point = (0.0, 0.0)
    start = here
    for command, numbers in _commands(data):
        kind, offset = command.upper(), here if command.islower() else (0.0, 0.0)
        if kind == "Z":
            operators.append("h")
            here = start
            continue
        if kind == "H":
            there = (numbers[0] + offset[0], here[1])
        elif kind == "V":
            there = (here[0], numbers[0] + offset[1])
        else:
            there = (numbers[-2] + offset[0], numbers[-1] + offset[1])
        if kind == "A":
            operators.append(_arc(here, there, numbers[0], numbers[3] == 1, numbers[4] == 1))
        else:
            operators.append(f"{there[0]:.3f} {there[1]:.3f} {'m' if kind == 'M' else 'l'}")
        start = there if kind == "M" else start
        here = there
    return " ".join(operators)


def _commands(data: str) -> Iterable[tuple[str, Sequence[float]]]:
    tokens = _TOKEN.findall(data)
    command, place = "M", 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
        count = _ARGUMENTS[command.upper()]
        yield command, [float(token) for token in tokens[place : place + count]]
        place += count
        command = {"M": "L", "m": "l"}.get(command, command)


def _arc(here: Point, there: Point, radius: float, large: bool, sweep: bool) -> str:
    # SVG 1.1, appendix F.6.5, for circles.
    dx, dy = (here[0] - there[0]) / 2, (here[1] - there[1]) / 2
    half = math.hypot(dx, dy)
    radius = max(radius, half)
    height = math.sqrt(max(0.0, radius**2 - half**2)) / half
    if large == sweep:
        height = -height
    centre_x = (here[0] + there[0]) / 2 + height * dy
    centre_y = (here[1] + there[1]) / 2 - height * dx
    first = math.atan2(here[1] - centre_y, here[0] - centre_x)
    turn = math.atan2(there[1] - centre_y, there[0] - centre_x) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    steps = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    return " ".join(
        _curve(centre_x, centre_y, radius, first + turn * step / steps, turn / steps)
        for step in range(steps)
    )


def _curve(x: float, y: float, radius: float, angle: float, turn: float) -> str:
    arm = 4 / 3 * math.tan(turn / 4) * radius
    end = angle + turn
    start_x, start_y = x + radius * math.cos(angle), y + radius * math.sin(angle)
    end_x, end_y = x + radius * math.cos(end), y + radius * math.sin(end)
    return (
        f"{start_x - arm * math.sin(angle):.3f} {start_y + arm * math.cos(angle):.3f} "
        f"{end_x + arm * math.sin(end):.3f} {end_y - arm * math.cos(end):.3f} "
        f"{end_x:.3f} {end_y:.3f} c"
    )
