"""How the service says no: one exception, one envelope.

Owns the wording of errors that several endpoints share. What is wrong with a request's fields
is said where they are read (`orders`), what is wrong with a training file where it is checked
(`examples`): that one is an error of the job, not of the request.
"""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse


class ApiError(Exception):
    """An answer that is no: {"error": {"message", "type", "param", "code"}}."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        param: str | None = None,
        code: str | None = None,
        kind: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.param = param
        self.code = code
        self.kind = kind or ("invalid_request_error" if status < 500 else "server_error")

    @property
    def envelope(self) -> dict[str, Any]:
        detail = {"message": self.message, "type": self.kind}
        return {"error": {**detail, "param": self.param, "code": self.code}}

    def response(self, headers: Mapping[str, str] | None = None) -> JSONResponse:
        return JSONResponse(self.envelope, status_code=self.status, headers=headers)


def unknown_job(job_id: str) -> ApiError:
    message = f"Could not find fine tune: {job_id}"
    return ApiError(message, status=404, param="fine_tune_id", code="fine_tune_not_found")


def wound_down() -> ApiError:
    message = (
        "Fine-tuning is being wound down: your organization can no longer create fine-tuning jobs."
        " Jobs and models that exist stay available."
    )
    return ApiError(message, status=403, code="fine_tuning_not_available")


def unknown_file(file_id: str) -> ApiError:
    return ApiError(f"No such File object: {file_id}", status=404, param="id")


def unknown_model(name: str) -> ApiError:
    message = f"The model '{name}' does not exist"
    return ApiError(message, status=404, param="model", code="model_not_found")


def wrong_state(job_id: str, status: str, action: str) -> ApiError:
    return ApiError(f"Job {job_id} cannot be {action}: its status is '{status}'.", param="status")
