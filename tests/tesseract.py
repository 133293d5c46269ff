"""``python -m tests.tesseract`` gets what tests of words in pictures need; without it they are left out."""

import shutil
import sys

from tests.browser.chromium import apt_get_install

PACKAGE = "tesseract-ocr"


def main() -> int:
    """Find Tesseract, or install it where that can be done. 0 in any case: it is one for operators to have or not."""
    if shutil.which("tesseract") or (apt_get_install(PACKAGE) and shutil.which("tesseract")):
        text = f"using {shutil.which('tesseract')}"
    else:
        text = f"none was found, so tests of words in pictures are left out. On Debian: apt-get install {PACKAGE}"
    sys.stdout.write(f"tesseract: {text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
