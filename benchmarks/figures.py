"""Figures and how they are printed: medians of several rounds, and the ratio to a peer or a goal."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, in its unit, over several rounds."""

    name: str
    unit: str
    samples: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def p95(self) -> float:
        return sorted(self.samples)[int(0.95 * (len(self.samples) - 1))]


def show(figure: Figure) -> None:
    spread = f"min {min(figure.samples):.2f}, p95 {figure.p95:.2f}, n {len(figure.samples)}"
    print(f"  {figure.name}: median {figure.median:.2f} {figure.unit} ({spread})")


def show_ratio(ours: Figure, peer: Figure, goal: str) -> None:
    show(ours)
    show(peer)
    least = min(ours.samples) / min(peer.samples)
    medians = f"{ours.median / peer.median:.2f}, of the least {least:.2f}"
    print(f"  ratio {ours.name} / {peer.name}: {medians} (goal: {goal})")


def show_goal(figure: Figure, goal: float, *, at_least: bool = False, at_p95: bool = False) -> None:
    """Whether the median meets the goal; at p95, whether nineteen of twenty samples do."""
    show(figure)
    measured = figure.p95 if at_p95 else figure.median
    bound = "at least" if at_least else "at most"
    which = "p95" if at_p95 else "median"
    show_met(
        f"{which} {bound} {goal:g} {figure.unit}",
        measured >= goal if at_least else measured <= goal,
    )


def show_met(goal: str, met: bool) -> None:
    print(f"  goal: {goal}: {'met' if met else 'MISSED'}")
