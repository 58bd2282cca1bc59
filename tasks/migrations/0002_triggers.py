"""A submitted answer stays as it came."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER annotation_never_changes BEFORE UPDATE OR DELETE ON tasks_annotation
    FOR EACH ROW EXECUTE FUNCTION canthus_refuse_change();
CREATE TRIGGER annotation_is_never_emptied BEFORE TRUNCATE ON tasks_annotation
    FOR EACH STATEMENT EXECUTE FUNCTION canthus_refuse_change();
"""

BACKWARD = """
DROP TRIGGER annotation_is_never_emptied ON tasks_annotation;
DROP TRIGGER annotation_never_changes ON tasks_annotation;
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_tables"), ("projects", "0002_triggers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
