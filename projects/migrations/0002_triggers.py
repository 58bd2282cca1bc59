"""What is written once stays: the audit trail, published schemas, frozen items."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION canthus_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are written once and never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON projects_event
    FOR EACH ROW EXECUTE FUNCTION canthus_refuse_change();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON projects_event
    FOR EACH STATEMENT EXECUTE FUNCTION canthus_refuse_change();

CREATE TRIGGER item_is_frozen BEFORE UPDATE OR DELETE ON projects_item
    FOR EACH ROW EXECUTE FUNCTION canthus_refuse_change();
CREATE TRIGGER release_file_is_final BEFORE UPDATE ON projects_releasefile
    FOR EACH ROW EXECUTE FUNCTION canthus_refuse_change();

CREATE TRIGGER published_schema_never_changes BEFORE UPDATE OR DELETE ON projects_schema
    FOR EACH ROW WHEN (OLD.status = 'published') EXECUTE FUNCTION canthus_refuse_change();
"""

BACKWARD = """
DROP TRIGGER published_schema_never_changes ON projects_schema;
DROP TRIGGER release_file_is_final ON projects_releasefile;
DROP TRIGGER item_is_frozen ON projects_item;
DROP TRIGGER event_is_never_emptied ON projects_event;
DROP TRIGGER event_is_append_only ON projects_event;
DROP FUNCTION canthus_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_tables")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
