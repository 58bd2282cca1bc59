"""Sends a file from the storage: streamed, resumable by a single range, never sniffed."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Literal

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from rest_framework.negotiation import BaseContentNegotiation

from projects.errors import Missing

CHUNK_BYTES = 256 * 2**10
ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


class AsItIs(BaseContentNegotiation):
    """For views that send files: there is one form of it, whatever `Accept` prefers; refusals stay JSON."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return next((each for each in parsers if each.media_type == request.content_type), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class FileLost(Missing):
    code = "file_lost"


class Part:
    """Bytes `start` to `end` (exclusive) of an open file, in chunks; closes the file also when the reader went away."""

    def __init__(self, file: File, start: int, end: int) -> None:
        self.file, self.left = file, end - start
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self.file.read(min(CHUNK_BYTES, self.left)) if self.left else b""
        if not chunk:
            raise StopIteration
        self.left -= len(chunk)
        return chunk

    def close(self) -> None:
        self.file.close()


def file_response(
    request: HttpRequest,
    *,
    name_in_storage: str,
    size: int,
    content_type: str,
    etag: str,
    filename: str,
    disposition: Literal["attachment", "inline"] = "attachment",
    max_age_seconds: int = 0,
) -> HttpResponseBase:
    """The answer to GET or HEAD of a stored file of `size` bytes: 200, 206, 304 or 416.

    `etag` is the content's hash without quotes. Several ranges at once are answered with the whole file, as the
    standard allows: nobody who resumes a download needs them, and a thousand small ones are an attack.
    """
    tag = f'"{etag}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": f"private, max-age={max_age_seconds}" if max_age_seconds else "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(disposition == "attachment", safe_name(filename))
        or disposition,
    }
    if _is_known(request.headers.get("If-None-Match", ""), tag):
        return HttpResponse(status=304, headers=headers)
    asked = request.headers.get("Range") if request.method == "GET" else None
    if asked and request.headers.get("If-Range", tag) != tag:
        asked = None  # the file is another one than the reader has a part of: send it whole
    start, end, status = 0, size, 200
    if asked and (wanted := _range(asked, size)):
        start, end = wanted
        if start >= end:
            return _not_satisfiable(size, headers)
        status = 206
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type=content_type)
    try:
        file = default_storage.open(name_in_storage, "rb")
    except FileNotFoundError:
        raise FileLost("This file is no longer in the storage. Tell whoever runs this service.") from None
    return StreamingHttpResponse(Part(file, start, end), status=status, headers=headers, content_type=content_type)


def safe_name(name: str) -> str:
    """A file name that no system reads as a path, a quote or a command."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[^\w.+-]+", "_", name).strip("._")[-150:] or "file"


def _is_known(if_none_match: str, tag: str) -> bool:
    given = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return "*" in given or tag in given


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of the one range asked for; start >= end if it lies outside; None if it is no range."""
    match = ONE_RANGE.fullmatch(asked.strip().lower())
    if match is None:
        return None
    first, last, tail = match.groups()
    if tail is not None:
        return max(0, size - int(tail)), size
    start, end = int(first), int(last) + 1 if last else size
    if last and end <= start:
        return None  # backwards: not a range at all
    return start, min(end, size)


def _not_satisfiable(size: int, headers: dict[str, str]) -> HttpResponse:
    detail = f"The file has {size} bytes; the range lies outside. Ask for the whole file."
    body = {"type": "about:blank", "title": "Range not satisfiable", "status": 416, "detail": detail}
    body |= {"code": "range_not_satisfiable", "errors": []}
    kept = {name: headers[name] for name in ("ETag", "Accept-Ranges", "X-Content-Type-Options")}
    return HttpResponse(
        json.dumps(body),
        status=416,
        content_type="application/problem+json",
        headers=kept | {"Content-Range": f"bytes */{size}"},
    )
