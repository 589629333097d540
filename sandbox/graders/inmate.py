"""The program in a cell: runs somebody's `grade`. Started by `cell`, and imports nothing of ours.

The first line of stdin is the order {"source", "seconds"}, every other one a question {"sample",
"item"}. Each is answered by one line: {"ready"}, {"reward"}, {"error": what the code did wrong} or
{"death": how it ended without a word}.

The source runs once; every question is answered by a fork of what it left. So no question knows
of another, the same one has the same answer whenever it is asked, and a death costs nothing.

The limits hold. The refusals of files and network are a belt, no wall: who is determined gets out.
"""

import json
import math
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from numbers import Real
from types import FrameType
from typing import Any, NoReturn

MEMORY = 512 * 2**20
FILE_SIZE = 2**20
OPEN_FILES = 64
MOST_TEXT = 2_000
MOST_ANSWER = 65_536

NEVER = (
    *("socket.", "subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system"),
    *("os.kill", "pty.spawn"),
)
ONLY_HERE = {
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown"),
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HERE = os.path.realpath(os.getcwd())

graders: list[int] = []
"""The fork at work."""


def main() -> None:
    try:
        _serve(_taken(0, "rb"), _taken(1, "wb"))
    finally:
        shutil.rmtree(HERE, ignore_errors=True)  # whoever started us may have died


def _serve(questions: Any, answers: Any) -> None:
    order = json.loads(questions.readline())
    seconds = math.ceil(order["seconds"])
    _limit()
    signal.signal(signal.SIGALRM, _end)
    signal.alarm(seconds + 1)
    grade, answer = _loaded(order["source"])
    while True:
        signal.alarm(0)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        question = questions.readline()
        if not question:
            return
        # Whoever asked looks at the clock too. This is for the case that nobody is left who does.
        signal.alarm(seconds + 1)
        if grade:
            answer = _answered_apart(grade, question, seconds, (questions, answers))


def _taken(descriptor: int, mode: str) -> Any:
    """The way in or out under another number; the code itself finds nothing there."""
    ours = os.fdopen(os.dup(descriptor), mode)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, descriptor)
    os.close(nothing)
    return ours


def _limit() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: FILE_SIZE,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event.startswith(NEVER) and sys._getframe(1).f_code not in OURS:
        raise PermissionError(f"a grader has no {event}")
    if event in ONLY_HERE or (event == "open" and isinstance(args[2], int) and args[2] & WRITES):
        for path in args:
            if isinstance(path, str | bytes | os.PathLike) and not _is_here(os.fsdecode(path)):
                raise PermissionError("a grader writes only into its own folder")


def _is_here(path: str) -> bool:
    return f"{os.path.realpath(path)}{os.sep}".startswith(f"{HERE}{os.sep}")


def _end(number: int, frame: FrameType | None) -> None:
    for grader in graders:
        os.kill(grader, signal.SIGKILL)  # it may have left the group
    shutil.rmtree(HERE, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _loaded(source: str) -> tuple[Callable[..., object] | None, dict[str, object]]:
    names: dict[str, Any] = {"__name__": "grader"}
    try:
        exec(compile(source, "grader.py", "exec"), names)  # noqa: S102 - what this program is for
        return names["grade"], {"ready": True}
    except BaseException as error:  # noqa: BLE001 - also sys.exit()
        return None, {"error": _told(error)}


def _answered_apart(
    grade: Callable[..., object], question: bytes, seconds: int, ways: tuple[Any, Any]
) -> dict[str, object]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        for way in ways:
            os.close(way.fileno())
        _grade_and_exit(grade, question, seconds, theirs)
    graders.append(child)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        text = pipe.read(MOST_ANSWER)
    status = os.waitpid(graders[0], 0)[1]
    graders.clear()
    try:
        answer: dict[str, object] = json.loads(text)
    except (ValueError, RecursionError):
        return {"death": "garbled" if text else _death(status)}
    return answer


def _grade_and_exit(
    grade: Callable[..., object], question: bytes, seconds: int, pipe: int
) -> NoReturn:
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        os.write(pipe, json.dumps(_graded(grade, **json.loads(question))).encode())
    finally:
        os._exit(0)


def _graded(grade: Callable[..., object], sample: object, item: object) -> dict[str, object]:
    try:
        reward = grade(sample, item)
        if isinstance(reward, bool) or not isinstance(reward, Real):
            return {"error": f"grade() returned a {type(reward).__name__}, not a number"}
        number = float(reward)
    except BaseException as error:  # noqa: BLE001 - also sys.exit()
        return {"error": _told(error)}
    if not math.isfinite(number):
        return {"error": f"grade() returned {number}, not a finite number"}
    return {"reward": number}


def _told(error: BaseException) -> str:
    """The traceback from where their code begins: ours is of no interest."""
    begin = error.__traceback__ and error.__traceback__.tb_next
    return "".join(traceback.format_exception(type(error), error, begin)).strip()[-MOST_TEXT:]


def _death(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return "exited"
    timeout = {signal.SIGXCPU, signal.SIGALRM}
    return "timeout" if os.WTERMSIG(status) in timeout else "killed"


OURS = {_answered_apart.__code__, _end.__code__}

if __name__ == "__main__":
    main()
