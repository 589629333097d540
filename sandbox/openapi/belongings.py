"""The endpoints of what jobs use and make: files, uploads, models; and who is told of their end."""

from sandbox.openapi.operations import FORM, body, content, operation, order, paged, query, within
from sandbox.openapi.things import EVENT_TYPES
from sandbox.openapi.words import TEXT, Schema, ref

FILE = within("file_id", "file-AbCdEfGhIjKlMnOpQrStUvWx")
UPLOAD = within("upload_id", "upload_AbCdEfGhIjKlMnOpQrStUvWx")
MODEL = within("name", "gpt-4o-mini")
ENDPOINT = within("endpoint_id", "whe_AbCdEfGhIjKlMnOpQrStUvWx")

FILES: Schema = {
    "/files": {
        "post": operation("upload_file", "512 MB at most.", "File", body=body("FileForm", FORM)),
        "get": operation(
            "list_files",
            "Newest first.",
            "Files",
            refuses=(400,),
            query=[*paged(10_000, 10_000), order("asc", "desc"), query("purpose", TEXT)],
        ),
    },
    "/files/{file_id}": {
        "parameters": [FILE],
        "get": operation("retrieve_file", "One file.", "File", refuses=(404,)),
        "delete": operation(
            "delete_file",
            "Not while a job at work needs it.",
            "DeletedFile",
            refuses=(400, 404),
        ),
    },
    "/files/{file_id}/content": {
        "parameters": [FILE],
        "get": operation(
            "read_file",
            "The bytes; of a result file their base64 text.",
            {"content": {"application/octet-stream": {}, "text/plain": {"schema": TEXT}}},
            refuses=(404,),
        ),
    },
}

UPLOADS: Schema = {
    "/uploads": {
        "post": operation(
            "begin_upload",
            "A file in parts, to be completed within an hour.",
            "Upload",
            body=body("UploadOrder"),
        ),
    },
    "/uploads/{upload_id}/parts": {
        "parameters": [UPLOAD],
        "post": operation(
            "add_part", "64 MB at most.", "Part", refuses=(404,), body=body("PartForm", FORM)
        ),
    },
    "/uploads/{upload_id}/complete": {
        "parameters": [UPLOAD],
        "post": operation(
            "complete_upload",
            "Join the parts in this order.",
            "Upload",
            refuses=(404,),
            body=body("UploadParts"),
        ),
    },
    "/uploads/{upload_id}/cancel": {
        "parameters": [UPLOAD],
        "post": operation("cancel_upload", "Give it up.", "Upload", refuses=(400, 404)),
    },
}

MODELS: Schema = {
    "/models": {
        "get": operation("list_models", "The base models, and those that jobs made.", "Models"),
    },
    "/models/{name}": {
        "parameters": [MODEL],
        "get": operation("retrieve_model", "One model.", "Model", refuses=(404,)),
        "delete": operation("delete_model", "One that a job made.", "DeletedModel", refuses=(404,)),
    },
}

ENDPOINTS: Schema = {
    "/webhook_event_types": {
        "get": operation("list_event_types", "What can be told.", "EventTypes"),
    },
    "/webhook_endpoints": {
        "post": operation(
            "create_endpoint",
            "Answers the secret, for the only time.",
            "EndpointWithSecret",
            body=body("EndpointOrder"),
        ),
        "get": operation(
            "list_endpoints", "Newest first.", "Endpoints", refuses=(400,), query=paged(20)
        ),
    },
    "/webhook_endpoints/{endpoint_id}": {
        "parameters": [ENDPOINT],
        "get": operation("retrieve_endpoint", "One endpoint.", "Endpoint", refuses=(404,)),
        "post": operation(
            "update_endpoint",
            "Change what is given.",
            "Endpoint",
            refuses=(404,),
            body=body("EndpointChange"),
        ),
        "delete": operation(
            "delete_endpoint", "It is told nothing more.", "DeletedEndpoint", refuses=(404,)
        ),
    },
    "/webhook_endpoints/{endpoint_id}/rotate_secret": {
        "parameters": [ENDPOINT],
        "post": operation(
            "rotate_secret",
            "Answers the new secret, for the only time.",
            "EndpointWithSecret",
            refuses=(404,),
            body=body("Rotation", needed=False),
        ),
    },
    "/webhook_endpoints/{endpoint_id}/test": {
        "parameters": [ENDPOINT],
        "post": operation(
            "try_endpoint",
            "Send a sample, once, and answer what the receiver said to it.",
            "Trial",
            refuses=(404,),
            body=body("TrialOrder"),
        ),
    },
}

PATHS: Schema = {**FILES, **UPLOADS, **MODELS, **ENDPOINTS}

WEBHOOKS: Schema = {
    kind: {
        "post": {
            "summary": "Sent until it is acknowledged, signed as Standard Webhooks has it.",
            "requestBody": {"required": True, **content(ref("WebhookEvent"))},
            "responses": {"2XX": {"description": "Acknowledged."}},
        }
    }
    for kind in EVENT_TYPES
}
