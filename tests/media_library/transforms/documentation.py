"""What docs/front-end.md says of signatures, as it stands there."""

import re
from pathlib import Path

GUIDE = (Path(__file__).parents[3] / "docs" / "front-end.md").read_text()
KEY = re.search(r"with the key `([^`]+)`", GUIDE)[1]
VECTORS = dict(re.findall(r"^\| `([^`]+)` \| `([\w-]{43})` \|$", GUIDE, re.MULTILINE))
"""Signatures by what is signed."""


def example(name: str) -> str:
    """The JavaScript module that is marked with this name."""
    return re.search(rf"<!-- transform: {name} -->\n```js\n(.*?)```", GUIDE, re.DOTALL)[1]
