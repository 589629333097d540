"""Ask a sandbox all that its document allows, and much that it does not: `make fuzz`.

schemathesis draws the requests and looks for errors of the server, and for statuses, content
types and bodies that the document does not tell. The sandbox holds jobs in all states, and the
document that is drawn from names things that it has, so that more is reached than "not found".
It lives in .venv-fuzz, apart from our own packages. `python -m tests.fuzz 60` is done in a minute.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from tests.sandbox.conftest import Caller, call
from tests.sandbox_server import ROOT, Server

TOOL = ROOT / ".venv-fuzz" / "bin" / "schemathesis"
SECONDS = 300
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
NOBODY = "http://127.0.0.1:9/"
"""The only address that webhooks are sent to."""
EACH = 10
"""How many of what can be deleted."""


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "sandbox"
        seed = ["-m", "sandbox.seed", "--data", str(folder), "--jobs", "40", "--events", "2000"]
        subprocess.run([sys.executable, *seed], cwd=ROOT, check=True)
        with Server(folder, "--pace", "20") as server:
            document = httpx.get(server.url.replace("/v1", "/openapi.json")).json()
            with call(server.url) as api:
                name_what_is_there(document, api)
            drawn_from = Path(place) / "openapi.json"
            drawn_from.write_text(json.dumps(document))
            sys.exit(fuzz(drawn_from, server.url, seconds))


def fuzz(document: Path, url: str, seconds: int) -> int:
    options = ["--max-time", str(seconds), "--checks", ",".join(CHECKS), "--continue-on-failure"]
    command = [
        str(TOOL),
        "run",
        str(document),
        "--url",
        url,
        "-H",
        "Authorization: Bearer sk-fuzz",
        *options,
    ]
    return subprocess.run(command, cwd=document.parent, check=False).returncode


def name_what_is_there(document: dict[str, Any], api: Caller) -> None:
    """In the document's paths and bodies, instead of "some text"."""
    there = things(api)
    for item in document["paths"].values():
        for parameter in item.get("parameters", []):
            parameter["schema"] = word(there[parameter["name"]])
    schemas = document["components"]["schemas"]
    order = schemas["JobOrder"]["properties"]
    order["training_file"] = word(there["file_id"])
    order["validation_file"] = {"anyOf": [word(there["file_id"]), {"type": "null"}]}
    order["model"] = word(there["name"])
    for name in ("EndpointOrder", "EndpointChange"):
        schemas[name]["properties"]["url"] = {"const": NOBODY}


def things(api: Caller) -> dict[str, list[str]]:
    """Ids of what there is, by the names that paths have for them."""
    trained = api.wait(api.order()["id"])["fine_tuned_model"]
    sharing = f"fine_tuning/checkpoints/{trained}/permissions"
    projects = {"project_ids": [f"proj_{number}" for number in range(EACH)]}
    upload = {"filename": "a", "purpose": "fine-tune", "bytes": 2, "mime_type": "text/jsonl"}
    endpoint = {"name": "me", "url": NOBODY, "event_types": ["fine_tuning.job.failed"]}
    made = {
        "upload_id": [api.post("uploads", json=upload) for _ in range(EACH)],
        "endpoint_id": [api.post("webhook_endpoints", json=endpoint) for _ in range(EACH)],
    }
    return {
        "job_id": [job["id"] for job in api.every("fine_tuning/jobs")],
        "file_id": [api.upload() for _ in range(EACH)],
        "model": [trained],
        "name": [trained, "gpt-4o-mini", "tiny-byte-lm"],
        "permission_id": [grant["id"] for grant in api.post(sharing, json=projects).json()["data"]],
        **{name: [answer.json()["id"] for answer in answers] for name, answers in made.items()},
    }


def word(words: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [*words, "unknown"]}


if __name__ == "__main__":
    main()
