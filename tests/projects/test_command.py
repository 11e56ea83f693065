"""Values that a user gives are data, wherever in the command the author put their braces."""

import subprocess
from pathlib import Path

import pytest

from mlflow.projects.command import UnsafeValue, template

SHOW = "sh show.sh"
ATTACKS = [
    "; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "' ; touch pwned ; '",
    '" ; touch pwned ; "',
    "\\' ; touch pwned ; \\'",
    "a\ntouch pwned",
    "| touch pwned",
    "&& touch pwned",
    "${IFS}$(touch${IFS}pwned)",
    "'$(touch pwned)'",
    "x > pwned",
    "\\",
    "!!",
    "*",
    "~",
]
PLACES = [
    "{show} {{v}}",
    '{show} "{{v}}"',
    "{show} '{{v}}'",
    "{show} a{{v}}b",
    "{show} --x={{v}}",
    '{show} "a {{v}} b"',
    "{show} 'a {{v}} b'",
    '{show} "$(printf %s {{v}})"',
    '{show} "$(printf %s "{{v}}")"',
    "true && {show} {{v}} | cat",
    'X={{v}} && {show} "$X"',
    "({show} {{v}})",
    "if true; then {show} '{{v}}'; fi",
]


@pytest.fixture(autouse=True)
def show() -> None:
    Path("show.sh").write_text("for argument; do printf '<%s>' \"$argument\"; done\n")


def run(command: str, value: str) -> str:
    argv = template(command).argv({"v": value}, {})
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout


@pytest.mark.parametrize("place", PLACES)
def test_a_value_stays_one_argument_wherever_it_stands(place: str) -> None:
    command = place.format(show=SHOW)
    for value in ATTACKS:
        shown = run(command, value)
        around = {"a{v}b": f"a{value}b", "--x={v}": f"--x={value}", "a {v} b": f"a {value} b"}
        expected = next((text for mark, text in around.items() if mark in command), value)
        assert shown == f"<{expected}>"
        assert not Path("pwned").exists()


@pytest.mark.parametrize(
    "command",
    [
        'bash -c "echo {v}"',
        "bash -lc 'echo {v}'",
        "sudo -n sh -c 'echo {v}'",
        "eval echo {v}",
        "ssh host train --name {v}",
        "python -c \"print('{v}')\"",
        "echo `printf {v}`",
        "cat <<END\n{v}\nEND",
        "echo ${{X:-{v}}}",
        "echo $'{v}'",
        "awk 'BEGIN {{ print \"{v}\" }}'",
        "sed -e 's/a/{v}/'",
        'true; bash -c "$(true) {v}"',
    ],
)
def test_where_a_second_interpreter_reads_only_harmless_values_are_taken(command: str) -> None:
    parsed = template(command)
    for value in ("a; touch pwned", "$(x)", "'", '"', "a\nb", "`x`"):
        with pytest.raises(UnsafeValue, match="second interpreter"):
            parsed.argv({"v": value}, {})
    assert "data/a-1.csv" in parsed.render({"v": "data/a-1.csv"}, {})


def test_a_script_given_whole_is_what_the_author_asked_for() -> None:
    assert template('bash -c "{v}"').argv({"v": "echo a; echo b"}, {}) == ["bash", "-c", 'bash -c "echo a; echo b"']


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("echo one && echo two | tr a-z A-Z", "one\nTWO\n"),
        ("false || echo no", "no\n"),
        ("X=1; echo $((X + 1))", "2\n"),
        ("for i in 1 2; do echo $i; done", "1\n2\n"),
        ("echo '{{}}' # a comment that isn't closed", "{}\n"),
        ("echo ${{HOME:+set}}", "set\n"),
        ("cat <<'END'\nisn't\nEND", "isn't\n"),
    ],
)
def test_commands_mean_what_their_author_meant(command: str, output: str) -> None:
    assert run(command, "") == output


def test_words_alone_need_no_shell() -> None:
    parsed = template("python train.py --lr {v} --out=a/{v}")
    assert parsed.argv({"v": "a b"}, {}) == ["python", "train.py", "--lr", "a b", "--out=a/a b"]
    assert parsed.argv({"v": "1"}, {"k;x": "$(y)"}) == ["python", "train.py", "--lr", "1", "--out=a/1", "--k;x", "$(y)"]
    assert template("LR={v} python train.py").argv({"v": "1"}, {}) == ["bash", "-c", "LR=1 python train.py"]


def test_rendered_text_reads_as_users_of_mlflow_know_it() -> None:
    parsed = template("python show.py --a {a} --s {s}")
    assert parsed.render({"a": "0.1", "s": "x y"}, {"extra": "v w"}) == "python show.py --a 0.1 --s 'x y' --extra 'v w'"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("echo {", "'{' without a partner"),
        ("echo }", "'}' without a partner"),
        ("echo {a!r}", "expected a parameter's name"),
        ("echo {}", "expected a parameter's name"),
        ("echo {a.__class__[0]}", "expected a parameter's name"),
    ],
)
def test_braces_hold_names_only(command: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("{", r"\{").replace("}", r"\}")):
        template(command)
