import json
import subprocess
import sys

import pytest

from jobs.datasets.__main__ import main
from tests.datasets.examples import chat, jsonl, preference, reinforcement, ten


@pytest.fixture
def file(tmp_path):
    def file(content, name="train.jsonl"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return file


def test_a_good_file_is_described(file, capsys):
    code = main([file(ten(chat)), "--model", "gpt-4o-mini"])

    said = capsys.readouterr().out
    assert code == 0
    assert "examples    10, of which 10 are sound" in said
    assert "counted with o200k_base, the tokenizer of gpt-4o-mini" in said
    assert said.endswith("No problems.\n")


def test_problems_are_listed_with_line_and_field(file, capsys):
    bad = {"messages": [{"role": "x"}]}

    code = main([file(ten(chat) + jsonl(*[bad] * 100))])

    said = capsys.readouterr().out
    assert code == 1
    assert "200 error(s), 1 warning(s): 100 role, 100 untaught, 1 duplicates" in said
    assert "  error   line 11 messages[0].role: must be one of system" in said
    assert "… and 101 more" in said


def test_a_validation_file_is_compared(file, capsys):
    shared = file(jsonl(chat(1)), "valid.jsonl")

    main([file(ten(chat)), "--validation", shared])

    assert "1 validation example(s) are in the training file too." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words", "cost"),
    [
        (ten(chat), ["--price", "25"], "10 epochs"),
        (ten(chat), ["--price", "25", "--epochs", "2"], "2 epochs"),
        (ten(preference), ["--method", "dpo", "--price", "25"], "per million = $"),
        (ten(reinforcement), ["--method", "reinforcement", "--price", "100"], "$100.00 per hour"),
    ],
)
def test_with_a_price_the_cost_is_told(file, capsys, content, words, cost):
    main([file(content), *words])

    assert cost in capsys.readouterr().out.split("\ncost ")[1]


def test_the_report_can_be_had_as_json(file, capsys):
    main([file(ten(chat)), "--json"])

    assert json.loads(capsys.readouterr().out)["examples"] == 10


@pytest.mark.parametrize("words", [["--price", "much"], ["--price", "-1"], ["--epochs", "0"]])
def test_what_makes_no_sense_is_refused(file, capsys, words):
    with pytest.raises(SystemExit) as ended:
        main([file(ten(chat)), *words])

    assert ended.value.code == 2
    assert "argument" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(capsys):
    assert main(["nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


def test_it_runs_without_django(file):
    code = "import sys; from jobs.datasets.__main__ import main; main(sys.argv[1:]);"
    code += "sys.exit('django' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code, file(ten(chat))], check=False)

    assert ran.returncode == 0
