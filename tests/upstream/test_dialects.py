import pytest

from jobs.upstream import AZURE, DIALECTS, ENDED, GENERIC, OPENAI, State


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("validating_files", State.VALIDATING),
        ("created", State.VALIDATING),
        ("queued", State.QUEUED),
        ("pending", State.QUEUED),
        ("notRunning", State.QUEUED),
        ("running", State.RUNNING),
        ("pausing", State.PAUSING),
        ("paused", State.PAUSED),
        ("resuming", State.RESUMING),
        ("cancelling", State.CANCELLING),
        ("canceling", State.CANCELLING),
        ("succeeded", State.SUCCEEDED),
        ("failed", State.FAILED),
        ("cancelled", State.CANCELLED),
        ("canceled", State.CANCELLED),
        ("RUNNING", State.RUNNING),
        (" Succeeded ", State.SUCCEEDED),
    ],
)
def test_every_dialect_knows_the_words_that_services_really_use(dialect, status, state):
    assert dialect.state_of(status) == state


@pytest.mark.parametrize("status", ["", "moderating", "succeeded_with_warnings"])
def test_an_unknown_status_is_no_end(status):
    state = OPENAI.state_of(status)

    assert state == State.UNKNOWN
    assert state not in ENDED


def test_only_three_states_are_an_end():
    assert {"succeeded", "failed", "cancelled"} == ENDED


def test_a_compatible_server_may_use_its_own_words():
    assert GENERIC.state_of("FAILED_VALIDATION") == State.FAILED
    assert GENERIC.state_of("CANCELLATION_REQUESTED") == State.CANCELLING
    assert GENERIC.state_of("completed") == State.SUCCEEDED


def test_a_dialect_is_found_by_its_name_and_can_be_a_key():
    assert {DIALECTS[name]: name for name in DIALECTS}[AZURE] == "azure"


def test_azure_lists_the_oldest_first():
    assert not AZURE.newest_first
    assert OPENAI.newest_first
