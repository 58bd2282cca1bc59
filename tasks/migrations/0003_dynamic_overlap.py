"""Assignments and reviews may be of some landmarks only."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

PLACES = ArrayField(models.PositiveSmallIntegerField(), null=True)
SOME = Q(landmarks=None) | Q(landmarks__len__gte=1)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_triggers")]

    operations = [
        migrations.AddField("assignment", "landmarks", PLACES),
        migrations.AddField("review", "landmarks", PLACES.clone()),
        migrations.AddConstraint(
            "assignment", models.CheckConstraint(condition=SOME, name="an_assignment_asks_for_landmarks")
        ),
        migrations.AddConstraint("review", models.CheckConstraint(condition=SOME, name="a_review_is_of_landmarks")),
    ]
