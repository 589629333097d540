"""Models, permissions, graders, and what else is one request each. Jobs are in test_client.py."""

import json

import pytest

from jobs.upstream import GradeReply, Malformed, ModelReply, PermissionReply, Unreachable

MODEL = "ft:gpt-4.1-mini-2025-04-14:acme:tickets:Q7aZ31kd"
GRADER = {"type": "string_check", "name": "exact", "operation": "eq"}


def body_of(request) -> object:
    return json.loads(request.content)


def test_jobs_are_found_by_their_metadata(client, network):
    jobs = [
        {"id": "ftjob-2", "metadata": {"order": "7", "team": "a"}},
        {"id": "ftjob-1", "metadata": None},
    ]
    network.says({"data": jobs, "has_more": False})

    found = [job.id for job in client.jobs(metadata={"order": "7", "team": "a"})]

    assert found == ["ftjob-2"]  # the other came from a server that knows no such filter
    assert dict(network.requests[0].url.params) == {
        "limit": "100",
        "metadata[order]": "7",
        "metadata[team]": "a",
    }


def test_no_metadata_is_no_filter(client, network):
    network.says({"data": [{"id": "ftjob-1"}], "has_more": False})

    assert [job.id for job in client.jobs(metadata={})] == ["ftjob-1"]
    assert network.asked == ["GET /v1/fine_tuning/jobs?limit=100"]


def test_files_are_listed_by_purpose(client, network, sample):
    network.says(sample("files"))

    assert len(list(client.files("fine-tune-results"))) == 2
    assert network.asked == ["GET /v1/files?limit=100&purpose=fine-tune-results"]


@pytest.mark.parametrize("content", [b'{"id": "x", "deleted": true}', b""])
def test_what_is_deleted_needs_no_more_than_a_yes(client, network, content):
    for _ in range(3):
        network.sends(content)

    client.delete_file("file-1")
    client.delete_model(MODEL)
    client.revoke(MODEL, "cp_First")

    assert network.asked == [
        "DELETE /v1/files/file-1",
        f"DELETE /v1/models/{MODEL}",
        f"DELETE /v1/fine_tuning/checkpoints/{MODEL}/permissions/cp_First",
    ]


@pytest.mark.parametrize(
    "order",
    [
        lambda client: client.create({"model": "gpt", "training_file": "file-1"}),
        lambda client: client.delete_file("file-1"),
        lambda client: client.upload("a.jsonl", [b"x"], 1),
        lambda client: client.begin_upload("a.jsonl", 1),
        lambda client: client.add_part("upload_1", b"x"),
        lambda client: client.complete_upload("upload_1", ["part_1"]),
        lambda client: client.cancel_upload("upload_1"),
        lambda client: client.delete_model(MODEL),
        lambda client: client.grant(MODEL, ["proj_1"]),
        lambda client: client.revoke(MODEL, "cp_1"),
        lambda client: client.run_grader(GRADER, "x"),
        lambda client: client.validate_grader(GRADER),
        lambda client: client.cancel("ftjob-1"),
        lambda client: client.pause("ftjob-1"),
        lambda client: client.resume("ftjob-1"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"x-should-retry": "true", "retry-after": "1"}])
def test_an_order_is_sent_once_whatever_the_answer_invites_to(client, network, order, headers):
    network.says({}, 503, headers)

    with pytest.raises(Unreachable):
        order(client)

    assert len(network.requests) == 1


def test_one_model_is_asked_for_by_name(client, network, sample):
    network.says(sample("models")["data"][1])

    model = client.model(MODEL)

    assert model.owned_by == "acme"
    assert model.raw == sample("models")["data"][1]
    assert network.asked == [f"GET /v1/models/{MODEL}"]


def test_azure_says_in_its_own_way_when_a_model_was_made_and_retires():
    model = ModelReply.parse(
        {"id": "gpt-4o-mini", "created_at": 1760000000, "deprecation": {"inference": 1799884800}}
    )

    assert str(model.created_at) == "2025-10-09 08:53:20+00:00"
    assert str(model.shutdown_date) == "2027-01-14"


def test_permissions_are_listed_granted_and_revoked_with_the_admin_key(
    connect, network, sample, key
):
    client = connect(admin_key="sk-admin-1")
    network.says(sample("permissions"))
    network.says({"object": "list", "data": sample("permissions")["data"][:1], "has_more": False})
    network.sends(b"{}")
    network.says({"id": "ftjob-1"})

    listed = list(client.permissions(MODEL, project="proj_sales"))
    granted = client.grant(MODEL, ["proj_sales"])
    client.revoke(MODEL, "cp_Second")
    client.job("ftjob-1")

    assert [each.project_id for each in listed] == ["proj_sales", "proj_support"]
    assert [each.id for each in granted] == ["cp_Second"]
    path = f"/v1/fine_tuning/checkpoints/{MODEL}/permissions"
    assert network.asked[:3] == [
        f"GET {path}?limit=100&project_id=proj_sales",
        f"POST {path}",
        f"DELETE {path}/cp_Second",
    ]
    assert body_of(network.requests[1]) == {"project_ids": ["proj_sales"]}
    assert [request.headers["authorization"] for request in network.requests] == [
        *["Bearer sk-admin-1"] * 3,
        f"Bearer {key}",
    ]


def test_without_an_admin_key_the_ordinary_one_is_used(client, network, sample, key):
    network.says(sample("permissions"))

    list(client.permissions(MODEL))

    assert network.requests[0].headers["authorization"] == f"Bearer {key}"


def test_no_error_repeats_the_admin_key_not_even_the_rest_of_it(connect, network):
    client = connect(api_key="sk-1", admin_key="sk-1-admin-secret")
    network.says({"error": {"message": "Bad key sk-1-admin-secret, not sk-1"}}, 401)

    with pytest.raises(Exception, match=r"^Bad key \[key\], not \[key\]$"):
        client.grant(MODEL, ["proj_1"])


def test_a_permission_needs_an_id():
    with pytest.raises(Malformed, match="a permission without an id"):
        PermissionReply.parse({"project_id": "proj_1"})


def test_a_grader_is_tried_on_a_sample(client, network, sample):
    network.says(sample("grades")[0]["body"])
    network.says(sample("grades")[0]["body"])

    grade = client.run_grader(GRADER, "fuzzy wuzzy", {"answer": "bear"})
    client.run_grader(GRADER, "fuzzy wuzzy")

    assert grade.reward == 0.75
    assert network.asked == ["POST /v1/fine_tuning/alpha/graders/run"] * 2
    assert body_of(network.requests[0]) == {
        "grader": GRADER,
        "model_sample": "fuzzy wuzzy",
        "item": {"answer": "bear"},
    }
    assert body_of(network.requests[1]) == {"grader": GRADER, "model_sample": "fuzzy wuzzy"}


def test_every_grade_is_read(sample):
    for case in sample("grades"):
        grade = GradeReply.parse(case["body"])

        for name in case.keys() - {"body"}:
            assert getattr(grade, name) == case[name], name
        assert grade.raw == case["body"]


@pytest.mark.parametrize(("answer", "read"), [({"grader": GRADER}, GRADER), ({}, {})])
def test_a_grader_is_validated(client, network, answer, read):
    network.says(answer)

    assert client.validate_grader(GRADER) == read
    assert network.asked == ["POST /v1/fine_tuning/alpha/graders/validate"]
    assert body_of(network.requests[0]) == {"grader": GRADER}
