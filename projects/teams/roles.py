"""What each role may do on a project."""

RIGHTS = {
    "manage": "set up, hand out work, export, release",
    "inspect": "see tasks and what they were merged to",
    "review": "check and correct",
    "annotate": "pull tasks and answer",
    "follow": "see the progress and the published releases",
    "accept": "accept or reject a published release",
}

ROLES: dict[str, frozenset[str]] = {
    "manager": frozenset({"manage", "inspect", "follow"}),
    "reviewer": frozenset({"review", "inspect"}),
    "annotator": frozenset({"annotate"}),
    "client": frozenset({"follow", "accept"}),
}
