"""The demo's setting, made step by step; each step finds what an earlier, perhaps killed, run left."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from orchestrator.demo.cast import ANNOTATORS, CLIENT, MANAGER, REVIEWER, TEAMS, Cast
from orchestrator.outside.client import Client, Row
from orchestrator.outside.faces.draw import Portrait
from orchestrator.outside.setting_up import client_called, join_all, log_in_all, named, published_schema, team_called

PROJECT = "Faces in the crowd"
SCHEMA = "Faces, 68 points"
CUSTOMER = "Aurora Portraits"
FACES = 60
LEFT_OPEN = 8  # faces that nobody answers, for whoever wants to try
CREW_LEASE_SECONDS = 15  # a killed demo goes on soon
VISITOR_LEASE_SECONDS = 1800
POLICY = {
    "overlap": 3,
    "max_overlap": 5,
    "lease_seconds": CREW_LEASE_SECONDS,
    "review_layers": 1,
    "review_share": 0.3,
    "merger": "median",
}
UPLOADS_AT_ONCE = 4


@dataclass(frozen=True, kw_only=True)
class World:
    project: str
    status: str
    people: dict[str, Client]

    @property
    def manager(self) -> Client:
        return self.people[MANAGER]

    @property
    def reviewer(self) -> Client:
        return self.people[REVIEWER]

    @property
    def client(self) -> Client:
        return self.people[CLIENT]

    def annotators(self) -> dict[str, Client]:
        return {name: self.people[name] for name in ANNOTATORS}


def populate(admin: Client, cast: Cast) -> World:
    """Accounts, teams, schema, project and roles."""
    accounts = log_in_all(admin, cast.passwords, founders=frozenset({MANAGER}))
    ids = {name: user for name, (user, _) in accounts.items()}
    people = {name: person for name, (_, person) in accounts.items()}
    mara = people[MANAGER]
    customer = client_called(mara, CUSTOMER)
    schema = published_schema(mara, SCHEMA, preset="ibug68")
    project = named(mara.projects(), PROJECT) or mara.add_project(
        client=customer["id"], name=PROJECT, schema=schema["id"], policy=POLICY
    )
    for name, members in TEAMS.items():
        team = team_called(mara, name)
        join_all(mara, team["id"], [ids[member] for member in members])
        mara.grant(project["id"], role="annotator", team=team["id"])
    mara.grant(project["id"], role="reviewer", user=ids[REVIEWER])
    mara.grant(project["id"], role="client", user=ids[CLIENT])
    return World(project=project["id"], status=project["status"], people=people)


def bring_in(world: World, portraits: Iterable[Portrait], *, told: Callable[[int], None]) -> None:
    """Upload the faces as they are drawn; a face that is there already stays one."""
    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as threads:
        uploads = [threads.submit(_upload, world, portrait) for portrait in portraits]
        for count, done in enumerate(as_completed(uploads), start=1):
            done.result()
            told(count)


def _upload(world: World, portrait: Portrait) -> Row:
    look = portrait.look
    metadata = {
        "key": portrait.name,
        "subject_id": portrait.name.partition(".")[0],
        "consent": "drawn by a program",
        "metadata": {"glasses": look.glasses or "none", "covered by": look.occluder or "nothing", "hair": look.style},
    }
    return world.manager.upload(world.project, portrait.name, portrait.content, metadata=metadata)


def open_work(world: World, names: list[str]) -> None:
    """Plan the crew's share of the faces, and let the work begin."""
    world.manager.plan(world.project, assets=names)
    if world.status == "draft":
        world.manager.transition(world.project, "active")


def open_to_visitors(world: World) -> None:
    """Plan whatever has no task yet, with time enough to look around."""
    world.manager.plan(world.project)
    if world.manager.project(world.project)["policy"]["lease_seconds"] != VISITOR_LEASE_SECONDS:
        world.manager.change_project(world.project, policy={"lease_seconds": VISITOR_LEASE_SECONDS})
