from dashboard.up.clockwork import LONGEST_TASK, SILENCE, THREADS, stuck


def test_a_worker_with_a_free_thread_that_begins_nothing_is_stuck():
    for running in range(THREADS):
        assert "no task for 30 s" in stuck(running, SILENCE + 1)
        assert not stuck(running, SILENCE - 1)


def test_a_worker_whose_threads_are_all_busy_is_given_time():
    assert not stuck(THREADS, SILENCE + 1)
    assert stuck(THREADS, LONGEST_TASK + 1)
