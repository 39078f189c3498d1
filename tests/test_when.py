"""`bot when`: its lines, the guess of the language, and Duckling in our process."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.clients import duckling
from bot.domain.procedure import Language
from bot.when import answer_line, read_when, to_data
from tests.bench.when_set import Line, lines

AT = datetime.fromisoformat("2026-11-23T10:00:00+07:00")
FOREIGN = [line for line in lines() if line.language is not Language.VI]
with_duckling = pytest.mark.skipif(duckling.load() is None, reason="Duckling exists for Linux on x86-64 only")


def asked(**line: str) -> str:
    return json.dumps({"at": AT.isoformat()} | line, ensure_ascii=False)


def test_a_line_is_answered_with_day_hour_part_range_and_place() -> None:
    assert answer_line(asked(text="hẹn 9h sáng mai")) == {
        "date": "2026-11-24",
        "time": "09:00",
        "part": "morning",
        "range_end": None,
        "span": [4, 15],
    }


def test_what_the_text_does_not_say_is_null() -> None:
    assert set(answer_line(asked(text="xin chào")).values()) == {None}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("nonsense", "line"),
        ('{"text": "mai"}', "at"),
        ('{"text": "mai", "at": "2026-11-23T10:00:00"}', "at"),
        ('{"text": "mai", "at": "tomorrow"}', "at"),
        ('{"at": "2026-11-23T10:00:00+07:00"}', "text"),
        ('{"text": 5, "at": "2026-11-23T10:00:00+07:00"}', "text"),
        (asked(text="mai", language="xx"), "language"),
    ],
)
def test_a_broken_line_says_what_is_wrong(line: str, named: str) -> None:
    assert answer_line(line)["error"].startswith(named)


def test_the_command_answers_every_line_and_goes_on_after_a_broken_one() -> None:
    given_lines = "\n".join([asked(text="thứ 5 tuần sau"), "{", "", asked(text="tối nay")])
    done = CliRunner().invoke(app, ["when"], input=given_lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("date") for answer in answers] == ["2026-12-03", None, "2026-11-23"]
    assert "error" in answers[1]


@with_duckling
@pytest.mark.parametrize("line", FOREIGN, ids=lambda line: line.text)
def test_other_languages_mean_the_same(line: Line) -> None:
    data = to_data(read_when(line.text, line.at, line.language))
    assert (data["date"], data["time"], data["part"], data["range_end"]) == line.want


@with_duckling
def test_the_language_is_guessed_where_it_is_not_told() -> None:
    assert answer_line(asked(text="next Thursday at 2pm"))["date"] == "2026-12-03"
    assert answer_line(asked(text="来週の木曜日"))["date"] == "2026-12-03"
    assert answer_line(asked(text="다음 주 목요일"))["date"] == "2026-12-03"
    assert answer_line(asked(text="2 pm mai"))["date"] == "2026-11-24"


@with_duckling
def test_ctrl_c_is_still_ours_after_duckling_has_started() -> None:
    # In a process of its own: here other tests' event loops may have taken the signal.
    script = (
        "import signal; from bot.clients import duckling; assert duckling.load() is not None\n"
        "try: signal.raise_signal(signal.SIGINT)\n"
        "except KeyboardInterrupt: print('ours')"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert ended.stdout.strip() == "ours", ended.stderr


@with_duckling
@given(st.text(), st.sampled_from(list(Language)))
def test_nothing_that_is_written_breaks_it(text: str, language: Language) -> None:
    reading = read_when(text, AT, language)
    if reading.span is not None:
        start, end = reading.span
        assert 0 <= start < end <= len(text)
