"""The script of docs/front-end.md sends what is accepted; Playwright brings a Node that runs it."""

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

from media_library.statistics.events import Event, EventType, read_events

NODE = compute_driver_executable()[0]
GUIDE = (Path(__file__).parents[3] / "docs" / "front-end.md").read_text()

PAGE = """
const darkroom = 'https://cms.example';
let observe, hide;
global.IntersectionObserver = class { constructor(seen) { observe = seen; } observe() {} unobserve() {} };
global.document = { hidden: true, querySelectorAll: () => [], addEventListener: (_, done) => { hide = done; } };
Object.defineProperty(global, 'navigator', { value: { sendBeacon: (...sent) => console.log(sent.join(' ')) } });
%s
const entry = (asset, isIntersecting) => ({ isIntersecting, target: { dataset: { asset } } });
observe([entry('12', true), entry('31', false)]);
hide();
observe(Array.from({ length: 60 }, (_, number) => entry(String(100 + number), true)));
hide();
"""


def test_script_of_the_guide_tells_what_was_in_sight_fifty_at_a_time() -> None:
    script = GUIDE.split("## Telling what was seen")[1].split("```js\n")[1].split("```")[0]
    done = subprocess.run([NODE, "-e", PAGE % script], capture_output=True, text=True, timeout=300, check=True)
    sent = [line.partition(" ") for line in done.stdout.splitlines()]
    assert {url for url, _space, _body in sent} == {"https://cms.example/api/media/beacon/"}
    first, second, third = (read_events(body.encode()) for _url, _space, body in sent)
    assert first == [Event(12, EventType.VIEW)]
    assert [len(second), len(third)] == [50, 10]
