"""Put many assets into the database at once, past the signals: with what hangs on them, and what finds them."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image, ImageOps
from taggit.models import Tag, TaggedItem
from wagtail.models import Collection, ReferenceIndex
from wagtail.search.backends import get_search_backend

from blog.models import BlogIndexPage, PostPage
from cms.crowd import rows
from cms.database import learn_sizes
from cms.delivery.changes import ALL, announce
from cms.models import User
from media_library.models import (
    Asset,
    AssetStatistics,
    AssetStorage,
    Audio,
    CustomDocument,
    CustomImage,
    CustomRendition,
    DuplicatePair,
    Video,
)

MODELS: dict[str, type[Asset]] = {model.KIND: model for model in (CustomImage, Video, Audio, CustomDocument)}

AT_A_TIME = 2_000
PICTURES = 12
"""Real pictures, whose thumbnails all others share."""

FOLDERS = ("Newsroom", "Sports", "Culture", "Travel", "Press", "Archive")
YEARS = ("2023", "2024", "2025", "2026")
UPLOADERS = 12
POSTS = 60
USES_PER_POST = 150


def fill(number: int, told: Callable[[int], None]) -> None:
    """Add so many assets; ``told`` hears how many there are so far. Posts use some of them, live and in drafts."""
    collections, uploaders = _collections(), _uploaders()
    thumbnails = [image.renditions.first() for image in _pictures()]
    kept_tags = {name: Tag.objects.get_or_create(name=name)[0].pk for name in rows.TAGS}
    start = Asset.objects.count()
    for first in range(start, start + number, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, start + number))
        with transaction.atomic():
            _add(numbers, collections, uploaders, thumbnails, kept_tags)
            # Rows in bulk send no signal.
            announce([ALL])
        told(numbers[-1] + 1 - start)
    _use(Random(number))
    learn_sizes()


def _collections() -> list[int]:
    root = Collection.get_first_root_node()
    found = []
    for name in FOLDERS:
        folder = root.get_children().filter(name=name).first() or root.add_child(name=name)
        for year in YEARS:
            below = folder.get_children().filter(name=year).first() or folder.add_child(name=year)
            found.append(below.pk)
            folder.refresh_from_db()
        root.refresh_from_db()
    return found


def _uploaders() -> list[int]:
    people = []
    for number in range(UPLOADERS):
        user, is_new = User.objects.get_or_create(username=f"uploader{number}", defaults={"is_active": False})
        if is_new:
            user.set_unusable_password()
            user.save()
        people.append(user.pk)
    return people


def _pictures() -> list[CustomImage]:
    pictures = []
    for number in range(PICTURES):
        output = BytesIO()
        start, end = (f"hsl({number * 360 // PICTURES + turn}, 60%, {light}%)" for turn, light in ((0, 30), (40, 80)))
        ImageOps.colorize(Image.linear_gradient("L"), start, end).save(output, "JPEG")
        image = CustomImage(title=f"Colour {number}", file=ContentFile(output.getvalue(), name=f"colour-{number}.jpg"))
        image.save()
        pictures.append(image)
    return pictures


def _add(
    numbers: range,
    collections: list[int],
    uploaders: list[int],
    thumbnails: Sequence[Any],
    kept_tags: dict[str, int],
) -> None:
    made = [rows.asset(number, collections, uploaders) for number in numbers]
    _create_in_the_past(made)
    by_kind: dict[str, list[Asset]] = defaultdict(list)
    for asset in made:
        by_kind[asset.kind].append(asset)
    for kind, assets in by_kind.items():
        model = MODELS[kind]
        insert_children(model, [model(asset_ptr_id=asset.pk, file=f"none/{asset.filename}") for asset in assets])
    CustomRendition.objects.bulk_create(
        _shared(asset.pk, thumbnails[asset.pk % len(thumbnails)]) for asset in by_kind[Asset.Kind.IMAGE]
    )
    types = {kind: ContentType.objects.get_for_model(model) for kind, model in MODELS.items()}
    TaggedItem.objects.bulk_create(
        TaggedItem(tag_id=kept_tags[name], object_id=asset.pk, content_type=types[asset.kind])
        for number, asset in zip(numbers, made, strict=True)
        for name in rows.tags(number)
    )
    DuplicatePair.objects.bulk_create(
        DuplicatePair(first=original, second=copy, is_exact=True, distance=0)
        for original, copy in pairwise(made)
        if original.file_hash == copy.file_hash
    )
    now, today = timezone.now(), timezone.localdate()
    AssetStorage.objects.bulk_create(rows.storage(asset, now) for asset in made)
    AssetStatistics.objects.bulk_create(
        row for number, asset in zip(numbers, made, strict=True) for row in rows.statistics(number, asset, today)
    )
    backend = get_search_backend()
    for kind, assets in by_kind.items():
        written = MODELS[kind].objects.filter(pk__in=[asset.pk for asset in assets])
        found = written.prefetch_related("tags", "suggestions")
        backend.add_bulk(MODELS[kind], list(found))


def _create_in_the_past(assets: list[Asset]) -> None:
    created_at = Asset._meta.get_field("created_at")
    created_at.auto_now_add = False
    try:
        Asset.objects.bulk_create(assets)
    finally:
        created_at.auto_now_add = True


def insert_children(model: type[Asset], children: list[Any]) -> None:
    """Insert the rows of the kind alone, whose parents are there: Django's ``bulk_create`` does not."""
    fields = model._meta.local_concrete_fields
    size = max(1, connection.ops.bulk_batch_size(fields, children))
    for first in range(0, len(children), size):
        model._base_manager._insert(children[first : first + size], fields=fields, using=connection.alias)


def _shared(image_id: int, thumbnail: CustomRendition) -> CustomRendition:
    return CustomRendition(
        image_id=image_id,
        filter_spec=thumbnail.filter_spec,
        focal_point_key="",
        file=thumbnail.file.name,
        width=thumbnail.width,
        height=thumbnail.height,
        preset=thumbnail.preset,
    )


def _use(random: Random) -> None:
    """Posts that use many of the pictures, some of them only in their latest draft."""
    index = BlogIndexPage.objects.first()
    if index is None:
        return
    images = list(CustomImage.objects.order_by("-pk").values_list("pk", flat=True)[: POSTS * USES_PER_POST])
    assets, posts = (ReferenceIndex._get_base_content_type(model) for model in (Asset, PostPage))
    post_type = ContentType.objects.get_for_model(PostPage)
    if not images:
        return
    for number in range(POSTS):
        day = timezone.localdate()
        name = uuid.uuid4().hex[:8]
        post = PostPage(title=f"Post {number} of {name}", slug=f"post-{name}", summary="Filled in.", date=day)
        post.featured_image_id = random.choice(images)
        index.add_child(instance=post)
        paths = [f"body.{uuid.uuid4()}.image" for _ in range(USES_PER_POST)]
        ReferenceIndex.objects.bulk_create(
            ReferenceIndex(
                content_type=post_type,
                base_content_type=posts,
                object_id=str(post.pk),
                to_content_type=assets,
                to_object_id=str(random.choice(images)),
                model_path="body.image.image",
                content_path=path,
                content_path_hash=ReferenceIndex._get_content_path_hash(path),
            )
            for path in paths
        )
        if number % 4 == 0:
            post.featured_image_id = random.choice(images)
            post.save_revision()
