"""Which languages the content has, and where in addresses they stand."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import LocalePrefixPattern, URLResolver
from django.utils.translation import get_language, get_supported_language_variant


def languages(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their names in English, for ``LANGUAGES``: ``["en", "pt-BR"]`` → ``[("en", "English"), …]``.

    Raises ``ImproperlyConfigured`` for a code that Django doesn't know.
    """
    wanted = list(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    unknown = [code for code in wanted if "name" not in LANG_INFO.get(code, {})]
    if unknown or not wanted:
        raise ImproperlyConfigured(
            f"LANGUAGES must name languages as Django does, like en,de,pt-br; not {', '.join(unknown) or 'nothing'}."
        )
    return [(code, LANG_INFO[code]["name"]) for code in wanted]


class LanguagePrefix(LocalePrefixPattern):
    """``/de/`` before the addresses of pages; nothing for the default language, and where there is only one."""

    @property
    def language_prefix(self) -> str:
        if not settings.WAGTAIL_I18N_ENABLED:
            return ""
        try:
            # An editor may use the admin in a language that the content hasn't.
            code = get_supported_language_variant(get_language() or settings.LANGUAGE_CODE)
        except LookupError:
            return ""
        return "" if code == settings.LANGUAGE_CODE else f"{code}/"


def in_each_language(patterns: list[Any]) -> URLResolver:
    """These addresses once for each language, as Django's ``i18n_patterns``."""
    return URLResolver(LanguagePrefix(prefix_default_language=False), patterns)


class LanguageMiddleware(LocaleMiddleware):
    """Django's, where only the address says which language is meant: no answer depends on what a browser prefers."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response
