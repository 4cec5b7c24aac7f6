"""How far something has come, as a line of text. A rule; clocks and screens are elsewhere."""

WIDTH = 20
EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar_of(what: str, unit: str, done: int, count: int, seconds: float) -> str:
    """A bar with what is done, how fast, and how long it will take: `replaying  42%|████▎     | 420/1,000 messages …`. A
    count of 0 is one that is not known."""
    if count <= 0:
        counted = f": {done:,} {unit}" if done else ""
        return f"{what}{counted} [{clock(seconds)}]"
    share = min(max(done / count, 0.0), 1.0)
    rate = done / seconds if seconds > 0 else 0.0
    left = clock((count - done) / rate) if rate > 0 else "?"
    speed = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
    return (
        f"{what} {share:4.0%}|{filled(share)}| {done:,}/{count:,} {unit} "
        f"[{clock(seconds)}<{left}, {speed} {unit}/s]"
    )


def finished(what: str, unit: str, done: int, seconds: float) -> str:
    """What stands in the bar's place at the end."""
    counted = f": {done:,} {unit}" if done else ""
    return f"{what}{counted} in {seconds:.1f} s"


def filled(share: float, width: int = WIDTH) -> str:
    """A bar that is filled by a share, to the eighth of a character."""
    eighths = round(share * width * 8)
    full, rest = divmod(eighths, 8)
    partly = EIGHTHS[rest] if full < width else ""
    return f"{'█' * full}{partly}".ljust(width)


def clock(seconds: float) -> str:
    """A span as minutes and seconds, with hours where there are any."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes:02}:{whole % 60:02}"
