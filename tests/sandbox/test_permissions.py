"""Who may use a model: grant, list, revoke."""

from contextlib import closing

import pytest

from sandbox.records import Model, Permission
from sandbox.store import Store
from tests.sandbox.conftest import call
from tests.sandbox_server import Server

PROJECTS = [f"proj_{number}" for number in range(5)]


@pytest.fixture(scope="module")
def done(shared):
    """A job that left a final model and an earlier checkpoint's."""
    with call(shared) as api:
        return api.wait(api.order(suffix="mine")["id"], "succeeded")


@pytest.fixture
def model(api, done):
    """A model that no project may use."""
    name = api.checkpoints(done["id"])[1]["fine_tuned_model_checkpoint"]
    for permission in api.every(path(name)):
        api.delete(f"{path(name)}/{permission['id']}")
    return name


def path(model: str) -> str:
    return f"fine_tuning/checkpoints/{model}/permissions"


def grant(api, model, *projects):
    return api.post(path(model), json={"project_ids": list(projects)})


def projects(permissions):
    return [permission["project_id"] for permission in permissions]


def test_a_grant_answers_the_new_permissions(api, model):
    answer = grant(api, model, "proj_b", "proj_a").json()

    first, last = answer["data"]
    assert projects([first, last]) == ["proj_b", "proj_a"]
    assert first["object"] == "checkpoint.permission"
    assert first["id"].startswith("cp_")
    assert (answer["first_id"], answer["last_id"]) == (first["id"], last["id"])
    assert (answer["object"], answer["has_more"]) == ("list", False)


def test_a_project_that_has_the_permission_keeps_it(api, model):
    (before,) = grant(api, model, "proj_a").json()["data"]

    again = grant(api, model, "proj_a", "proj_b", "proj_b").json()

    assert projects(again["data"]) == ["proj_b"]
    assert before in api.every(path(model))
    assert len(api.every(path(model))) == 2
    assert grant(api, model, "proj_a").json()["first_id"] is None


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize(
    ("order", "expected"),
    [(None, PROJECTS[::-1]), ("descending", PROJECTS[::-1]), ("ascending", PROJECTS)],
)
def test_permissions_are_listed_in_either_order_however_they_are_cut(
    api, model, limit, order, expected
):
    grant(api, model, *PROJECTS)

    found, after = [], None
    while True:
        params = {"limit": limit, "order": order, "after": after}
        page = api.get(path(model), params={k: v for k, v in params.items() if v}).json()
        found += page["data"]
        after = page["last_id"]
        if not page["has_more"]:
            break

    assert projects(found) == expected


def test_a_page_holds_ten_unless_asked_otherwise(api, model):
    grant(api, model, *(f"proj_{number}" for number in range(12)))

    page = api.get(path(model)).json()

    assert (len(page["data"]), page["has_more"]) == (10, True)


def test_the_permissions_of_one_project_can_be_asked_for(api, model):
    grant(api, model, "proj_a", "proj_b")

    found = api.get(path(model), params={"project_id": "proj_a"}).json()
    none = api.get(path(model), params={"project_id": "proj_c"}).json()

    assert projects(found["data"]) == ["proj_a"]
    assert (none["data"], none["first_id"], none["last_id"]) == ([], None, None)


def test_a_permission_can_be_revoked_once(api, model):
    (permission,) = grant(api, model, "proj_a").json()["data"]

    gone = api.delete(f"{path(model)}/{permission['id']}")
    again = api.delete(f"{path(model)}/{permission['id']}")

    assert gone.json() == {
        "id": permission["id"],
        "object": "checkpoint.permission",
        "deleted": True,
    }
    assert api.every(path(model)) == []
    assert (again.status_code, again.json()["error"]["param"]) == (404, "permission_id")


def test_a_permission_of_another_model_is_not_found(api, model, done):
    (permission,) = grant(api, model, "proj_a").json()["data"]

    answer = api.delete(f"{path(done['fine_tuned_model'])}/{permission['id']}")

    assert answer.status_code == 404
    assert api.every(path(model)) == [permission]


def test_a_name_with_escaped_colons_is_the_same_model(api, model):
    grant(api, model, "proj_a")

    assert projects(api.get(path(model.replace(":", "%3A"))).json()["data"]) == ["proj_a"]


@pytest.mark.parametrize("name", ["ft:tiny-byte-lm:sandbox::nowhere0", "gpt-4o-mini", "ftckpt_1"])
def test_only_models_that_jobs_made_have_permissions(api, name):
    error = api.get(path(name)).json()["error"]

    assert (error["param"], error["code"]) == ("model", "model_not_found")
    assert grant(api, name, "proj_a").status_code == 404


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "project_ids"),
        ({"project_ids": "proj_a"}, "project_ids"),
        ({"project_ids": []}, "project_ids"),
        ({"project_ids": ["proj_a", 1]}, "project_ids"),
        ({"project_ids": [""]}, "project_ids"),
        ({"project_ids": ["proj_a"], "role": "owner"}, "role"),
    ],
)
def test_a_wrong_grant_is_refused_whole(api, model, body, param):
    answer = api.post(path(model), json=body)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    assert api.every(path(model)) == []


def test_an_unknown_order_is_refused(api, model):
    answer = api.get(path(model), params={"order": "asc"})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "order")


def test_permissions_go_with_their_model(folder):
    with closing(Store(folder)) as store:
        for name in ("ft:a", "ft:b"):
            store.add(Model(id=name, created_at=1, job_id="ftjob-1", step=1, base="tiny-byte-lm"))
            store.add(Permission(id=f"cp_{name}", created_at=1, model=name, project_id="proj_a"))

        store.delete(Model, "ft:a")

        assert [each.model for each in store.all(Permission)] == ["ft:b"]


def test_a_strict_sandbox_shows_permissions_to_admin_keys_only(folder):
    with Server(folder, "--pace", "0", "--strict-admin") as server, call(server.url) as api:
        model = api.wait(api.order()["id"], "succeeded")["fine_tuned_model"]

        refusals = [api.get(path(model)), grant(api, model, "a"), api.delete(path(model) + "/cp_1")]
        api.headers["Authorization"] = "Bearer sk-admin-1"

        assert [refusal.status_code for refusal in refusals] == [403] * 3
        assert "admin API key" in refusals[0].json()["error"]["message"]
        assert projects(grant(api, model, "a").json()["data"]) == ["a"]
