import django.db.models.deletion
import django.db.models.functions.datetime
import projects.ids
import projects.schemas.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('projects', '0002_triggers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='projects.project')),
                ('asset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='task', to='projects.asset')),
                ('status', models.CharField(choices=[('open', 'Open'), ('merging', 'Merging'), ('in_review', 'In Review'), ('adjudication', 'Adjudication'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn')], default='open', max_length=12)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('wanted', models.PositiveSmallIntegerField()),
                ('answers', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('moved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'status', 'id'], name='task_of_project_by_status'), models.Index(condition=models.Q(('status', 'merging')), fields=['moved_at'], name='task_merging')],
                'constraints': [models.CheckConstraint(condition=models.Q(('answers__lte', models.F('wanted'))), name='no_more_answers_than_wanted'), models.CheckConstraint(condition=models.Q(('wanted__gte', 1)), name='a_task_wants_answers')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='tasks.task')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('status', models.CharField(choices=[('open', 'Open'), ('leased', 'Leased'), ('submitted', 'Submitted'), ('skipped', 'Skipped'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('annotator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('lease_token', models.PositiveBigIntegerField(default=0)),
                ('leased_at', models.DateTimeField(null=True)),
                ('leased_until', models.DateTimeField(null=True)),
                ('reason', models.CharField(default='', max_length=500)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['project', 'number', 'id'], name='assignment_open'), models.Index(condition=models.Q(('status', 'leased')), fields=['leased_until'], name='assignment_lapsing'), models.Index(condition=models.Q(('status', 'leased')), fields=['annotator', 'project'], name='assignment_held')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('annotator', None), _negated=True), fields=('task', 'round', 'annotator'), name='one_assignment_per_person_and_task'), models.CheckConstraint(condition=models.Q(models.Q(('annotator', None), ('leased_until', None), ('status', 'open')), models.Q(('status', 'leased'), models.Q(('annotator', None), _negated=True), models.Q(('leased_until', None), _negated=True)), models.Q(('status__in', ['submitted', 'skipped']), models.Q(('annotator', None), _negated=True)), ('status', 'withdrawn'), _connector='OR'), name='an_assignment_is_held_by_whom_its_status_says')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='tasks.task')),
                ('annotator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
                ('points', projects.schemas.fields.PointsField(size=None)),
                ('visibility', projects.schemas.fields.VisibilityField(size=None)),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('task', 'annotator'), name='one_draft_per_person_and_task')],
            },
        ),
        migrations.CreateModel(
            name='Annotation',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='projects.project')),
                ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='tasks.task')),
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='annotation', to='tasks.assignment')),
                ('annotator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to=settings.AUTH_USER_MODEL)),
                ('schema', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.schema')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('points', projects.schemas.fields.PointsField(size=None)),
                ('visibility', projects.schemas.fields.VisibilityField(size=None)),
                ('attributes', models.JSONField(default=dict)),
                ('seconds', models.FloatField()),
                ('leased_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['task', 'round'], name='annotation_of_round'), models.Index(fields=['project', 'id'], name='annotation_of_project'), models.Index(fields=['annotator', 'id'], name='annotation_by_person')],
            },
        ),
        migrations.CreateModel(
            name='Gold',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gold', to='projects.asset')),
                ('version', models.PositiveIntegerField(default=1)),
                ('points', projects.schemas.fields.PointsField(size=None)),
                ('visibility', projects.schemas.fields.VisibilityField(size=None)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('retired_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('asset', 'version'), name='one_gold_per_asset_and_version'), models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('asset',), name='one_gold_in_force_per_asset')],
            },
        ),
        migrations.CreateModel(
            name='Consensus',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consensuses', to='tasks.task')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('set_hash', models.CharField(max_length=64)),
                ('is_current', models.BooleanField(default=True)),
                ('method', models.CharField(max_length=30)),
                ('version', models.CharField(max_length=20)),
                ('points', projects.schemas.fields.PointsField(size=None)),
                ('points_data_only', projects.schemas.fields.PointsField(size=None)),
                ('covariance', projects.schemas.fields.CovarianceField(size=None)),
                ('visibility', projects.schemas.fields.VisibilityField(size=None)),
                ('answers', models.PositiveIntegerField()),
                ('agreement', models.FloatField(null=True)),
                ('weights', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('task', 'set_hash'), name='one_consensus_per_set_of_answers'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('task',), name='one_current_consensus_per_task')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=projects.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='tasks.task')),
                ('consensus', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='tasks.consensus')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('layer', models.PositiveSmallIntegerField(default=1)),
                ('doubt', models.FloatField(default=0.0)),
                ('status', models.CharField(choices=[('open', 'Open'), ('leased', 'Leased'), ('decided', 'Decided'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to=settings.AUTH_USER_MODEL)),
                ('lease_token', models.PositiveBigIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('verdict', models.CharField(choices=[('accept', 'Accept'), ('correct', 'Correct'), ('redo', 'Redo')], default='', max_length=10)),
                ('points', projects.schemas.fields.PointsField(null=True, size=None)),
                ('visibility', projects.schemas.fields.VisibilityField(null=True, size=None)),
                ('note', models.TextField(default='')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['project', '-doubt', 'id'], name='review_open'), models.Index(condition=models.Q(('status', 'leased')), fields=['leased_until'], name='review_lapsing')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['open', 'leased'])), fields=('task',), name='one_review_at_a_time_per_task'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'leased'), _negated=True), models.Q(models.Q(('reviewer', None), _negated=True), models.Q(('leased_until', None), _negated=True)), _connector='OR'), name='a_leased_review_has_a_reviewer'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'decided'), _negated=True), models.Q(models.Q(('reviewer', None), _negated=True), models.Q(('verdict', ''), _negated=True)), _connector='OR'), name='a_decided_review_has_a_verdict')],
            },
        ),
    ]
