"""Addresses of renditions on demand, and what is behind them."""

from io import BytesIO

from django.http import HttpResponse
from PIL import Image

from media_library.transforms.address import message
from media_library.transforms.signing import sign

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def signed(picture: str | int, name: str, expires: str | int = "never") -> str:
    """An address signed as a front end does it, without a look at what is allowed."""
    text = message(str(expires), str(picture), name)
    return f"/transform/{sign(text)}/{text}"


def picture_of(response: HttpResponse) -> Image.Image:
    assert response.status_code == 200, response.content
    return Image.open(BytesIO(b"".join(response)))


def code_of(response: HttpResponse) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]
