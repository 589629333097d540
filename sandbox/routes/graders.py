"""/fine_tuning/alpha/graders: is this a grader, and what does it say of a sample?"""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.bodies import json_object, refuse_extra, required
from sandbox.context import sandbox_of
from sandbox.errors import ApiError
from sandbox.graders import Grade, Grader, read
from sandbox.quirks import Quirk, Quirks
from sandbox.records import Json


async def validate(request: Request) -> JSONResponse:
    body = await json_object(request)
    refuse_extra(body, {"grader"})
    return JSONResponse({"grader": read(required(body, "grader")).spec})


async def run(request: Request) -> JSONResponse:
    body = await json_object(request)
    refuse_extra(body, {"grader", "model_sample", "item"})
    grader, sample, item = read(required(body, "grader")), _sample(body), _item(body)
    grade = await asyncio.to_thread(_graded, grader, sample, item)
    return JSONResponse(_reply(grader, grade, sandbox_of(request).quirks))


def _sample(body: Json) -> str:
    sample = required(body, "model_sample")
    if not isinstance(sample, str):
        raise ApiError("invalid model_sample: must be a string", param="model_sample")
    return sample


def _item(body: Json) -> Json:
    item = body.get("item", {})
    if not isinstance(item, dict):
        raise ApiError("invalid item: must be an object", param="item")
    return item


def _graded(grader: Grader, sample: str, item: Json) -> Grade:
    with grader:
        return grader.grade(sample, item)


def _reply(grader: Grader, grade: Grade, quirks: Quirks) -> Json:
    per_model = grade.model_grader_token_usage_per_model
    as_object = Quirk.TOKEN_USAGE_OBJECT in quirks
    return {
        "reward": grade.reward,
        "metadata": {
            "name": grader.name,
            "type": grader.type,
            "errors": grade.errors,
            "execution_time": grade.execution_time,
            "scores": grade.scores,
            "token_usage": next(iter(per_model.values()), None) if as_object else grade.token_usage,
            "sampled_model_name": grade.sampled_model_name,
        },
        "sub_rewards": grade.sub_rewards,
        "model_grader_token_usage_per_model": per_model,
    }


routes = [
    Route("/v1/fine_tuning/alpha/graders/run", run, methods=["POST"]),
    Route("/v1/fine_tuning/alpha/graders/validate", validate, methods=["POST"]),
]
