"""The OpenAPI document. What may go wrong with any operation is said here, once."""

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation

from media_library.api.problems import PROBLEM_JSON
from media_library.api.rest.auth import Anyone
from media_library.api.rest.schemas import ProblemDetail

WHY = {
    400: "The request can't be read.",
    401: "The token is no good, or there is none where one is needed.",
    403: "You may see this, but not do it; or the CSRF token of a session is missing.",
    404: "There is no such thing, or you may not see it.",
    409: "It conflicts with what is there.",
    410: "It is gone for good.",
    411: "The length of the body is missing.",
    413: "The body or the file is too large.",
    415: "The file, or the body, is of no type that is accepted here.",
    422: "A parameter or a field is wrong; `errors` say which and why.",
    429: "Too many requests; `Retry-After` says when to go on.",
    503: "The storage doesn't take it just now; `Retry-After` says when to try again.",
    507: "The disk is full.",
}
SAFE = {"GET", "HEAD", "OPTIONS"}


class LibraryAPI(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        return Document(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


class Document(OpenAPISchema):
    """Ninja's, with the refusals of each operation as problem+json, and no token needed where anybody may read."""

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        found = super().responses(operation)
        for status in refusals(operation):
            found.setdefault(status, {"content": {PROBLEM_JSON: {"schema": self._problem}}})
        if media_type := (operation.openapi_extra or {}).get("x-media-type"):
            found[200]["content"] = dict.fromkeys([media_type], *found[200]["content"].values())
        for status, details in found.items():
            if status >= 400:
                details["description"] = WHY.get(status, details.get("description", ""))
                details["content"] = dict.fromkeys([PROBLEM_JSON], *details.get("content", {}).values())
        return dict(sorted(found.items()))

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        found = super().operation_security(operation)
        return [*(found or ()), {}] if may_be_anyone(operation) else found

    @property
    def _problem(self) -> dict[str, str]:
        schema = ProblemDetail.model_json_schema(ref_template=REF_TEMPLATE, mode="serialization")
        self.add_schema_definitions(schema.pop("$defs") | {ProblemDetail.__name__: schema})
        return {"$ref": REF_TEMPLATE.format(model=ProblemDetail.__name__)}


def refusals(operation: Operation) -> Iterator[int]:
    """The statuses that any operation like this may answer."""
    yield from (400, 401, 422, 429)
    sources = {model.__ninja_param_source__ for model in operation.models}
    if not (may_be_anyone(operation) and SAFE.issuperset(operation.methods)):
        yield 403
    if "path" in sources:
        yield 404
    if sources & {"body", "form", "file"}:
        yield 413


def may_be_anyone(operation: Operation) -> bool:
    return any(isinstance(one, Anyone) for one in operation.auth_callbacks)
