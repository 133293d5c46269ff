from pathlib import Path

from tests.snapshot import take
from tests.stack import Stack

POST = """
from media_library import manifests
from media_library.imaging.slots import Slot
manifests.post([Slot("hero", "16:9", (640,))], None)
"""

IN_FORCE = """
from media_library import manifests
print(manifests.in_force().number)
"""


def test_what_is_in_the_cache_is_forgotten_with_what_is_in_the_database(tmp_path: Path):
    with Stack(tmp_path / "data", names=[]) as stack:
        untouched = take(stack)
        assert stack.manage("shell", "-v", "0", "-c", POST + IN_FORCE).strip() == "1"
        untouched.restore()
        assert stack.manage("shell", "-v", "0", "-c", IN_FORCE).strip() == "0"
