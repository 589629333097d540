"""Files, and uploads that become files part by part."""

from datetime import datetime
from typing import Self

from msgspec import Struct

from jobs.upstream.decoding import Json, storable
from jobs.upstream.fields import given_id, identity, mapping, moment, text, thing, whole


class FileReply(Struct, frozen=True, kw_only=True):
    id: str
    filename: str
    bytes: int | None
    purpose: str
    status: str
    status_details: str
    created_at: datetime | None
    expires_at: datetime | None
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "a file"))
        return cls(
            id=identity(raw, "a file"),
            filename=text(raw.get("filename")),
            bytes=whole(raw.get("bytes")),
            purpose=text(raw.get("purpose")),
            status=text(raw.get("status")),
            status_details=text(raw.get("status_details")),
            created_at=moment(raw.get("created_at")),
            expires_at=moment(raw.get("expires_at")),
            raw=raw,
        )


class UploadReply(Struct, frozen=True, kw_only=True):
    """`file` is what a completed upload has become."""

    id: str
    status: str
    filename: str
    bytes: int | None
    purpose: str
    created_at: datetime | None
    expires_at: datetime | None
    file: FileReply | None
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "an upload"))
        file = mapping(raw.get("file"))
        return cls(
            id=identity(raw, "an upload"),
            status=text(raw.get("status")),
            filename=text(raw.get("filename")),
            bytes=whole(raw.get("bytes")),
            purpose=text(raw.get("purpose")),
            created_at=moment(raw.get("created_at")),
            expires_at=moment(raw.get("expires_at")),
            file=FileReply.parse(file) if given_id(file) else None,
            raw=raw,
        )


class PartReply(Struct, frozen=True, kw_only=True):
    id: str
    upload_id: str
    created_at: datetime | None
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "a part"))
        return cls(
            id=identity(raw, "a part"),
            upload_id=text(raw.get("upload_id")),
            created_at=moment(raw.get("created_at")),
            raw=raw,
        )
