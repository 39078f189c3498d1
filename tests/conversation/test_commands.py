"""Words that mean a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.commands import Commands
from bot.conversation.messages import Kind
from bot.conversation.wording import Wording
from tests.builders import a_message


@pytest.fixture(scope="module")
def commands() -> Commands:
    return Commands(Wording.read(Path(__file__).resolve().parents[2] / "data" / "wording"))


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("dữ liệu của tôi", "mydata"),
        ("du lieu cua toi", "mydata"),
        ("Xóa dữ liệu của tôi!", "mydata"),
        ("My data", "mydata"),
        ("내 데이터", "mydata"),
        ("我的数据。", "mydata"),
        ("自分のデータ", "mydata"),
        ("Help", "help"),
        ("trợ giúp", "help"),
        ("đổi ngôn ngữ", "language"),
        ("更换语言", "language"),
    ],
)
def test_what_a_button_says_may_be_typed(commands: Commands, said: str, command: str) -> None:
    read = commands.read(a_message(said))
    assert (read.kind, read.text) == (Kind.COMMAND, command)


@pytest.mark.parametrize("said", ["help me open a café", "trợ giúp tôi mở quán", "dữ liệu của tôi ở đâu ra", "", "?"])
def test_a_sentence_round_such_a_word_is_a_question(commands: Commands, said: str) -> None:
    message = a_message(said)
    assert commands.read(message) is message


def test_a_tap_stays_a_tap(commands: Commands) -> None:
    tapped = a_message("help", kind=Kind.CHOICE, choice="erase")
    assert commands.read(tapped) is tapped
