"""Forms as API v3 fills them in (``api_base_form_class`` of a page). Imported while models load."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError

from media_library.admin.choosing.forms import ChosenMediaPageForm


class WrittenPageForm(ChosenMediaPageForm):
    """What is wrong inside a StreamField is told with its place, where the admin has it beside each block."""

    def full_clean(self) -> None:
        super().full_clean()
        for name, errors in self.errors.items():
            errors.data = [one for error in errors.data for one in placed(error, name)]


def placed(error: ValidationError, place: str, *, is_inside: bool = False) -> Iterator[ValidationError]:
    """All that an error of a block holds, each with its place: ``body.3.alt_text: Please add some alt text …``."""
    if hasattr(error, "block_errors"):
        for inner in error.non_block_errors.as_data():
            yield from placed(inner, place, is_inside=True)
        for key, inner in error.block_errors.items():
            yield from placed(inner, f"{place}.{key}", is_inside=True)
    elif is_inside:
        for one in error.error_list:
            yield from (ValidationError(f"{place}: {message}", one.code) for message in one.messages)
    else:
        yield error
