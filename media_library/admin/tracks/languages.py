"""Languages of tracks, as BCP 47 writes them, and what they call themselves."""

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info


def written_alike(code: str) -> str:
    """``pt-br`` becomes ``pt-BR``, ``ZH_hant`` ``zh-Hant``: languages small, scripts capitalised, countries large
    (RFC 5646, 2.1.1)."""
    first, *rest = code.strip().replace("_", "-").split("-")
    recased = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(recased.get(len(part), str.lower)(part) for part in rest)])


def language_name(code: str) -> str:
    """What a language calls itself, such as "Français"; the code where nobody knows."""
    try:
        name = get_language_info(code.lower())["name_local"]
    except KeyError:
        return code
    return str(name)[:1].upper() + str(name)[1:]


def common_languages() -> list[tuple[str, str]]:
    """Codes and names, to choose from."""
    codes = {info["code"] for info in LANG_INFO.values() if "code" in info}
    return sorted(((written_alike(code), language_name(code)) for code in codes), key=lambda one: one[1].casefold())
