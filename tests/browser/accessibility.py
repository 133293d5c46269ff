"""What axe-core has against a page. axe-core comes from npm, for tests only."""

from typing import Any

from playwright.sync_api import Page

from tests.processes import ROOT

# Colours are looked at as they are when nothing fades in any more. Brought to the end, not waited for: a badge in
# Wagtail's menu pulsates for 25 seconds.
STAND_STILL = """() => Promise.all(
  document.getAnimations()
    .filter((one) => one.playState === 'running' && Number.isFinite(one.effect.getComputedTiming().endTime))
    .map((one) => { one.finish(); return one.finished.catch(() => null); })
).then(() => null)"""
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}


def expect_no_sideways_scrolling(page: Page, width: int = 420) -> None:
    """The page fits a window of this width in pixels, once scripts have followed its change."""
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def violations(page: Page, within: str = "#main") -> list[str]:
    """Serious and critical violations inside an element, a sentence for each, with the first offending element.

    The frame around it (menu, search, footer) is Wagtail's own.
    """
    # With all its styles, and not while another page is about to take its place.
    page.wait_for_load_state()
    page.evaluate(STAND_STILL)
    # Not as a script of the page, which a strict policy would refuse; and run at once, since Wagtail has an axe, too.
    run = f"within => {{ {AXE.read_text()}\n return axe.run(within, {{resultTypes: ['violations']}}); }}"
    found: dict[str, Any] = page.evaluate(run, within)
    return [
        f"{one['impact']}: {one['help']} ({one['id']}, {len(one['nodes'])} times): {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]
