"""The raw statements of the queue, each with the index that it lives by; times are the database's own."""

# Next open assignment of a project, the lower numbers first. By `assignment_open`, in its order; the two conditions on
# the person use `one_assignment_per_person_and_task` and `assignment_held`. OFFSET 0 keeps the planner from turning
# the first into a hash of everything she ever answered, IS NOT DISTINCT FROM from looking all of that up for each row.
# Rows that others are taking are skipped, not waited for.
CLAIM = """
WITH next AS MATERIALIZED (
    SELECT wanted.id FROM tasks_assignment wanted
    WHERE wanted.project_id = %(project)s AND wanted.status = 'open'
      AND NOT EXISTS (
          SELECT 1 FROM tasks_assignment mine
          WHERE mine.task_id = wanted.task_id AND mine.round = wanted.round
            AND mine.annotator_id IS NOT NULL AND mine.annotator_id IS NOT DISTINCT FROM %(person)s OFFSET 0)
      AND %(most)s > (
          SELECT count(*) FROM tasks_assignment held
          WHERE held.annotator_id = %(person)s AND held.project_id = %(project)s AND held.status = 'leased'
            AND held.leased_until > statement_timestamp())
    ORDER BY wanted.number, wanted.id
    LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE tasks_assignment taken
SET status = 'leased', annotator_id = %(person)s, lease_token = lease_token + 1, leased_at = statement_timestamp(),
    leased_until = statement_timestamp() + make_interval(secs => %(seconds)s)
FROM next WHERE taken.id = next.id
RETURNING taken.*
"""

# Lapsed leases, the oldest first, by `assignment_lapsing`. What the task no longer wants does not come back. The token
# stays: whoever answers late with it is still let in as long as nobody else has the assignment.
FREE_LAPSED = """
WITH lapsed AS MATERIALIZED (
    SELECT held.id, held.annotator_id AS person, task.status = 'open' AND task.round = held.round AS is_wanted
    FROM tasks_assignment held JOIN tasks_task task ON task.id = held.task_id
    WHERE held.status = 'leased' AND held.leased_until < statement_timestamp()
      AND (%(project)s::uuid IS NULL OR held.project_id = %(project)s)
    ORDER BY held.leased_until, held.id
    LIMIT %(at_once)s FOR UPDATE OF held SKIP LOCKED)
UPDATE tasks_assignment freed
SET status = CASE WHEN is_wanted THEN 'open' ELSE 'withdrawn' END, annotator_id = NULL, leased_until = NULL
FROM lapsed WHERE freed.id = lapsed.id
RETURNING freed.id, freed.project_id, lapsed.person
"""

# One lease given back by its holder; by primary key.
GIVE_BACK = """
UPDATE tasks_assignment freed
SET status = CASE WHEN task.status = 'open' AND task.round = freed.round THEN 'open' ELSE 'withdrawn' END,
    annotator_id = NULL, leased_until = NULL
FROM tasks_task task
WHERE task.id = freed.task_id AND freed.id = %(assignment)s AND freed.status = 'leased'
  AND freed.annotator_id = %(person)s AND freed.lease_token = %(token)s
"""

EXTEND = """
UPDATE tasks_assignment SET leased_until = statement_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = %(assignment)s AND status = 'leased' AND annotator_id = %(person)s AND lease_token = %(token)s
RETURNING leased_until
"""

# Locks the task and counts one more answer of its round, if it still takes any; by primary key.
COUNT_ANSWER = """
UPDATE tasks_task SET answers = answers + 1
WHERE id = %(task)s AND round = %(round)s AND status IN ('open', 'adjudication') AND answers < wanted
RETURNING *
"""

# A UUIDv7 of a time in ms since 1970 and a running number: rows planned together keep their order in every index.
_ID = """encode(overlay(uuid_send(gen_random_uuid()) PLACING
    substring(int8send(%(since)s + n / 4096) FROM 3) || substring(int4send(28672 + (n %% 4096)::int) FROM 3)
    FROM 1 FOR 8), 'hex')::uuid"""

# A task and its open assignments for each asset that has none, at most `at_once` of them; by `asset_of_project` and the
# unique index on a task's asset.
PLAN = """
WITH bare AS MATERIALIZED (
    SELECT asset.id, row_number() OVER (ORDER BY asset.id) AS n FROM projects_asset asset
    WHERE asset.project_id = %(project)s AND asset.id > %(after)s
      AND (%(assets)s::uuid[] IS NULL OR asset.id = ANY(%(assets)s))
      AND NOT EXISTS (SELECT 1 FROM tasks_task task WHERE task.asset_id = asset.id)
    ORDER BY asset.id LIMIT %(at_once)s),
planned AS (
    INSERT INTO tasks_task (id, project_id, asset_id, status, round, wanted, answers)
    SELECT NEW_ID, %(project)s, bare.id, 'open', 1, %(overlap)s, 0 FROM bare
    ON CONFLICT (asset_id) DO NOTHING
    RETURNING id),
numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM planned),
opened AS (
    INSERT INTO tasks_assignment (id, project_id, task_id, round, number, status, lease_token, reason)
    SELECT NEW_ID, %(project)s, numbered.id, 1, wanted.number, 'open', 0, ''
    FROM numbered CROSS JOIN generate_series(1, %(overlap)s) AS wanted(number)
    RETURNING 1)
SELECT (SELECT count(*) FROM planned), (SELECT count(*) FROM opened), (SELECT max(id::text) FROM bare)
""".replace("NEW_ID", _ID)
