"""A TypeScript module: declarations by name, and how types are spelled."""

import json
import re
import textwrap
from collections.abc import Iterable, Mapping

PREAMBLE = """\
// Written by `manage.py generate_types` from page models, serializers and blocks. Not by hand: `make client-types`.
"""


class TypesError(Exception):
    """Something has no type that could be found out; the message says what to annotate."""


class Module:
    """Exported declarations, sorted by name, so that the same types are always written alike."""

    def __init__(self) -> None:
        self._declared: dict[str, str] = {}

    def interface(self, name: str, fields: Mapping[str, str], doc: str = "") -> str:
        """Declare ``export interface``; returns its name. Raises `TypesError` where another one is called so."""
        return self._declare(name, f"{_comment(doc)}export interface {name} {braces(fields)}\n")

    def alias(self, name: str, expression: str, doc: str = "") -> str:
        """Declare ``export type``; returns its name. Raises `TypesError` where another one is called so."""
        space = "" if expression.startswith("\n") else " "
        return self._declare(name, f"{_comment(doc)}export type {name} ={space}{expression};\n")

    def _declare(self, name: str, text: str) -> str:
        if self._declared.setdefault(name, text) != text:
            raise TypesError(f"Two different things are called {name}: give one of their classes another name.")
        return name

    def __str__(self) -> str:
        return "\n".join([PREAMBLE, *(text for _name, text in sorted(self._declared.items()))])


def braces(fields: Mapping[str, str]) -> str:
    """``{ … }`` with one field in each line."""
    lines = "".join(f"{_key(name)}: {expression};\n" for name, expression in fields.items())
    return "{\n" + textwrap.indent(lines, "  ") + "}"


def literal(value: str | int | bool) -> str:
    return json.dumps(value, ensure_ascii=False)


def union(expressions: Iterable[str]) -> str:
    """``A | B | null``: each once, and null at the end."""
    parts = [part for expression in expressions for part in _parts(expression)]
    found = list(dict.fromkeys(parts))
    return " | ".join([part for part in found if part != "null"] + ["null"] * ("null" in found))


def without_null(expression: str) -> str:
    return " | ".join(part for part in _parts(expression) if part != "null")


def array(expression: str) -> str:
    is_one = re.fullmatch(r"\w+", expression)
    return f"{expression}[]" if is_one else f"({expression})[]"


def _parts(expression: str) -> list[str]:
    """The members of a union that is not inside of anything."""
    parts, depth, start = [], 0, 0
    for number, letter in enumerate(expression):
        depth += (letter in "([{<") - (letter in ")]}>")
        if depth == 0 and expression.startswith(" | ", number):
            parts.append(expression[start:number])
            start = number + 3
    return [*parts, expression[start:]]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_$][\w$]*", name) else literal(name)


def _comment(doc: str) -> str:
    return f"/** {doc} */\n" if doc else ""
