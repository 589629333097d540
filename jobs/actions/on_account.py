"""What a person may ask of what an account holds: delete a file or a model, share a checkpoint.

What is gone is written by the inventory, when the service no longer lists it.
"""

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User

from jobs.actions.asking import carry, record, told
from jobs.models import Account, Action, File, ServedModel
from jobs.upstream import FineTuningClient


def delete_file(file: File, by: User, why: str = "") -> Action:
    action = on_record(file.account, Action.Verb.DELETE_FILE, file.upstream_id, by, why)
    carry(action, file.account, lambda client: client.delete_file(file.upstream_id))
    file.account.take_inventory()
    return action


def delete_model(model: ServedModel, by: User, why: str = "") -> Action:
    action = on_record(model.account, Action.Verb.DELETE_MODEL, model.upstream_id, by, why)
    carry(action, model.account, lambda client: client.delete_model(model.upstream_id))
    model.account.take_inventory()
    return action


def share(account: Account, model: str, project: str, by: User, why: str = "") -> Action:
    """Let a project use a checkpoint."""
    action = on_record(account, Action.Verb.SHARE, model, by, why, project)
    return carry(action, account, lambda client: client.grant(model, [project]))


def share_with_all(
    account: Account, model: str, projects: Iterable[str], by: User, why: str = ""
) -> Iterator[Action]:
    """With one after the other, until one is not heard: the next would only wait as long."""
    for project in projects:
        action = share(account, model, project, by, why)
        yield action
        if action.outcome in (Action.Outcome.UNKNOWN, Action.Outcome.UNSENT):
            return


def unshare(account: Account, model: str, project: str, by: User, why: str = "") -> Action:
    """Let a project use it no longer: whatever permission it has by now is revoked."""
    action = on_record(account, Action.Verb.UNSHARE, model, by, why, project)

    def revoke(client: FineTuningClient) -> None:
        found = [each for each in client.permissions(model, project) if each.project_id == project]
        for permission in found:
            client.revoke(model, permission.id)

    return carry(action, account, revoke)


def on_record(
    account: Account, verb: Action.Verb, subject: str, by: User, why: str, recipient: str = ""
) -> Action:
    return record(by, why, account=account, verb=verb, subject=subject, recipient=recipient)


def tell_of(action: Action) -> tuple[int, str]:
    """The outcome as a message to whoever asked."""
    if action.recipient:
        what, settles = f"with {action.recipient}", "the list of its projects will tell"
        return told(action, what, "", settles)
    return told(action, action.subject, "The lists follow within seconds.")
