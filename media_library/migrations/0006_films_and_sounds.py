import django.core.validators
import django.db.models.deletion
import media_library.models.asset
import media_library.models.developed
import media_library.models.files
import media_library.models.track
from django.db import migrations, models


CODENAMES = {"add_audio": "Can add audio", "change_audio": "Can change audio", "choose_audio": "Can choose audio"}


def give_editors_sounds(apps, schema_editor):
    """Give Wagtail's groups the same rights to sounds that they have to images, from the root collection on."""
    Collection = apps.get_model("wagtailcore.Collection")
    ContentType = apps.get_model("contenttypes.ContentType")
    Group = apps.get_model("auth.Group")
    GroupCollectionPermission = apps.get_model("wagtailcore.GroupCollectionPermission")
    Permission = apps.get_model("auth.Permission")

    # Permissions are made after migrations, so a fresh database has none yet.
    content_type, _ = ContentType.objects.get_or_create(app_label="media_library", model="audio")
    root = Collection.objects.get(depth=1)
    for codename, name in CODENAMES.items():
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        for group in Group.objects.filter(name__in=["Editors", "Moderators"]):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


class Migration(migrations.Migration):
    """Sounds, tracks and sidecars; what is made from films belongs to any asset. Renames keep all rows."""

    dependencies = [
        ('media_library', '0005_name_presets'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='videotranscode', name='unique_transcode'),
        migrations.RemoveConstraint(model_name='posterrendition', name='unique_poster_rendition'),
        migrations.RenameModel(old_name='VideoTranscode', new_name='Transcode'),
        migrations.RenameField(model_name='transcode', old_name='video', new_name='asset'),
        migrations.RenameField(model_name='posterrendition', old_name='video', new_name='asset'),
        migrations.CreateModel(
            name='Audio',
            fields=[
                ('asset_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='media_library.asset')),
                ('file', models.FileField(max_length=255, storage=media_library.models.files.originals_storage, upload_to=media_library.models.asset.upload_to, verbose_name='file')),
            ],
            options={
                'verbose_name': 'audio',
                'verbose_name_plural': 'audio',
                'permissions': [('choose_audio', 'Can choose audio')],
            },
            bases=('media_library.asset',),
        ),
        migrations.CreateModel(
            name='Sidecar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('file_size', models.PositiveBigIntegerField(verbose_name='file size')),
                ('kind', models.CharField(choices=[('storyboard', 'Storyboard'), ('sprite', 'Pictures of the storyboard'), ('waveform', 'Waveform')], max_length=16, verbose_name='kind')),
                ('number', models.PositiveIntegerField(default=0, verbose_name='number')),
                ('file', models.FileField(max_length=255, storage=media_library.models.files.public_storage, upload_to=media_library.models.developed.developed_upload_to, verbose_name='file')),
            ],
        ),
        migrations.CreateModel(
            name='Track',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('captions', "Captions (speech and sounds, for who can't hear)"), ('subtitles', 'Subtitles (a translation of speech)'), ('descriptions', "Descriptions (what can be seen, for who can't see)"), ('chapters', 'Chapters')], default='captions', max_length=16, verbose_name='kind')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\Z', 'Write it as in en, de or pt-BR.')], verbose_name='language')),
                ('label', models.CharField(blank=True, help_text="What the player's menu says.", max_length=100, verbose_name='label')),
                ('is_default', models.BooleanField(default=False, verbose_name='on by itself')),
                ('text', models.TextField(verbose_name='text')),
                ('file', models.FileField(editable=False, max_length=255, storage=media_library.models.files.public_storage, upload_to=media_library.models.track.track_upload_to)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'track',
                'verbose_name_plural': 'tracks',
                'ordering': ['kind', 'language'],
            },
        ),
        migrations.AddField(
            model_name='processingjob',
            name='cancel_requested_at',
            field=models.DateTimeField(null=True, verbose_name='cancelling asked for at'),
        ),
        migrations.AddField(
            model_name='processingjob',
            name='parts',
            field=models.JSONField(default=dict, verbose_name='progress of its parts'),
        ),
        migrations.AddField(
            model_name='transcode',
            name='codecs',
            field=models.CharField(blank=True, default='', help_text='As in RFC 6381', max_length=100, verbose_name='codecs'),
        ),
        migrations.AddField(
            model_name='transcode',
            name='frame_rate',
            field=models.FloatField(null=True, verbose_name='frame rate'),
        ),
        migrations.AddField(
            model_name='transcode',
            name='peak_bitrate',
            field=models.PositiveIntegerField(help_text='Bits per second of the largest segment', null=True, verbose_name='peak bit rate'),
        ),
        migrations.AddField(
            model_name='transcode',
            name='playlist',
            field=models.FileField(blank=True, default='', max_length=255, storage=media_library.models.files.public_storage, upload_to=media_library.models.developed.playlist_upload_to, verbose_name='playlist'),
        ),
        migrations.AddField(
            model_name='video',
            name='poster_image',
            field=models.ForeignKey(blank=True, help_text='A picture to show in place of a moment of the film.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='media_library.customimage', verbose_name='poster'),
        ),
        migrations.AddField(
            model_name='video',
            name='poster_time',
            field=models.FloatField(blank=True, editable=False, help_text='Seconds', null=True, verbose_name='poster at'),
        ),
        migrations.AlterField(
            model_name='asset',
            name='kind',
            field=models.CharField(choices=[('image', 'Image'), ('video', 'Video'), ('audio', 'Audio'), ('document', 'Document')], editable=False, max_length=16, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='posterrendition',
            name='asset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='poster_renditions', to='media_library.asset'),
        ),
        migrations.AlterField(
            model_name='processingjob',
            name='operation',
            field=models.CharField(choices=[('develop_image', 'Develop the picture'), ('polish_image', 'Make the renditions smaller'), ('make_poster', 'Make the poster'), ('transcode_video', 'Transcode the film'), ('make_webm', 'Make the WebM'), ('develop_audio', 'Develop the sound')], max_length=32, verbose_name='operation'),
        ),
        migrations.AlterField(
            model_name='processingjob',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=16, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='transcode',
            name='asset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transcodes', to='media_library.asset'),
        ),
        migrations.AlterField(
            model_name='transcode',
            name='height',
            field=models.PositiveIntegerField(null=True, verbose_name='height'),
        ),
        migrations.AlterField(
            model_name='transcode',
            name='width',
            field=models.PositiveIntegerField(null=True, verbose_name='width'),
        ),
        migrations.AddConstraint(
            model_name='posterrendition',
            constraint=models.UniqueConstraint(fields=('asset', 'version', 'filter_spec'), name='unique_poster_rendition'),
        ),
        migrations.AddConstraint(
            model_name='transcode',
            constraint=models.UniqueConstraint(fields=('asset', 'version', 'preset'), name='unique_transcode'),
        ),
        migrations.AddField(
            model_name='sidecar',
            name='asset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sidecars', to='media_library.asset'),
        ),
        migrations.AddField(
            model_name='track',
            name='asset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracks', to='media_library.asset'),
        ),
        migrations.AddConstraint(
            model_name='sidecar',
            constraint=models.UniqueConstraint(fields=('asset', 'version', 'kind', 'number'), name='unique_sidecar'),
        ),
        migrations.AddConstraint(
            model_name='track',
            constraint=models.UniqueConstraint(fields=('asset', 'kind', 'language'), name='unique_track'),
        ),
        migrations.RunPython(give_editors_sounds, migrations.RunPython.noop),
    ]
