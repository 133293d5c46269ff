import blog.models.front_end
import django.db.models.deletion
import django.utils.timezone
import modelcluster.contrib.taggit
import modelcluster.fields
import modelsearch.index
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('media_library', '0001_initial'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='BlogIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', models.TextField(blank=True, help_text='One or two sentences below the title: what is this blog about?', verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'blog',
                'verbose_name_plural': 'blogs',
            },
            bases=(blog.models.front_end.FrontEndMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('slug', models.SlugField(help_text='The name in addresses: small letters, digits and hyphens.', max_length=100, unique=True, verbose_name='slug')),
                ('description', models.TextField(blank=True, help_text='A sentence for readers: what belongs here.', verbose_name='description')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('slug', models.SlugField(help_text='The name in addresses: small letters, digits and hyphens.', max_length=100, unique=True, verbose_name='slug')),
                ('role', models.CharField(blank=True, help_text='For example: photo editor.', max_length=100, verbose_name='role')),
                ('bio', models.TextField(blank=True, help_text='Two or three sentences, shown below a post.', verbose_name='about')),
                ('portrait', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='media_library.customimage', verbose_name='portrait')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='PostPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='What the post is about, in one or two sentences. Shown in lists and above the post.', max_length=400, verbose_name='summary')),
                ('date', models.DateField(default=django.utils.timezone.localdate, help_text='The day that readers see. It decides the order of posts.', verbose_name='date')),
                ('body', wagtail.fields.StreamField([('heading', 2), ('rich_text', 3), ('quote', 7), ('code', 10), ('image', 15), ('gallery', 17), ('video', 20), ('embed', 21)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 160}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('h2', 'Section'), ('h3', 'Part of a section'), ('h4', 'Part of a part')], 'help_text': 'The title of the post is above all of these.', 'label': 'Level'}), 2: ('wagtail.blocks.StructBlock', [[('text', 0), ('level', 1)]], {'group': 'Text'}), 3: ('blog.blocks.text.ProseBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ol', 'ul', 'hr', 'image', 'code'], 'group': 'Text'}), 4: ('wagtail.blocks.TextBlock', (), {'help_text': 'Without quotation marks; the design adds them.', 'label': 'Quote'}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Who said it', 'max_length': 160, 'required': False}), 6: ('wagtail.blocks.URLBlock', (), {'help_text': 'The address of the page it was taken from.', 'label': 'Where', 'required': False}), 7: ('wagtail.blocks.StructBlock', [[('text', 4), ('attribution', 5), ('source', 6)]], {'group': 'Text'}), 8: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('text', 'Plain text'), ('bash', 'Shell'), ('css', 'CSS'), ('html', 'HTML'), ('javascript', 'JavaScript'), ('json', 'JSON'), ('python', 'Python'), ('sql', 'SQL'), ('typescript', 'TypeScript'), ('yaml', 'YAML')], 'label': 'Language'}), 9: ('wagtail.blocks.TextBlock', (), {'help_text': 'Shown exactly as you type it, line by line.', 'label': 'Code'}), 10: ('wagtail.blocks.StructBlock', [[('language', 8), ('code', 9)]], {'group': 'Text'}), 11: ('blog.blocks.media.ImageChooserBlock', (), {'label': 'Image'}), 12: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'It only pleases the eye: screen readers leave it out.', 'label': 'Image is decorative', 'required': False}), 13: ('wagtail.blocks.CharBlock', (), {'help_text': "What can be seen here, for someone who can't see it.", 'label': 'Alt text', 'max_length': 500, 'required': False}), 14: ('wagtail.blocks.CharBlock', (), {'help_text': 'Shown below the image. Leave it empty to use the caption from the library.', 'label': 'Caption', 'max_length': 300, 'required': False}), 15: ('wagtail.blocks.StructBlock', [[('image', 11), ('decorative', 12), ('alt_text', 13), ('caption', 14)]], {'group': 'Media'}), 16: ('wagtail.blocks.StructBlock', [[('image', 11), ('decorative', 12), ('alt_text', 13), ('caption', 14)]], {}), 17: ('blog.blocks.media.GalleryBlock', (16,), {'group': 'Media', 'min_num': 1}), 18: ('blog.blocks.media.VideoChooserBlock', (), {'label': 'Video'}), 19: ('wagtail.blocks.CharBlock', (), {'help_text': 'Shown below the video. Leave it empty to use the caption from the library.', 'label': 'Caption', 'max_length': 300, 'required': False}), 20: ('wagtail.blocks.StructBlock', [[('video', 18), ('caption', 19)]], {'group': 'Media'}), 21: ('blog.blocks.media.EmbedBlock', (), {'group': 'Media', 'help_text': 'The address of a page on YouTube, Vimeo, SoundCloud and many others.'})}, verbose_name='body')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='posts', to='blog.person', verbose_name='author')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='posts', to='blog.category', verbose_name='category')),
                ('featured_image', models.ForeignKey(blank=True, help_text='The picture at the top of the post, in lists, and where the post is shared.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='media_library.customimage', verbose_name='featured image')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
            },
            bases=(blog.models.front_end.FrontEndMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='PostTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged_items', to='blog.postpage')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_items', to='taggit.tag')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='postpage',
            name='tags',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='Words by which related posts are found. Separate them with commas.', through='blog.PostTag', to='taggit.Tag', verbose_name='tags'),
        ),
    ]
