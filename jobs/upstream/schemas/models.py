"""Models, and who else may use a checkpoint's model."""

from datetime import date, datetime
from typing import Self

from msgspec import Struct

from jobs.upstream.decoding import Json, storable
from jobs.upstream.fields import day, identity, mapping, moment, text, thing


class ModelReply(Struct, frozen=True, kw_only=True):
    id: str
    owned_by: str
    created_at: datetime | None
    shutdown_date: date | None
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "a model"))
        azure = mapping(raw.get("deprecation"))
        return cls(
            id=identity(raw, "a model"),
            owned_by=text(raw.get("owned_by")),
            created_at=moment(raw.get("created")) or moment(raw.get("created_at")),
            shutdown_date=day(raw.get("shutdown_date")) or day(azure.get("inference")),
            raw=raw,
        )


class PermissionReply(Struct, frozen=True, kw_only=True):
    id: str
    project_id: str
    created_at: datetime | None
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "a permission"))
        return cls(
            id=identity(raw, "a permission"),
            project_id=text(raw.get("project_id")),
            created_at=moment(raw.get("created_at")),
            raw=raw,
        )
