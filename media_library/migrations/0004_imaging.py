import django.core.validators
import django.db.models.deletion
import wagtail.images.models
from django.db import migrations, models

import media_library.models.files


class Migration(migrations.Migration):

    dependencies = [
        ('media_library', '0003_remove_usage_count'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.AddField(
            model_name='asset',
            name='bytes_saved',
            field=models.PositiveBigIntegerField(default=0, editable=False, help_text='By polishing the renditions of this version', verbose_name='bytes saved'),
        ),
        migrations.AddField(
            model_name='asset',
            name='dominant_color',
            field=models.CharField(blank=True, default='', editable=False, max_length=7, verbose_name='dominant colour'),
        ),
        migrations.AddField(
            model_name='asset',
            name='taken_at',
            field=models.DateTimeField(db_index=True, editable=False, null=True, verbose_name='taken at'),
        ),
        migrations.AddField(
            model_name='asset',
            name='thumbhash',
            field=models.CharField(blank=True, default='', editable=False, max_length=40, verbose_name='ThumbHash'),
        ),
        migrations.AddField(
            model_name='customimage',
            name='is_animated',
            field=models.BooleanField(default=False, editable=False, verbose_name='animated'),
        ),
        migrations.AddField(
            model_name='customimage',
            name='recipe',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='edits'),
        ),
        migrations.AddField(
            model_name='customrendition',
            name='is_polished',
            field=models.BooleanField(default=False, editable=False, verbose_name='polished'),
        ),
        migrations.AddField(
            model_name='customrendition',
            name='preset',
            field=models.CharField(blank=True, default='', editable=False, max_length=32, verbose_name='preset'),
        ),
        migrations.AddField(
            model_name='customrendition',
            name='quality',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='quality'),
        ),
        migrations.AddField(
            model_name='posterrendition',
            name='preset',
            field=models.CharField(blank=True, default='', max_length=32, verbose_name='preset'),
        ),
        migrations.AddField(
            model_name='posterrendition',
            name='quality',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='quality'),
        ),
        migrations.AlterField(
            model_name='processingjob',
            name='operation',
            field=models.CharField(choices=[('develop_image', 'Develop the picture'), ('polish_image', 'Make the renditions smaller'), ('make_poster', 'Make the poster'), ('transcode_video', 'Transcode the film')], max_length=32, verbose_name='operation'),
        ),
        migrations.CreateModel(
            name='CollectionSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keep_location', models.BooleanField(default=False, help_text='GPS coordinates of new photographs stay in the library, for editors only. They are never public.', verbose_name='keep where photographs were taken')),
                ('watermark_text', models.CharField(blank=True, default='', max_length=100, verbose_name='watermark text')),
                ('watermark_position', models.CharField(choices=[('top-left', 'Top left'), ('top-right', 'Top right'), ('centre', 'Centre'), ('bottom-left', 'Bottom left'), ('bottom-right', 'Bottom right')], default='bottom-right', max_length=16, verbose_name='position of the watermark')),
                ('watermark_opacity', models.FloatField(default=0.6, help_text='From 0.05 (hardly seen) to 1 (covers what is below it).', validators=[django.core.validators.MinValueValidator(0.05), django.core.validators.MaxValueValidator(1)], verbose_name='opacity of the watermark')),
                ('collection', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='media_settings', to='wagtailcore.collection', verbose_name='collection')),
                ('watermark_image', models.ForeignKey(blank=True, help_text='Best with a transparent background.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='media_library.customimage', verbose_name='watermark picture')),
            ],
            options={
                'verbose_name': 'collection settings',
                'verbose_name_plural': 'collection settings',
            },
        ),
        migrations.CreateModel(
            name='SupersededFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True, verbose_name='name')),
                ('delete_after', models.DateTimeField(db_index=True, verbose_name='delete after')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='superseded_files', to='media_library.asset')),
            ],
            options={
                'verbose_name': 'superseded file',
                'verbose_name_plural': 'superseded files',
            },
        ),
        migrations.AlterField(
            model_name='customrendition',
            name='file',
            field=wagtail.images.models.WagtailImageField(max_length=255, storage=media_library.models.files.public_storage, upload_to=wagtail.images.models.get_rendition_upload_to),
        ),
    ]
