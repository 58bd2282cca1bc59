"""Why a delivery cannot go on."""

from projects.errors import Invalid, NotAllowed, WrongState


class NothingToRelease(WrongState):
    code = "nothing_to_release"


class UnknownFormat(Invalid):
    code = "unknown_format"


class OwnWork(NotAllowed):
    code = "own_work"


class UnknownItem(Invalid):
    code = "unknown_item"


class LinkExpired(NotAllowed):
    code = "link_expired"
