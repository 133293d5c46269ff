import sys
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm


@dataclass
class Progress:
    """Bars for whoever watches; none for beat."""

    file: Any = sys.stderr
    is_shown: bool = False

    def bar(self, what: str, total: int, unit: str) -> Any:
        return tqdm(desc=what, total=total, unit=unit, file=self.file, disable=not self.is_shown, leave=True)
