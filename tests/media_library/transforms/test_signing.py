from django.test import override_settings

from media_library.transforms.signing import is_signed, sign

KEY, OLDER = "a key of thirty-two characters ab", "an older key of thirty-two chars"


def with_keys(*keys: str) -> override_settings:
    return override_settings(MEDIA_LIBRARY={"TRANSFORM_KEYS": list(keys)})


@with_keys(KEY)
def test_signature_fits_its_message_only() -> None:
    signature = sign("never/12/width-800")
    assert is_signed("never/12/width-800", signature)
    assert not is_signed("never/13/width-800", signature)


@with_keys(KEY)
def test_signature_is_43_letters_that_need_no_escape() -> None:
    signatures = [sign(str(number)) for number in range(50)]
    assert all(len(one) == 43 and one.replace("-", "").replace("_", "").isalnum() for one in signatures)


def test_signature_of_another_key_is_wrong() -> None:
    with with_keys(OLDER):
        signature = sign("message")
    with with_keys(KEY):
        assert not is_signed("message", signature)


def test_older_key_is_accepted_while_a_new_one_signs() -> None:
    with with_keys(OLDER):
        old = sign("message")
    with with_keys(KEY, OLDER):
        assert is_signed("message", old)
        new = sign("message")
    with with_keys(KEY):
        assert is_signed("message", new)


@override_settings(MEDIA_LIBRARY={}, SECRET_KEY="one")
def test_without_a_key_one_follows_from_the_secret_key_and_outlives_its_rotation() -> None:
    signature = sign("message")
    with override_settings(SECRET_KEY="two"):
        assert not is_signed("message", signature)
    with override_settings(SECRET_KEY="two", SECRET_KEY_FALLBACKS=["one"]):
        assert is_signed("message", signature)


@with_keys(KEY)
def test_signature_with_strange_letters_is_wrong() -> None:
    assert not is_signed("message", "é" * 43)
