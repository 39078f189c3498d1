"""`bot official` on a real database: the first account, and the way back in."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from bot import official_accounts
from bot.domain.official import Role
from bot.persistence import account_changes
from bot.persistence.audit import COMMAND_LINE, SqlAudit
from bot.secret_key import secret_key
from bot.settings import Settings
from tests.conftest import Database
from tests.console.visiting import Place


async def test_the_first_account_and_the_way_back_in(database: Database, tmp_path: Path) -> None:
    settings = Settings(database_url=database.url, var_dir=tmp_path)
    said: list[str] = []
    await official_accounts.add(
        settings, "Quan-Tri", name="Nguyễn Văn An", role=Role.ADMINISTRATOR, departments={}, language="vi", ask=False,
        say=said.append,
    )  # fmt: skip
    password = said[1].rpartition(" ")[2]
    browser = Place(database.engine).browser()
    assert (await browser.sign_in("quan-tri", password)).status_code == 303
    await official_accounts.reset_second_factor(settings, "quan-tri", said.append)
    await official_accounts.reset_password(settings, "quan-tri", ask=False, say=said.append)
    assert (await browser.sign_in("quan-tri", password)).status_code == 401
    with pytest.raises(account_changes.LastAdministrator):
        await official_accounts.deactivate(settings, "quan-tri", said.append)
    with pytest.raises(account_changes.LoginTaken):
        await official_accounts.add(
            settings, "quan-tri", name="Hai", role=Role.OFFICIAL, departments={}, language="vi", ask=False,
            say=said.append,
        )  # fmt: skip
    with pytest.raises(account_changes.NoSuchDepartment):
        await official_accounts.add(
            settings, "hai", name="Hai", role=Role.OFFICIAL, departments={"nowhere": "clerk"}, language="vi",
            ask=False, say=said.append,
        )  # fmt: skip
    await official_accounts.show_all(settings, said.append)
    assert said[-1].startswith("quan-tri  administrator  active")
    entries, _ = await SqlAudit(database.engine).entries(actor=COMMAND_LINE)
    assert [kept.entry.action for kept in entries] == ["password_reset", "second_factor_reset", "account_added"]
    assert password not in str(entries)


@pytest.mark.parametrize("typed", [("short",), ("bốn từ ghép lại", "bốn từ ghép khác")])
def test_a_typed_password_is_checked(monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...]) -> None:
    answers = iter(typed)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    with pytest.raises(official_accounts.PasswordRefused):
        official_accounts.typed(Settings(), "an")


def test_a_demonstration_has_a_secret_of_its_own(tmp_path: Path) -> None:
    one = secret_key(Settings(var_dir=tmp_path))
    assert one == secret_key(Settings(var_dir=tmp_path))
    assert one != secret_key(Settings(var_dir=tmp_path / "other"))
    assert len(one) >= 48
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert secret_key(Settings(var_dir=tmp_path, secret_key="s" * 32)) == "s" * 32
