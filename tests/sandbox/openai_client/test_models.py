"""Models, and who else may use those that jobs made."""

import openai
import pytest

from tests.sandbox.openai_client.conftest import order, wait

PROJECTS = ["proj_a", "proj_b", "proj_c"]


@pytest.fixture
def model(client):
    """The name of a model that this test may do with what it wants."""
    return wait(client, order(client).id, "succeeded").fine_tuned_model


def test_a_model_is_there_until_it_is_deleted(client, model):
    listed = {each.id: each for each in client.models.list()}

    seen = client.models.retrieve(model)
    gone = client.models.delete(model)

    assert listed[model] == seen
    assert (seen.owned_by, listed["gpt-4o-mini-2024-07-18"].shutdown_date) == (
        "sandbox",
        "2027-01-14",
    )
    assert (gone.id, gone.object, gone.deleted) == (model, "model", True)
    with pytest.raises(openai.NotFoundError) as missing:
        client.models.retrieve(model)
    assert missing.value.code == "model_not_found"
    assert model not in [each.id for each in client.models.list()]


def test_a_model_is_shared_with_projects_and_taken_back(client, model):
    permissions = client.fine_tuning.checkpoints.permissions

    made = permissions.create(model, project_ids=PROJECTS).data
    gone = permissions.delete(made[1].id, fine_tuned_model_checkpoint=model)

    assert [each.project_id for each in made] == PROJECTS
    assert (gone.id, gone.object, gone.deleted) == (made[1].id, "checkpoint.permission", True)
    assert [each.id for each in permissions.list(model)] == [made[2].id, made[0].id]
    with pytest.raises(openai.NotFoundError):
        permissions.delete(made[1].id, fine_tuned_model_checkpoint=model)


def test_permissions_are_listed_by_pages_in_either_order_and_by_project(client, model):
    permissions = client.fine_tuning.checkpoints.permissions
    made = [each.id for each in permissions.create(model, project_ids=PROJECTS)]

    page = permissions.list(model, limit=1)

    assert (page.has_more, page.first_id, page.last_id) == (True, made[2], made[2])
    assert [each.id for each in page] == made[::-1]
    assert [each.id for each in permissions.list(model, order="ascending", limit=2)] == made
    assert [each.id for each in permissions.list(model, after=made[1])] == made[:1]
    assert [each.id for each in permissions.list(model, project_id="proj_b")] == [made[1]]


@pytest.mark.filterwarnings("ignore:Retrieve is deprecated:DeprecationWarning")
def test_permissions_are_also_read_by_the_older_name(client, model):
    permissions = client.fine_tuning.checkpoints.permissions
    made = permissions.create(model, project_ids=PROJECTS).data

    seen = permissions.retrieve(model, limit=2, order="ascending")

    assert [each.id for each in seen.data] == [each.id for each in made[:2]]
    assert (seen.has_more, seen.first_id, seen.last_id) == (True, made[0].id, made[1].id)
