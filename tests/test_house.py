"""The rules of the house that a machine can check. Each test names what breaks one."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("dashboard", "jobs", "sandbox")
DRAWERS = {"services.py", "utils.py", "util.py", "helpers.py", "common.py", "misc.py", "common"}
HOOKS = {"process_request", "process_view", "process_response", "process_exception"}  # Django's
EMPTY_NAMES = {"data", "info", "manager", "handler"}
# What a download address of a package looks like, whoever serves it.
DOWNLOAD = (
    r"https?://[^\s\"']*(?:/simple/|/packages/|\.whl|\.tgz)|\"resolved\":|--(?:extra-)?index-url "
)


@cache
def files() -> list[Path]:
    """What is, or is about to be, in the repository."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in found.split("\0") if name and (path := ROOT / name).is_file()]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def modules(*rooms: str) -> Iterator[tuple[str, str, ast.Module]]:
    """Name, text and tree of the Python files in these rooms, or of all."""
    for path in files():
        name = named(path)
        is_asked_for = not rooms or name.startswith(tuple(f"{room}/" for room in rooms))
        if path.suffix == ".py" and "/migrations/" not in name and is_asked_for:
            text = path.read_text()
            yield name, text, ast.parse(text)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def templates() -> Iterator[tuple[str, str]]:
    for path in files():
        if path.suffix == ".html":
            yield named(path), path.read_text()


def views() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions that answer requests: they are decorated, and a request comes first."""
    for name, _, tree in modules("jobs/views"):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                if [each.arg for each in node.args.args][:1] != ["request"]:
                    continue
                yield name, node


def test_no_file_is_longer_than_250_lines():
    assert not [name for name, text, _ in modules() if text.count("\n") > 250]


def test_no_function_is_longer_than_40_lines():
    assert not [
        f"{name}: {node.name}"
        for name, _, tree in modules()
        for node in functions(tree)
        if length(node) > 40
    ]


def test_no_script_is_longer_than_100_lines():
    scripts = [path for path in files() if path.suffix == ".js"]

    assert not [named(path) for path in scripts if path.read_text().count("\n") > 100]


def test_no_page_is_longer_than_120_lines_and_no_fragment_than_40():
    for name, text in templates():
        is_fragment = "/_" in name or "/components/" in name
        assert text.count("\n") <= (40 if is_fragment else 120), name


def test_no_template_has_inline_script_or_style():
    inline = r"<script(?![^>]*\bsrc=)|<style|\son\w+\s*=|\sstyle\s*=|javascript:"

    assert not [name for name, text in templates() if re.search(inline, text, re.IGNORECASE)]


def test_no_script_makes_code_or_markup_from_text():
    risky = r"\beval\(|new Function\(|\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML|document\.write"

    assert not [
        named(path)
        for path in files()
        if path.suffix == ".js" and re.search(risky, path.read_text())
    ]


def test_templates_ask_and_do_not_compare():
    compares = r"{%\s*(if|elif)\b[^%]*(==|!=|<|>)[^%]*%}"

    assert not [name for name, text in templates() if re.search(compares, text)]


def test_what_htmx_asks_for_has_a_named_url():
    for name, text in templates():
        for value in re.findall(r'hx-(?:get|post|put|delete)="([^"]*)', text):
            assert value.startswith(("{% url ", "{{ ")), f"{name}: {value}"


def test_links_and_forms_work_without_script():
    for name, text in templates():
        for tag in re.findall(r"<(?:a|form)\b(?:{%.*?%}|{{.*?}}|[^>])*>", text, re.DOTALL):
            if "hx-get=" in tag and tag.startswith("<a"):
                assert "href=" in tag, f"{name}: {tag}"
            if "hx-post=" in tag:
                assert tag.startswith("<form"), f"{name}: {tag}"
                assert 'method="post"' in tag, f"{name}: {tag}"


def test_forms_that_change_something_carry_the_token():
    for name, text in templates():
        assert text.count('method="post"') <= text.count("{% csrf_token %}"), name


def test_views_do_not_query_or_write():
    touch = r"\.(save|update|filter|exclude|create|delete|get_or_create|bulk_\w+)\("
    known = r"session\.|messages\.|form\.save\(|dict\(.*\.update\("

    assert not [
        f"{name}: {line.strip()}"
        for name, text, _ in modules("jobs/views")
        for line in text.splitlines()
        if re.search(touch, line) and not re.search(known, line)
    ]


def test_no_view_is_longer_than_12_lines():
    assert not [f"{name}: {node.name}" for name, node in views() if length(node) > 12]


def test_every_view_says_which_methods_it_takes():
    for name, node in views():
        words = {ast.unparse(each).split("(")[0] for each in node.decorator_list}
        assert words & {"require_GET", "require_POST", "require_http_methods", "require_safe"}, (
            f"{name}: {node.name}"
        )


def test_no_task_is_longer_than_3_lines():
    for name, _, tree in modules("jobs"):
        if name == "jobs/tasks.py":
            for node in functions(tree):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
                assert lines <= 3, node.name


def test_only_env_reads_the_environment():
    reads = r"os\.(environ(?!\.setdefault\()|getenv|environb)|from os import .*environ"

    assert not [
        name
        for name, text, _ in modules("dashboard", "jobs")
        if name != "dashboard/env.py" and re.search(reads, text)
    ]


def test_settings_are_in_one_file():
    for name, text, _ in modules("dashboard", "jobs"):
        assert "settings.configure" not in text, name
        assert name == "dashboard/settings.py" or "settings.DEBUG" not in text, name
    assert not [named(path) for path in files() if "local_settings" in path.name]


def test_there_is_no_drawer_for_everything():
    assert not [named(path) for path in files() if DRAWERS & set(path.relative_to(ROOT).parts)]


def test_signals_of_django_are_not_used():
    used = r"django\.dispatch|django\.db\.models\.signals|@receiver"

    assert not [name for name, text, _ in modules(*OURS) if re.search(used, text)]


def test_modules_say_what_they_own():
    for name, text, tree in modules():
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        says = ast.get_docstring(tree) or any(ast.get_docstring(node) for node in classes)
        is_obvious = text.count("\n") < 40 or name.rsplit("/")[-1] in {"urls.py", "forms.py"}
        assert says or is_obvious or "/test_" in name, name


def test_names_say_something():
    for name, _, tree in modules(*OURS):
        for word in names(tree):
            assert word not in EMPTY_NAMES, f"{name}: {word}"
            is_vague = word.startswith(("process_", "do_")) and word not in HOOKS
            assert not is_vague, f"{name}: {word}"


def names(tree: ast.Module) -> Iterator[str]:
    """What we name; the annotated fields of a class may be words of the API."""
    fields = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield from () if id(node) in fields else (node.id,)


def test_tests_are_sentences_that_assert_something():
    says = ("assert", "pytest.raises", "pytest.warns", "expect(")
    for name, _, tree in modules("tests"):
        for node in functions(tree):
            if node.name.startswith("test_") and "/test_" in f"/{name}":
                assert node.name.count("_") > 2, f"{name}: {node.name} is no sentence"
                assert any(word in ast.unparse(node) for word in says), f"{name}: {node.name}"


def test_nothing_is_left_to_be_done():
    left = r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"

    assert not [name for name, text, _ in modules() if re.search(left, text)]


def test_nothing_names_a_registry_or_a_place_on_somebodys_machine():
    own = {"tests/test_house.py"}
    foreign = rf"{DOWNLOAD}|/root/|/home/\w+/"
    texts = [path for path in files() if path.suffix not in {".png", ".jpg", ".ico", ".woff2"}]

    assert not [
        named(path)
        for path in texts
        if named(path) not in own and re.search(foreign, path.read_text(errors="replace"))
    ]
