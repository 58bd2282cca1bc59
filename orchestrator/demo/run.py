"""The demo from an empty installation to a published release; whatever is there already is left as it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from orchestrator.demo.cast import Cast
from orchestrator.demo.farewell import farewell
from orchestrator.demo.labour import Shift, Tasks
from orchestrator.demo.world import FACES, LEFT_OPEN, World, bring_in, open_to_visitors, open_work, populate
from orchestrator.outside.client import Client, Row
from orchestrator.outside.faces.draw import Portrait, portraits
from orchestrator.outside.first_admin import FILE, sign_in
from orchestrator.outside.setting_up import named
from orchestrator.outside.waiting import until

DELIVERY = "First delivery"
FORMATS = ("coco", "jsonl", "pts")
DELIVERED = {"published", "accepted", "rejected"}

Step = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a world; tests make a smaller one."""

    faces: int = FACES
    left_open: int = LEFT_OPEN

    @property
    def answered(self) -> int:
        return self.faces - self.left_open


def run(anybody: Client, home: Path, *, size: Size, step: Step) -> str:
    """Everything the world still lacks; answers what there is to say at the end.

    `step(title, total)` opens a line of progress and gives a function that is told how far it is.
    """
    admin = sign_in(anybody, home / FILE)
    cast = Cast.remembered(home)
    with step("People, teams, schema, project", 1) as reached:
        world = populate(admin, cast)
        reached(1)
    release = delivered(world)
    if release is None:
        _live(world, size, step)
        with step("Release in all formats", 1) as reached:
            release = deliver(world)
            reached(1)
    open_to_visitors(world)
    cast.keep(url=anybody.url, project=world.project, release=release["id"])
    return farewell(anybody.url, cast, project=world.project, release=release["id"], admin_file=str(home / FILE))


def _live(world: World, size: Size, step: Step) -> None:
    """Draw, upload, answer, review."""
    drawn: dict[str, Portrait] = {}
    with step("Drawing and uploading faces", size.faces) as reached:

        def drawing() -> Iterator[Portrait]:
            for portrait in portraits(size.faces):
                drawn[portrait.name] = portrait
                yield portrait

        bring_in(world, drawing(), told=reached)
    open_work(world, list(drawn)[: size.answered])
    with step("Answering, merging, reviewing", size.answered) as reached:

        def told(tasks: Tasks) -> None:
            reached(tasks.get("accepted", 0) + tasks.get("in_review", 0))

        Shift(world=world, portraits=drawn).work(told=told)


def delivered(world: World) -> Row | None:
    """The release, if an earlier run came so far."""
    release = named(world.manager.releases(world.project), DELIVERY)
    return release if release and release["status"] in DELIVERED else None


def deliver(world: World) -> Row:
    """Build and publish; a release that a killed run left behind is finished."""
    release = named(world.manager.releases(world.project), DELIVERY)
    release = release or world.manager.add_release(world.project, formats=FORMATS, name=DELIVERY)
    until(
        lambda: world.manager.release(release["id"])["status"],
        done=lambda status: status != "building",
        waiting_for="the release to be built",
    )
    world.manager.publish_release(release["id"])
    return world.manager.release(release["id"])
