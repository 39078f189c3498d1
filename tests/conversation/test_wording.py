"""The sentences: none missing in any language, none unused, none that cannot be said."""

from __future__ import annotations

import ast
import re
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.conversation.conversing import _SMALLTALK
from bot.conversation.referring import _KEYS
from bot.conversation.wording import Wording, WordingError, facts_of, faults, show_date
from bot.domain.procedure import Facet, Language, Method, Text, TimeUnit
from knowledge.composing import _CAUTIONS, Dong, Line, Phrase, Phrases

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "wording"
ALWAYS_THERE = frozenset({"portal", "city_portal"})
"""Facts that the speaker adds to every sentence of its own."""


@cache
def sentences() -> dict[Language, dict[str, str]]:
    """All sentences, those of every part of the house."""
    found: dict[Language, dict[str, str]] = {}
    for language in Language:
        paths = (FOLDER / f"{language}.yml", *sorted(FOLDER.glob(f"*/{language}.yml")))
        found[language] = {key: text for path in paths for key, text in in_file(path).items()}
    return found


def in_file(path: Path) -> dict[str, str]:
    sentences: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return sentences


@cache
def wording() -> Wording:
    return Wording.read(FOLDER)


@cache
def code() -> dict[Path, ast.AST]:
    paths = [path for package in ("bot", "knowledge") for path in sorted((ROOT / package).rglob("*.py"))]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def nodes(*, without: Path | None = None) -> Iterator[ast.AST]:
    trees = (tree for path, tree in code().items() if without is None or not path.is_relative_to(without))
    return (node for tree in trees for node in ast.walk(tree))


def calls() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Function, wording key and names of the facts of every call that says a key by its name."""
    for node in nodes(without=ROOT / "bot" / "console"):  # its pages have words of their own
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name not in ("Line", "Phrase", "say", "reply", "button") or (
            name == "say" and isinstance(node.func, ast.Name)
        ):
            continue  # a bare `say` speaks to the terminal
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        yield name, first.value, _facts(name, node)


def _facts(name: str, node: ast.Call) -> frozenset[str] | None:
    """The names of the facts, None where they cannot be told from the call alone."""
    if name in ("say", "reply", "button"):
        named = [keyword.arg for keyword in node.keywords]
        return None if None in named else ALWAYS_THERE | {arg for arg in named if arg is not None}
    if len(node.args) < 2:
        return frozenset()
    given = node.args[1]
    if not isinstance(given, ast.Dict) or None in given.keys:
        return None
    return frozenset(str(ast.literal_eval(key)) for key in given.keys if key is not None)


def test_five_files_have_the_same_keys_and_facts() -> None:
    assert faults(sentences()) == []


def test_every_key_that_code_says_exists_and_gets_its_facts() -> None:
    said = list(calls())
    assert len(said) > 60
    for name, key, facts in said:
        assert key in sentences()[Language.VI], key
        if facts is not None and (name, key) != ("Line", "source_line"):  # that one builds on other facts
            assert facts_of(sentences()[Language.VI][key]) <= facts | ALWAYS_THERE, (key, facts)


def test_every_key_of_a_family_exists() -> None:
    family = [
        *(f"button_{facet}" for facet in Facet),
        *(f"method_{method}" for method in Method),
        *(f"duration_{unit}" for unit in TimeUnit),
        *(f"caution_{caution}" for cautions in _CAUTIONS.values() for caution in cautions),
        *_SMALLTALK.values(),
        *_KEYS.values(),
    ]
    assert set(family) <= set(sentences()[Language.VI])


def test_no_sentence_is_left_over() -> None:
    constants = {node.value for node in nodes() if isinstance(node, ast.Constant)}
    families = [
        re.compile("".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values))
        for node in nodes()
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and re.fullmatch(r"[a-z]{3,}(?:_[a-z]+)*_", str(node.values[0].value))
    ]
    unused = [
        key
        for key in sentences()[Language.VI]
        if key not in constants and not any(family.fullmatch(key) for family in families)
    ]
    assert unused == []


@pytest.mark.parametrize("language", list(Language))
def test_sentences_are_clean(language: Language) -> None:
    for key, sentence in sentences()[language].items():
        assert isinstance(sentence, str), key
        assert sentence.strip(), key
        assert sentence == unicodedata.normalize("NFC", sentence), key
        assert "  " not in sentence.strip().replace("\n  ", "\n"), key
        assert sentence.rstrip() == sentence, key
        said = sentence.format_map(dict.fromkeys(facts_of(sentence), "X"))
        assert "{" not in said, key
        assert "}" not in said, key
        if key.startswith("button_"):
            assert len(sentence) <= 44, key
            assert "\n" not in sentence, key


@pytest.mark.parametrize("language", [Language.KO, Language.ZH, Language.JA])
def test_sentences_are_in_their_own_script(language: Language) -> None:
    letters = {
        Language.KO: r"[\uac00-\ud7a3]",
        Language.ZH: r"[\u4e00-\u9fff]",
        Language.JA: r"[\u3040-\u30ff\u4e00-\u9fff]",
    }
    bare = {key for key, text in sentences()[language].items() if not re.search(letters[language], text)}
    plain = {key for key, text in sentences()[Language.VI].items() if not re.search(r"[^\W\d_]", _between(text))}
    assert bare - plain <= {"web_name"}  # the assistant keeps its name


def _between(sentence: str) -> str:
    return re.sub(r"\{\w+\}", "", sentence)


def test_money_is_written_as_each_language_writes_it() -> None:
    line = (Line("fee_line_any", {"amount": Dong(1_000_000)}),)
    assert "1.000.000 đồng" in wording().lines(line, Language.VI)
    assert "1,000,000" in wording().lines(line, Language.EN)
    for language in (Language.KO, Language.ZH, Language.JA):
        assert "1,000,000" in wording().lines(line, language)
    free = (Line("fee_line_any", {"amount": Dong(0)}),)
    assert "miễn phí" in wording().lines(free, Language.VI)


def test_days_are_written_as_each_language_writes_them() -> None:
    day = date(2026, 3, 2)
    assert [show_date(day, language) for language in Language] == [
        "02/03/2026",
        "2 March 2026",
        "2026년 3월 2일",
        "2026年3月2日",
        "2026年3月2日",
    ]


def test_a_fact_is_shown_in_the_contacts_language_or_the_nearest_one() -> None:
    line = (Line("bullet", {"text": Text("phở", en="noodles", ko="쌀국수")}),)
    assert wording().lines(line, Language.KO) == "• 쌀국수"
    assert wording().lines(line, Language.JA) == "• noodles"
    assert wording().lines((Line("bullet", {"text": Text("phở")}),), Language.JA) == "• phở"


def test_braces_and_percent_signs_in_a_fact_are_left_alone() -> None:
    assert wording().lines((Line("bullet", {"text": "{name} 100% {0}"}),), Language.EN) == "• {name} 100% {0}"


def test_parts_are_said_in_a_row() -> None:
    parts = Phrases((Phrase("method_online"), Phrase("method_post")))
    line = Line("time_line", {"methods": parts, "duration": Phrase("duration_day", {"number": 3})})
    assert wording().lines((line,), Language.EN).count("3") == 1
    assert ", " in wording().lines((line,), Language.VI)


def test_a_fact_the_sentence_does_not_name_is_left_out() -> None:
    assert wording().say("goodbye", Language.EN, portal="https://x") == sentences()[Language.EN]["goodbye"]


@pytest.mark.parametrize(
    ("key", "sentence", "reason"),
    [
        ("greet", None, "says nothing"),
        ("greet", "   ", "says nothing"),
        ("greet", "hello {name", "half"),
        ("greet", "hello }", "half"),
        ("greet", "hello {}", "no fact"),
        ("greet", "hello {0}", "no fact"),
        ("greet", "hello {portal.__class__}", "no fact"),
        ("answer_title", "only {title}", "other facts"),
        ("greeet", "a new key", "not in Vietnamese"),
    ],
)
def test_an_editors_mistake_is_named_before_anyone_reads_it(
    tmp_path: Path, key: str, sentence: str | None, reason: str
) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    edited = {**in_file(FOLDER / "en.yml"), key: sentence}
    (tmp_path / "en.yml").write_text(yaml.safe_dump(edited, allow_unicode=True), encoding="utf-8")
    with pytest.raises(WordingError, match=f"en: {key} .*{reason}"):
        Wording.read(tmp_path)


@pytest.mark.parametrize("broken", ["", "- a\n- b\n", "greet: [", "just words", "greet: \xff"])
def test_a_file_that_is_no_wording_is_named(tmp_path: Path, broken: str) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "ko.yml").write_bytes(broken.encode("latin-1"))
    with pytest.raises(WordingError, match=r"ko\.yml|ko:"):
        Wording.read(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"vi\.yml"):
        Wording.read(tmp_path)
