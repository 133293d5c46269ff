"""Three hundred files dropped at once, twenty of them broken in different ways."""

from playwright.sync_api import Page, expect

from tests.browser.test_uploads import drop_folder
from tests.browser.uploading import ADD, row
from tests.media import other_photo_bytes, photo_bytes

SECONDS = 600


def broken(number: int) -> tuple[str, bytes]:
    """A name and bytes that are refused: cut off, not what the name says, empty of pictures."""
    kinds = [
        (f"cut {number}.jpg", photo_bytes(200 + number, 150)[:1500]),
        (f"text {number}.jpg", b"I am no photograph. %d" % number * 50),
        (f"film {number}.mp4", b"nothing of a film %d" % number * 50),
        (f"head {number}.png", b"\x89PNG\r\n\x1a\n" + bytes([number]) * 500),
    ]
    return kinds[number % 4]


def test_all_but_the_broken_ones_are_taken_in_and_each_of_these_says_why(page: Page):
    files = {f"photo {number}.jpg": other_photo_bytes(number) for number in range(280)}
    files |= dict(map(broken, range(20)))
    assert len(files) == 300
    page.goto(ADD)
    expect(page.get_by_text("Drop files or whole folders here")).to_be_visible()

    drop_folder(page, "[data-upload-target]", "Regatta", files)

    counts = page.locator("[data-uploader-counts]")
    expect(counts).to_contain_text("280 of 300 files done, 20 with problems", timeout=SECONDS * 1000)
    page.get_by_role("button", name="Problems 20").click()
    expect(page.locator(".upload-row")).to_have_count(20)
    for name in files:
        if not name.startswith("photo"):
            expect(row(page, name)).to_contain_text("damaged or cut off" if "cut" in name else ".")
    page.goto("/admin/media/")
    expect(page.locator(".library-toolbar__count")).to_contain_text("280 files")
