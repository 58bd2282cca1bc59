"""One person's calls over HTTP: logged in, repeated after cut connections, refusals raised, times collected."""

import random
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

API = "/api/v1"
REPEATS = 6
LONGEST_PAUSE_SECONDS = 30.0
COMES_BACK = {429, 502, 503, 504}


class Problem(Exception):
    """The service refused: `status` and `code` for programs, the message for people."""

    def __init__(self, *, status: int, code: str, detail: str, errors: list[dict[str, Any]] | None = None) -> None:
        reasons = "; ".join(f"{error.get('pointer', '')} {error.get('detail', '')}".strip() for error in errors or [])
        super().__init__(f"{status} {code}: {detail}" + (f" ({reasons})" if reasons else ""))
        self.status = status
        self.code = code
        self.errors = errors or []


class Unreachable(Exception):
    """The service did not answer, however often it was asked."""


class Timings:
    """How long each kind of call took; threads may note into one of these together."""

    def __init__(self) -> None:
        self._milliseconds: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def note(self, kind: str, milliseconds: float) -> None:
        with self._lock:
            self._milliseconds[kind].append(milliseconds)

    def count(self, kind: str) -> int:
        return len(self._milliseconds.get(kind, ()))

    def percentile(self, kind: str, share: float) -> float | None:
        """The nearest-rank percentile in milliseconds, or None if there was no such call."""
        noted = sorted(self._milliseconds.get(kind, ()))
        if not noted:
            return None
        return round(noted[min(len(noted) - 1, int(share * len(noted)))], 2)


def pool(*, connections: int = 32, timeout_seconds: float = 60.0) -> httpx.Client:
    """Connections that any number of people may share; making one is dear, so make one per run."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=20.0)
    # A proxy named in the environment has nothing to do with a server on this machine.
    return httpx.Client(limits=limits, timeout=timeout_seconds, trust_env=False)


class Wire:
    """A person's line to the service."""

    def __init__(
        self,
        url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        http: httpx.Client | None = None,
        timings: Timings | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.username = username
        self.timings = timings or Timings()
        self.http = http or pool()
        self._password = password
        self._token: str | None = None
        self._stale_at = datetime.max.replace(tzinfo=UTC)
        self._login_lock = threading.Lock()

    def login(self) -> None:
        """Get a token; called by itself before the first call, near the token's end and after a 401."""
        body = {"username": self.username, "password": self._password}
        told = self.send("POST", "/auth/token", json=body, headers={}).json()
        self._token = told["token"]
        # A little early, so that no call leaves with a token that ends on the way.
        self._stale_at = moment(told["expires_at"]) - timedelta(seconds=30)

    def logout(self) -> None:
        if self._token:
            self.call("DELETE", "/auth/token")
            self._token = None

    def call(self, method: str, path: str, *, timed: str | None = None, **request: Any) -> httpx.Response:
        """Send as this person; `timed` files the milliseconds of a successful call under that name."""
        headers = self._signed(method, request.pop("headers", {}))
        began = time.perf_counter()
        try:
            response = self.send(method, path, headers=headers, **request)
        except Problem as problem:
            if problem.status != 401 or self._password is None:
                raise
            used = headers["Authorization"]
            headers["Authorization"] = self._renewed(used)
            response = self.send(method, path, headers=headers, **request)
        if timed:
            self.timings.note(timed, (time.perf_counter() - began) * 1000)
        return response

    def send(self, method: str, path: str, *, headers: Mapping[str, str], **request: Any) -> httpx.Response:
        """Send, and send again after a cut connection or a "come back later": same body, same Idempotency-Key."""
        address = self.address(path)
        for repeat in range(REPEATS):
            last = repeat == REPEATS - 1
            try:
                response = self.http.request(method, address, headers=dict(headers), **request)
            except httpx.TransportError as cut:
                if last:
                    raise Unreachable(f"{method} {address} failed {REPEATS} times: {cut!r}") from cut
                time.sleep(self._pause(repeat))
                continue
            if response.status_code in COMES_BACK and not last:
                time.sleep(self._pause(repeat, response.headers.get("Retry-After")))
                continue
            if response.status_code >= 400:
                raise problem_of(response)
            return response
        raise AssertionError("the last repeat returns or raises")

    def address(self, path: str) -> str:
        """Paths of the contract, whole paths (`/api/v1/…`, as in `next`) and whole addresses are all understood."""
        if path.startswith(("http://", "https://")):
            return path
        return self.url + (path if path.startswith(API + "/") else API + path)

    def signed(self) -> dict[str, str]:
        """The headers that make a request this person's, for whoever streams by herself."""
        return self._signed("GET", {})

    def _signed(self, method: str, given: Mapping[str, str]) -> dict[str, str]:
        headers = dict(given)
        if self._password is not None:
            if self._token is None or datetime.now(UTC) >= self._stale_at:
                self._renewed(f"Token {self._token}")
            headers["Authorization"] = f"Token {self._token}"
        if method == "POST":
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        return headers

    def _renewed(self, used: str) -> str:
        """Log in again unless another thread just did."""
        with self._login_lock:
            if used == f"Token {self._token}":
                self.login()
            return f"Token {self._token}"

    def _pause(self, repeat: int, asked: str | None = None) -> float:
        if asked and asked.isdigit():
            return min(float(asked), LONGEST_PAUSE_SECONDS)
        return min(0.1 * 2**repeat, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.5)


def problem_of(response: httpx.Response) -> Problem:
    """Read application/problem+json; an answer of another kind still becomes a Problem that can be read."""
    try:
        told = response.json()
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    return Problem(
        status=response.status_code,
        code=str(told.get("code", "unknown")),
        detail=str(told.get("detail") or told.get("title") or response.text[:200]),
        errors=told.get("errors"),
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
