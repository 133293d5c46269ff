from io import StringIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from wagtail.models import UploadedFile

pytestmark = pytest.mark.django_db


def test_upload_that_lacks_metadata_is_parked_among_the_originals(public_files):
    parked = UploadedFile.objects.create(file=ContentFile(b"with GPS", name="harbour.jpg"))

    assert UploadedFile.objects.get().file.read() == b"with GPS"
    assert (settings.DATA_DIR / "originals" / parked.file.name).exists()
    assert public_files() == set()


def test_wagtails_migrations_seem_the_same():
    call_command("makemigrations", "wagtailcore", check=True, dry_run=True, stdout=StringIO())
