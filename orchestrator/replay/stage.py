"""The project that a recording is replayed in: schema, people, assets and tasks, all made through HTTP."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from orchestrator.outside.client import Client
from orchestrator.outside.setting_up import (
    THREADS,
    client_called,
    fresh_password,
    join_all,
    log_in_all,
    published_schema,
)
from orchestrator.replay.recording import Answer, Recording, Unreadable

CLIENT = "Recorded elsewhere"
ITEMS_AT_ONCE = 200


class NotTaken(Exception):
    """The service refused an asset of the recording."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    manager: Client
    project: str
    order: list[int]  # place in the schema -> place in the recorded answers
    people: dict[str, Client]
    usernames: dict[str, str]  # as in the export of answers -> as recorded
    reviewer: Client | None
    planned: int

    def arranged(self, answer: Answer) -> tuple[list[list[float] | None], list[int]]:
        """Points and visibility in the schema's order."""
        return [answer.points[place] for place in self.order], [answer.visibility[place] for place in self.order]


def set_up(admin: Client, recording: Recording, *, name: str) -> Stage:
    """Everything up to a project that is active and planned; names are unique by the run's own name."""
    schema = published_schema(admin, name, preset=recording.preset)
    keys = [point["key"] for point in schema["points"]]
    landmarks = list(recording.landmarks or keys)
    if sorted(keys) != sorted(landmarks):
        raise Unreadable(f"The preset {recording.preset} has other landmarks than the recording.")
    overlaps = recording.overlaps()
    if not overlaps:
        raise Unreadable("Nobody answered anything here: there is nothing to replay.")
    policy = {
        "overlap": min(overlaps),
        "max_overlap": max(overlaps),
        "max_skips": 0,  # people skip what they did not do, however many they are
        "lease_seconds": 600,
        "review_layers": 0 if recording.reviewed == "nobody" else 1,
        "review_share": 1.0,
        "merger": "median",
    }
    client = client_called(admin, CLIENT)
    project = admin.add_project(client=client["id"], name=name, schema=schema["id"], policy=policy)["id"]
    people, usernames, reviewer = _people(admin, recording, project, name)
    _assets(admin, recording, project)
    planned = 0
    for overlap, assets in overlaps.items():
        planned += admin.plan(project, assets=assets, overlap=overlap)["tasks"]
    admin.transition(project, "active")
    return Stage(
        manager=admin,
        project=project,
        order=[landmarks.index(key) for key in keys],
        people=people,
        usernames=usernames,
        reviewer=reviewer,
        planned=planned,
    )


def _people(
    admin: Client, recording: Recording, project: str, name: str
) -> tuple[dict[str, Client], dict[str, str], Client | None]:
    """Accounts of this run's own: a password is known only to the run that made it."""
    usernames = {f"{person}.{name}": person for person in recording.by_person()}
    in_house = [f"reviewer.{name}"] if recording.reviewed == "somebody" else []
    accounts = log_in_all(admin, {username: fresh_password() for username in [*usernames, *in_house]})
    team = admin.add_team(f"People of {name}")["id"]
    join_all(admin, team, [accounts[username][0] for username in usernames])
    admin.grant(project, role="annotator", team=team)
    reviewer = None
    for username in in_house:
        user, reviewer = accounts[username]
        admin.grant(project, role="reviewer", user=user)
    return {person: accounts[username][1] for username, person in usernames.items()}, usernames, reviewer


def _assets(admin: Client, recording: Recording, project: str) -> None:
    described = [
        {"key": asset.key} | ({"url": asset.url} if asset.url else {}) for asset in recording.assets if not asset.file
    ]
    for first in range(0, len(described), ITEMS_AT_ONCE):
        told = admin.register(project, described[first : first + ITEMS_AT_ONCE])
        if told["refused"]:
            raise NotTaken(f"Assets were refused: {told['refused'][:3]}")

    def upload(file: Path, key: str) -> None:
        admin.upload(project, file.name, file.read_bytes(), metadata={"key": key})

    files = [(asset.file, asset.key) for asset in recording.assets if asset.file]
    with ThreadPoolExecutor(THREADS) as threads:
        for done in [threads.submit(upload, file, key) for file, key in files]:
            done.result()
