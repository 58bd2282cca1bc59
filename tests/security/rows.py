"""The permission matrix; the columns are those of `tests.security.world.COLUMNS`.

admin, manager, reviewer, annotator, fellow (another annotator), client, stranger (manages elsewhere), nobody:
+ let in, - refused (403), 0 missing (404), ! must log in (401).
"""

from tests.make import SQUARE

ANSWER = {"points": SQUARE, "visibility": [2] * 5}

ALL = "+++++++!"  # everybody who is logged in; what comes back is narrowed to what is theirs
ADMINS = "+------!"
FOUNDERS = "++----+!"
FOUNDERS_OWN = "++----0!"
MANAGERS = "++----0!"
MEMBERS = "++++++0!"
INSPECTORS = "+++---0!"
INSPECTED = "+++0000!"  # what annotators and clients do not even see
MANAGED = "++-0000!"
HOLDER = "000+000!"
HER_REVIEW = "00+0000!"
DECIDERS = "+-+0000!"  # that the lease is hers is asked after
DELIVERED = "++000+0!"
BY_SIGNATURE = "--------"  # without a signed address, whoever asks

MATRIX: dict[tuple[str, str], str] = {
    ("me", "GET"): ALL,
    ("users", "GET"): ADMINS,
    ("users", "POST"): ADMINS,
    ("users/<uuid:pk>", "GET"): ADMINS,
    ("users/<uuid:pk>", "PATCH"): ADMINS,
    ("teams", "GET"): FOUNDERS,
    ("teams", "POST"): FOUNDERS,
    ("teams/<uuid:pk>", "GET"): FOUNDERS_OWN,
    ("teams/<uuid:pk>/members/<uuid:user_id>", "PUT"): FOUNDERS_OWN,
    ("teams/<uuid:pk>/members/<uuid:user_id>", "DELETE"): FOUNDERS_OWN,
    ("clients", "GET"): FOUNDERS,
    ("clients", "POST"): FOUNDERS,
    ("clients/<uuid:pk>", "GET"): FOUNDERS_OWN,
    ("clients/<uuid:pk>", "PATCH"): FOUNDERS_OWN,
    ("schemas", "GET"): ALL,
    ("schemas", "POST"): FOUNDERS,
    ("schemas/presets", "GET"): FOUNDERS,
    ("schemas/<uuid:pk>", "GET"): MEMBERS,
    ("schemas/<uuid:pk>", "PATCH"): MANAGERS,
    ("schemas/<uuid:pk>/publish", "POST"): MANAGERS,
    ("projects", "GET"): ALL,
    ("projects", "POST"): FOUNDERS,
    ("projects/<uuid:pk>", "GET"): MEMBERS,
    ("projects/<uuid:pk>", "PATCH"): MANAGERS,
    ("projects/<uuid:pk>/transition", "POST"): MANAGERS,
    ("projects/<uuid:pk>/grants", "GET"): MANAGERS,
    ("projects/<uuid:pk>/grants", "PUT"): MANAGERS,
    ("projects/<uuid:pk>/grants", "DELETE"): MANAGERS,
    ("projects/<uuid:pk>/assets", "GET"): MANAGERS,
    ("projects/<uuid:pk>/assets", "POST"): MANAGERS,
    ("projects/<uuid:pk>/imports", "GET"): MANAGERS,
    ("projects/<uuid:pk>/imports", "POST"): MANAGERS,
    ("assets/<uuid:pk>", "GET"): MANAGED,
    ("assets/<uuid:pk>/image", "GET"): INSPECTED,
    ("assets/<uuid:pk>/gold", "PUT"): MANAGED,
    ("imports/<uuid:pk>", "GET"): MANAGED,
    ("imports/<uuid:pk>/refusals", "GET"): MANAGED,
    ("projects/<uuid:pk>/plan", "POST"): MANAGERS,
    ("projects/<uuid:pk>/pull", "POST"): "+--++-0!",
    ("pull", "POST"): ALL,
    ("assignments", "GET"): ALL,
    ("assignments/<uuid:pk>", "GET"): HOLDER,
    ("assignments/<uuid:pk>/draft", "PUT"): HOLDER,
    ("assignments/<uuid:pk>/extend", "POST"): HOLDER,
    ("assignments/<uuid:pk>/release", "POST"): HOLDER,
    ("assignments/<uuid:pk>/skip", "POST"): HOLDER,
    ("assignments/<uuid:pk>/submit", "POST"): HOLDER,
    ("assignments/<uuid:pk>/image", "GET"): BY_SIGNATURE,
    ("annotations", "GET"): ALL,
    ("tasks", "GET"): ALL,
    ("tasks/<uuid:pk>", "GET"): INSPECTED,
    ("tasks/<uuid:pk>/consensus", "GET"): INSPECTED,
    ("tasks/<uuid:pk>/withdraw", "POST"): MANAGED,
    ("tasks/<uuid:pk>/reopen", "POST"): MANAGED,
    ("projects/<uuid:pk>/consensus-runs", "GET"): MANAGERS,
    ("projects/<uuid:pk>/consensus-runs", "POST"): MANAGERS,
    ("consensus-runs/<uuid:pk>", "GET"): MANAGED,
    ("consensus-runs/<uuid:pk>/difference", "GET"): MANAGED,
    ("consensus-runs/<uuid:pk>/changes", "GET"): MANAGED,
    ("consensus-runs/<uuid:pk>/adopt", "POST"): MANAGED,
    ("projects/<uuid:pk>/review/pull", "POST"): "+-+---0!",
    ("reviews", "GET"): ALL,
    ("reviews/<uuid:pk>", "GET"): HER_REVIEW,
    ("reviews/<uuid:pk>/decide", "POST"): DECIDERS,
    ("reviews/<uuid:pk>/release", "POST"): DECIDERS,
    ("reviews/<uuid:pk>/image", "GET"): BY_SIGNATURE,
    ("projects/<uuid:pk>/progress", "GET"): "+++--+0!",
    ("projects/<uuid:pk>/agreement", "GET"): INSPECTORS,
    ("projects/<uuid:pk>/annotators", "GET"): MANAGERS,
    ("projects/<uuid:pk>/balance", "GET"): INSPECTORS,
    ("projects/<uuid:pk>/overlap", "GET"): INSPECTORS,
    ("projects/<uuid:pk>/answers", "GET"): MANAGERS,
    ("projects/<uuid:pk>/labels", "GET"): INSPECTORS,
    ("projects/<uuid:pk>/releases", "POST"): MANAGERS,
    ("releases", "GET"): ALL,
    ("releases/<uuid:pk>", "GET"): DELIVERED,
    ("releases/<uuid:pk>/retry", "POST"): "++000-0!",
    ("releases/<uuid:pk>/publish", "POST"): "++000-0!",
    ("releases/<uuid:pk>/accept", "POST"): "+-000+0!",
    ("releases/<uuid:pk>/reject", "POST"): "+-000+0!",
    ("releases/<uuid:pk>/files/<path:path>", "GET"): DELIVERED,
    ("events", "GET"): FOUNDERS,
}

OPEN = {"schema/", "docs/", "auth/token"}  # tested by tests/teams/test_log_in.py and tests/architecture/test_openapi.py

# A body that passes, where an empty one would be refused before anybody asks who may.
BODIES = {
    "projects/<uuid:pk>/releases": {"formats": ["jsonl"]},
    "assignments/<uuid:pk>/draft": ANSWER | {"lease_token": "1"},
    "assignments/<uuid:pk>/extend": {"lease_token": "1"},
    "assignments/<uuid:pk>/release": {"lease_token": "1"},
    "assignments/<uuid:pk>/skip": {"lease_token": "1", "reason": "no face"},
    "assignments/<uuid:pk>/submit": ANSWER | {"lease_token": "1", "seconds": 1},
    "assets/<uuid:pk>/gold": ANSWER,
    "tasks/<uuid:pk>/withdraw": {"reason": "a test picture"},
    "tasks/<uuid:pk>/reopen": {"reason": "wanted after all"},
    "projects/<uuid:pk>/consensus-runs": {"method": "median"},
    "reviews/<uuid:pk>/decide": {"verdict": "accept"},
    "releases/<uuid:pk>/accept": {"note": "good"},
    "releases/<uuid:pk>/reject": {"note": "bad"},
}
