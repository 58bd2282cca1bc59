"""Consensus runs over whole projects, and what a crowd has taught."""

import django.db.models.deletion
import django.db.models.functions.datetime
import projects.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0002_triggers'),
        ('tasks', '0003_dynamic_overlap'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='consensus',
            name='moved',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='consensus',
            name='outcome',
            field=models.CharField(blank=True, choices=[('adopted', 'Adopted'), ('relabelled', 'Relabelled'), ('outdated', 'Outdated'), ('accepted', 'Accepted'), ('corrected', 'Corrected'), ('reviewed', 'Reviewed')], max_length=10),
        ),
        migrations.CreateModel(
            name='CrowdModel',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('learnt_from', models.CharField(max_length=64)),
                ('learnt', models.BinaryField(null=True)),
                ('report', models.JSONField(default=dict)),
                ('answers', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
            ],
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('method', models.CharField(max_length=30)),
                ('settings', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('adopting', 'Adopting'), ('adopted', 'Adopted')], default='waiting', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('tasks', models.PositiveIntegerField(default=0)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('report', models.JSONField(default=dict)),
                ('difference', models.JSONField(default=dict)),
                ('outcomes', models.JSONField(default=dict)),
                ('replaces_labels', models.BooleanField(default=False)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('beat_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('done_at', models.DateTimeField(null=True)),
                ('adopted_at', models.DateTimeField(null=True)),
                ('adopted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
            ],
        ),
        migrations.AddField(
            model_name='consensus',
            name='run',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='results', to='tasks.run'),
        ),
        migrations.AddIndex(
            model_name='consensus',
            index=models.Index(condition=models.Q(('run__isnull', False)), fields=['run', 'id'], name='result_of_run'),
        ),
        migrations.AddConstraint(
            model_name='crowdmodel',
            constraint=models.UniqueConstraint(fields=('project', 'version'), name='one_crowd_model_per_project_and_version'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['project', 'id'], name='run_of_project'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('waiting', 'running', 'adopting'))), fields=('project',), name='one_run_at_work_per_project'),
        ),
    ]
