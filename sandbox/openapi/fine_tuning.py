"""The endpoints of jobs and of what belongs to them: events, checkpoints, permissions, graders."""

from sandbox.openapi.operations import body, operation, order, paged, query, within
from sandbox.openapi.words import TEXT, Schema, named

JOB = within("job_id", "ftjob-AbCdEfGhIjKlMnOpQrStUvWx")
MODEL = within("model", "ft:gpt-4o-mini-2024-07-18:sandbox:support-bot:AbCdEfGh")
PERMISSION = within("permission_id", "cp_AbCdEfGhIjKlMnOpQrStUvWx")

METADATA = query(
    "metadata",
    named(TEXT),
    style="deepObject",
    explode=True,
    description="`metadata[key]=value`: all must match. `metadata=null`: jobs without.",
)
JOBS: Schema = {
    "/fine_tuning/jobs": {
        "post": operation(
            "create_job",
            "Train a model.",
            "Job",
            body=body("JobOrder"),
        ),
        "get": operation(
            "list_jobs", "Newest first.", "Jobs", refuses=(400,), query=[*paged(20), METADATA]
        ),
    },
    "/fine_tuning/jobs/{job_id}": {
        "parameters": [JOB],
        "get": operation("retrieve_job", "One job.", "Job", refuses=(404,)),
    },
    "/fine_tuning/jobs/{job_id}/events": {
        "parameters": [JOB],
        "get": operation(
            "list_events", "Newest first.", "Events", refuses=(400, 404), query=paged(20)
        ),
    },
    "/fine_tuning/jobs/{job_id}/checkpoints": {
        "parameters": [JOB],
        "get": operation(
            "list_checkpoints",
            "Those that are kept, newest first.",
            "Checkpoints",
            refuses=(400, 404),
            query=paged(10),
        ),
    },
    **{
        f"/fine_tuning/jobs/{{job_id}}/{verb}": {
            "parameters": [JOB],
            "post": operation(
                f"{verb}_job",
                summary,
                "Job",
                refuses=(404,),
                body=body("Nothing", needed=False),
            ),
        }
        for verb, summary in (
            ("cancel", "End it now."),
            ("pause", "Stop behind the step that it is at; only while running."),
            ("resume", "Go on where it stopped; only while paused."),
        )
    },
}

PERMISSIONS: Schema = {
    "/fine_tuning/checkpoints/{model}/permissions": {
        "parameters": [MODEL],
        "get": operation(
            "list_permissions",
            "The projects that may use a model.",
            "Permissions",
            refuses=(400, 404),
            query=[*paged(10), order("ascending", "descending"), query("project_id", TEXT)],
        ),
        "post": operation(
            "create_permissions",
            "Answers those that are new.",
            "Permissions",
            refuses=(404,),
            body=body("PermissionOrder"),
        ),
    },
    "/fine_tuning/checkpoints/{model}/permissions/{permission_id}": {
        "parameters": [MODEL, PERMISSION],
        "delete": operation(
            "delete_permission", "Take it back.", "DeletedPermission", refuses=(404,)
        ),
    },
}

GRADERS: Schema = {
    "/fine_tuning/alpha/graders/run": {
        "post": operation("run_grader", "Grade a sample.", "Grade", body=body("GraderRun")),
    },
    "/fine_tuning/alpha/graders/validate": {
        "post": operation(
            "validate_grader",
            "Is it a grader?",
            "ValidGrader",
            body=body("GraderCheck"),
        ),
    },
}

PATHS: Schema = {**JOBS, **PERMISSIONS, **GRADERS}
