"""Graders that are code: what they may do, and what becomes of those that do more."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from sandbox.errors import ApiError
from sandbox.graders import Grade, read
from sandbox.graders.cell import Cell, Lost


def python(source: str) -> dict[str, str]:
    return {"type": "python", "name": "code", "source": source}


def body(text: str) -> dict[str, str]:
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return python(f"import os, sys, time\ndef grade(sample, item):\n{lines}\n")


def graded(spec: dict[str, str], sample: str = "", **item: object) -> Grade:
    with read(spec) as grader:
        return grader.grade(sample, item)


def test_code_sees_the_sample_and_the_row():
    spec = body(
        "assert sample['output_json']['n'] == 3\n"
        "assert sample['choices'][0]['message']['content'] == sample['output_text']\n"
        "assert sample['output_tools'] == []\n"
        "return item['weight'] * len(sample['output_text'])"
    )

    grade = graded(spec, '{"n": 3}', weight=0.1)

    assert grade.errors["python_grader_runtime_error_details"] is None
    assert grade.reward == pytest.approx(0.8)


def test_a_sample_that_is_no_json_has_none():
    assert graded(body("return float(sample['output_json'] is None)"), "plain").reward == 1


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("return 'a'", "grade() returned a str, not a number"),
        ("return True", "grade() returned a bool, not a number"),
        ("pass", "grade() returned a NoneType, not a number"),
        ("return 1j", "grade() returned a complex, not a number"),
        ("return float('nan')", "grade() returned nan, not a finite number"),
        ("return -float('inf')", "grade() returned -inf, not a finite number"),
        ("return 10 ** 400", "OverflowError"),
        ("return item['missing']", "KeyError: 'missing'"),
        ("raise ValueError('\\ud800')", "ValueError: ?"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("return grade(sample, item)", "RecursionError"),
        ("return len(input())", "EOFError"),
        ("x = b'x' * 2 ** 30", "MemoryError"),
        ("open('big', 'w').write('x' * 10 ** 7)", "File too large"),
        ("open('../outside', 'w')", "only into its own folder"),
        ("os.remove('/nothing')", "only into its own folder"),
        ("os.symlink('/', 'root')", "only into its own folder"),
        ("os.fork()", "a grader has no os.fork"),
        ("os.system('true')", "a grader has no os.system"),
        ("import subprocess; subprocess.run(['true'])", "a grader has no subprocess.Popen"),
        ("import socket; socket.socket()", "a grader has no socket.__new__"),
        ("os.kill(os.getppid(), 9)", "a grader has no os.kill"),
    ],
)
def test_what_code_does_wrong_is_told(text, details):
    grade = graded(body(text))

    assert grade.reward == 0
    assert grade.errors["python_grader_runtime_error"] is True
    assert details in grade.errors["python_grader_runtime_error_details"]
    assert grade.errors["python_grader_server_error"] is False


@pytest.mark.parametrize(("text", "kind"), [("os._exit(0)", "exited"), ("os.abort()", "killed")])
def test_a_death_without_a_word_is_an_error_of_the_server(text, kind):
    grade = graded(body(text))

    assert grade.reward == 0
    assert grade.errors["python_grader_server_error"] is True
    assert grade.errors["python_grader_server_error_type"] == kind


@pytest.mark.parametrize(
    "text", ["while True: pass", "time.sleep(1000)", "os.setsid(); time.sleep(1000)"]
)
def test_code_without_end_is_ended_with_all_it_started(text):
    spec = body(f"if item['hang']:\n    {text}\nreturn 1")
    cell, others = Cell(spec["source"], seconds=1.5), set(psutil.Process().children(recursive=True))
    cell.ask({"sample": {}, "item": {"hang": False}})

    with ThreadPoolExecutor() as pool:
        asked = pool.submit(cell.ask, {"sample": {}, "item": {"hang": True}})
        while len(family := set(psutil.Process().children(recursive=True)) - others) < 2:
            assert not asked.done()
            time.sleep(0.01)
        with pytest.raises(Lost, match="timeout"):
            asked.result()

    assert not psutil.wait_procs(family, timeout=5)[1]
    assert cell.ask({"sample": {}, "item": {"hang": False}}) == {"reward": 1.0}
    cell.close()


def test_code_that_never_gets_to_its_function_is_ended():
    cell = Cell("while True: pass\ndef grade(sample, item): return 1", seconds=0.5)

    with pytest.raises(Lost, match="timeout"):
        cell.ask({"sample": {}, "item": {}})


def test_a_flood_of_words_goes_nowhere():
    flood = "for _ in range(50_000): print('x' * 100); os.write(2, b'y' * 100)\nreturn 0.5"

    assert graded(body(flood)).reward == 0.5


@pytest.mark.parametrize(
    "answer",
    ["[" * 50_000, "5", "[]", "{}", '{"reward": true}', '{"reward": 1e999}', '{"a": 1}\n{}'],
)
def test_an_answer_that_is_forged_is_no_reward(answer):
    forge = (
        "for n in range(3, 32):\n"
        f"    try: os.write(n, {answer.encode()!r})\n"
        "    except OSError: pass\n"
        "os._exit(0)"
    )

    grade = graded(body(forge))

    assert (grade.reward, grade.errors["python_grader_server_error_type"]) == (0, "garbled")


def test_code_has_neither_our_environment_nor_our_files(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    ours = os.open(tmp_path / "ours", os.O_CREAT | os.O_RDWR)
    os.set_inheritable(ours, True)

    looks = (
        "assert 'SECRET_KEY' not in os.environ\n"
        "names = [os.readlink(f'/proc/self/fd/{n}') for n in range(3)]\n"
        "assert names == ['/dev/null'] * 3, names\n"
        f"assert not os.path.exists('/proc/self/fd/{ours}') or {ours} < 16\n"
        "return float(os.listdir('.') == [])"
    )
    grade = graded(body(looks))
    os.close(ours)

    assert grade.errors["python_grader_runtime_error_details"] is None
    assert grade.reward == 1


def test_no_sample_knows_of_the_one_before():
    counts = "seen = []\ndef grade(sample, item):\n    seen.append(1)\n    return len(seen)"

    with read(python(counts)) as grader:
        rewards = [grader.grade("", {}).reward for _ in range(3)]

    assert rewards == [1, 1, 1]


def test_the_same_sample_has_the_same_grade_in_any_process():
    order = body("words = set('one two three four five six'.split())\nreturn hash('x') % 997")

    assert len({graded(order).reward for _ in range(3)}) == 1


def test_one_process_grades_many_and_leaves_nothing():
    spec = body("open('note', 'w').write('x')\nreturn os.getppid()")

    with read(spec) as grader:
        rewards = {grader.grade("", {}).reward for _ in range(20)}
        process = psutil.Process(int(rewards.pop()))
        folder = Path(process.cwd())
        assert (folder / "note").exists()

    assert not rewards
    assert not process.is_running()
    assert not folder.exists()


def test_a_grader_whose_process_was_killed_starts_another():
    with read(body("return os.getppid()")) as grader:
        first = psutil.Process(int(grader.grade("", {}).reward))
        first.kill()
        while first.is_running() and first.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)

        second = grader.grade("", {}).reward

    assert second not in (0, first.pid)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def grade(sample, item) return 1", "line 1: expected ':'"),
        ("def grade(sample, item):\n  return (\n", "line 2: '(' was never closed"),
        ("x = 1", "must define grade"),
        ("def score(sample, item): return 1", "must define grade"),
        ("grade", "must define grade"),
        ("\0", "null bytes"),
        ("(" * 10_000, "line 1: too many nested parentheses"),
        ("#" * 262_145, "larger than 262144 bytes"),
        ("", "non-empty"),
    ],
)
def test_code_that_cannot_be_run_is_refused(source, why):
    with pytest.raises(ApiError) as refusal:
        read(python(source))

    assert refusal.value.param == "grader.source"
    assert why in refusal.value.message


def test_a_grade_may_be_a_name_and_an_image_be_asked_for():
    spec = {**python("grade = lambda sample, item: 0.25"), "image_tag": "2025-05-08"}

    assert graded(spec).reward == 0.25
