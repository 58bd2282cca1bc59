"""The HTTP contract as methods: one per path, plain values in and out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

import httpx

from orchestrator.outside.wire import Unreachable, Wire, problem_of

Point = Sequence[float] | None
Row = dict[str, Any]


class Lease(TypedDict):
    token: str
    until: str


class Picture(TypedDict):
    id: str
    key: str
    image_url: str | None
    width: int | None
    height: int | None


class Piece(TypedDict):
    """A piece of work in hand."""

    assignment: str
    task: str
    asset: Picture
    schema: Any
    lease: Lease
    draft: Row | None


class Client(Wire):
    """What a person can ask of the service; each method is one line of the contract."""

    def as_person(self, username: str, password: str) -> "Client":
        """Another person at the same service, on the same connections and the same stop-watch."""
        return Client(self.url, username=username, password=password, http=self.http, timings=self.timings)

    def me(self) -> Row:
        return self._ask("/me")

    # People, clients, teams, schemas

    def users(self) -> Iterator[Row]:
        return self._list("/users")

    def add_user(self, username: str, password: str, **more: Any) -> Row:
        return self._tell("/users", {"username": username, "password": password, **more})

    def clients(self) -> Iterator[Row]:
        return self._list("/clients")

    def add_client(self, name: str) -> Row:
        return self._tell("/clients", {"name": name})

    def teams(self) -> Iterator[Row]:
        return self._list("/teams")

    def add_team(self, name: str) -> Row:
        return self._tell("/teams", {"name": name})

    def add_member(self, team: str, user: str) -> None:
        self.call("PUT", f"/teams/{team}/members/{user}", json={})

    def schemas(self) -> Iterator[Row]:
        return self._list("/schemas")

    def schema(self, schema: str) -> Row:
        return self._ask(f"/schemas/{schema}")

    def add_schema(self, name: str, *, preset: str) -> Row:
        return self._tell("/schemas", {"name": name, "preset": preset})

    def publish_schema(self, schema: str) -> Row:
        return self._tell(f"/schemas/{schema}/publish", {})

    # Projects and their material

    def projects(self) -> Iterator[Row]:
        return self._list("/projects")

    def add_project(self, *, client: str, name: str, schema: str, policy: Mapping[str, Any]) -> Row:
        return self._tell("/projects", {"client": client, "name": name, "schema": schema, "policy": dict(policy)})

    def change_project(self, project: str, **changes: Any) -> Row:
        return self.call("PATCH", f"/projects/{project}", json=changes).json()

    def project(self, project: str) -> Row:
        return self._ask(f"/projects/{project}")

    def grant(self, project: str, *, role: str, team: str | None = None, user: str | None = None) -> None:
        whom = {"team": team} if team else {"user": user}
        self.call("PUT", f"/projects/{project}/grants", json={**whom, "role": role})

    def transition(self, project: str, to: str) -> Row:
        return self._tell(f"/projects/{project}/transition", {"to": to})

    def upload(self, project: str, name: str, content: bytes, *, metadata: Mapping[str, Any]) -> Row:
        files = {"file": (name, content, "application/octet-stream")}
        fields = {"metadata": json.dumps(dict(metadata))}
        return self.call("POST", f"/projects/{project}/assets", files=files, data=fields, timed="upload").json()

    def register(self, project: str, items: Sequence[Mapping[str, Any]]) -> Row:
        """Assets by description only: their pictures stay where they are."""
        return self._tell(f"/projects/{project}/assets", {"items": [dict(item) for item in items]})

    def plan(self, project: str, *, assets: Sequence[str] | None = None, overlap: int | None = None) -> Row:
        wanted = {"assets": list(assets) if assets is not None else None, "overlap": overlap}
        body = {name: value for name, value in wanted.items() if value is not None}
        return self._tell(f"/projects/{project}/plan", body)

    def progress(self, project: str) -> Row:
        return self._ask(f"/projects/{project}/progress")

    def tasks(self, project: str, *, status: str | None = None) -> Iterator[Row]:
        return self._list("/tasks", project=project, status=status)

    def consensus(self, task: str) -> Row:
        return self._ask(f"/tasks/{task}/consensus")

    def answers(self, project: str) -> Iterator[Row]:
        """Every submitted answer, one row at a time however many there are; a cut is not mended but told."""
        address = self.address(f"/projects/{project}/answers")
        try:
            with self.http.stream("GET", address, headers=self.signed()) as response:
                if response.status_code >= 400:
                    response.read()
                    raise problem_of(response)
                yield from (json.loads(line) for line in response.iter_lines() if line)
        except httpx.TransportError as cut:
            raise Unreachable(f"The export of answers broke off: {cut!r}. Ask for it again.") from cut

    # Annotating

    def pull(self, project: str) -> Piece | None:
        """The next piece of work, or None when there is nothing now."""
        response = self.call("POST", f"/projects/{project}/pull", json={}, timed="pull")
        return None if response.status_code == 204 else response.json()

    def image(self, piece: Piece) -> bytes:
        address = piece["asset"]["image_url"]
        if not address:
            raise ValueError(f"{piece['asset']['key']} has no picture here.")
        if address.startswith("/"):
            address = self.url + address
        return self.call("GET", address, timed="image").content

    def save_draft(self, piece: Piece, points: Sequence[Point], visibility: Sequence[int]) -> None:
        body = {"lease_token": piece["lease"]["token"], "points": points, "visibility": visibility}
        self.call("PUT", f"/assignments/{piece['assignment']}/draft", json=body, timed="draft")

    def extend(self, piece: Piece) -> Row:
        return self._tell(f"/assignments/{piece['assignment']}/extend", {"lease_token": piece["lease"]["token"]})

    def hand_back(self, piece: Piece) -> None:
        self._tell(f"/assignments/{piece['assignment']}/release", {"lease_token": piece["lease"]["token"]})

    def skip(self, piece: Piece, reason: str) -> None:
        body = {"lease_token": piece["lease"]["token"], "reason": reason}
        self._tell(f"/assignments/{piece['assignment']}/skip", body, timed="skip")

    def submit(
        self, piece: Piece, points: Sequence[Point], visibility: Sequence[int], *, seconds: float, **more: Any
    ) -> Row:
        body = {"lease_token": piece["lease"]["token"], "points": points, "visibility": visibility, "seconds": seconds}
        return self._tell(f"/assignments/{piece['assignment']}/submit", {**body, **more}, timed="submit")

    # Reviewing

    def pull_review(self, project: str) -> Row | None:
        response = self.call("POST", f"/projects/{project}/review/pull", json={}, timed="review_pull")
        return None if response.status_code == 204 else response.json()

    def decide(self, review: str, verdict: str, **more: Any) -> Row:
        return self._tell(f"/reviews/{review}/decide", {"verdict": verdict, **more}, timed="decide")

    # Releases

    def releases(self, project: str) -> Iterator[Row]:
        return self._list("/releases", project=project)

    def release(self, release: str) -> Row:
        return self._ask(f"/releases/{release}")

    def add_release(self, project: str, *, formats: Sequence[str], name: str) -> Row:
        return self._tell(f"/projects/{project}/releases", {"formats": list(formats), "name": name})

    def publish_release(self, release: str) -> Row:
        return self._tell(f"/releases/{release}/publish", {})

    def _ask(self, path: str) -> Any:
        return self.call("GET", path).json()

    def _tell(self, path: str, body: Mapping[str, Any], *, timed: str | None = None) -> Any:
        response = self.call("POST", path, json=dict(body), timed=timed)
        return response.json() if response.content else {}

    def _list(self, path: str, **filters: Any) -> Iterator[Row]:
        """All rows of a list, page after page."""
        chosen = {name: value for name, value in filters.items() if value is not None}
        page = self.call("GET", path, params={**chosen, "limit": 200}).json()
        yield from page["items"]
        while page["next"]:
            page = self.call("GET", page["next"]).json()
            yield from page["items"]
