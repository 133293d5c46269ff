"""What each page of the admin has for choosers: their script, with what sending a file takes."""

import json

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from media_library.admin.uploads.messages import messages
from media_library.conf import conf

SAID_OF_A_TRANSFER = ("tooLarge", "signedOut", "serverError", "unreadable", "failed")


def script() -> SafeString:
    sentences = messages()
    return format_html(
        '<script type="module" src="{}" data-chooser-tus="{}" data-part-bytes="{}" data-messages="{}"></script>',
        static("media_library/js/chooser.js"),
        static("vendor/tus-js-client/tus.min.js"),
        str(conf.UPLOAD_PART_BYTES),
        json.dumps({name: sentences[name] for name in SAID_OF_A_TRANSFER}),
    )
