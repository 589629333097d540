from threading import Thread

from jobs.counting import BUCKETS, Counts, since, total


def test_what_is_counted_in_many_threads_is_all_there():
    counts = Counts()

    def count() -> None:
        for _ in range(5000):
            counts.add("requests", 1, "ok")
            counts.took(0.02, "page", "job_list")

    threads = [Thread(target=count) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    tally = counts.tally()
    assert tally["numbers"] == {"requests|1|ok": 40_000}
    assert sum(tally["times"]["page|job_list"][:-1]) == 40_000


def test_a_length_of_time_is_counted_in_the_first_bucket_that_holds_it():
    counts = Counts()

    for seconds in (0.004, 0.01, 0.011, 99.0):
        counts.took(seconds, "page")

    *buckets, whole = counts.tally()["times"]["page"]
    assert dict(zip([*BUCKETS, "more"], buckets, strict=True)) == dict.fromkeys(BUCKETS, 0) | {
        0.005: 1,
        0.01: 1,
        0.025: 1,
        "more": 1,
    }
    assert whole == 0.004 + 0.01 + 0.011 + 99.0


def test_processes_add_up_and_of_a_level_the_newest_counts():
    first, second = Counts(), Counts()
    first.add("polls")
    first.tell(900, "budget", 1)
    second.add("polls")
    second.tell(899, "budget", 1)
    second.took(0.2, "page")

    tally = total([first.tally(), {}, second.tally()])

    assert tally["numbers"] == {"polls": 2}
    assert tally["levels"]["budget|1"][1] == 899
    assert tally["times"] == second.tally()["times"]


def test_what_came_since_is_the_whole_without_what_was_before():
    counts = Counts()
    counts.add("polls")
    counts.took(1.5, "round")
    before = counts.tally()
    counts.add("polls")
    counts.add("errors")
    counts.took(0.5, "round")

    news = since(counts.tally(), before)

    assert news["numbers"] == {"polls": 1, "errors": 1}
    assert news["times"]["round"][-1] == 0.5
    assert total([before, news]) == counts.tally()
