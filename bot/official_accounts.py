"""`bot official`: accounts from the command line, for the first one and for when nobody can sign in."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import database
from bot.console.passwords import LEAST, Passwords, fault_of, one_time_password
from bot.console.wording import ConsoleWording
from bot.domain.errors import AssistantError
from bot.domain.official import Part, Role
from bot.persistence import account_changes, account_help, officials
from bot.persistence.audit import COMMAND_LINE
from bot.persistence.engine import create_engine
from bot.persistence.officials import Account, SqlOfficials
from bot.settings import Settings


class PasswordRefused(AssistantError):
    """The password that was typed may not be used; the message says why."""


@contextlib.asynccontextmanager
async def _accounts(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The database, embedded or not; a running assistant shares it."""
    async with database(settings) as url:
        engine = create_engine(url, pool=2)
        try:
            yield engine
        finally:
            await engine.dispose()


async def add(
    settings: Settings,
    login: str,
    *,
    name: str,
    role: Role | None,
    departments: dict[str, Part],
    language: str,
    ask: bool,
    say: Callable[[str], None],
) -> None:
    """Add an account with a password that is typed twice, or with a one-time one that is said once.

    Without a `role` the first account of all is an administrator's, since somebody must add the others.
    """
    login = login.strip().lower()
    password = typed(settings, login) if ask else one_time_password()
    kept = await asyncio.to_thread(Passwords().hash_now, password)
    async with _accounts(settings) as engine, engine.begin() as connection:
        if role is None:
            role = Role.OFFICIAL if await officials.are_there_any(connection) else Role.ADMINISTRATOR
        try:
            await account_changes.add(
                connection,
                login=login,
                name=" ".join(name.split()),
                role=role,
                password_hash=kept,
                must_change_password=not ask,
                departments=departments,
                language=language,
                actor=COMMAND_LINE,
            )
        except account_changes.LoginTaken as error:
            raise account_changes.LoginTaken(f"there is an account {login} already") from error
        except account_changes.BadLogin as error:
            raise account_changes.BadLogin(f"{login!r} is no login: {account_changes.BadLogin.__doc__}") from error
    say(f"added {login} ({role})")
    if not ask:
        say(f"one-time password, to be changed at the first sign-in: {password}")
    if role is Role.ADMINISTRATOR:
        say("the first sign-in also sets up the second step: have an authenticator app ready")


async def show_all(settings: Settings, say: Callable[[str], None]) -> None:
    """A line for each account."""
    async with _accounts(settings) as engine:
        found = await SqlOfficials(engine).all()
    for account in found:
        parts = ", ".join(f"{key} ({part})" for key, part in account.departments.items())
        state = "active" if account.active else "deactivated"
        second = "second step" if account.second_factor else "no second step"
        say(f"{account.login}  {account.role}  {state}  {second}  {parts}".rstrip())
    if not found:
        say("no accounts yet; add one: bot official add LOGIN --name NAME --role administrator")


async def reset_password(settings: Settings, login: str, *, ask: bool, say: Callable[[str], None]) -> None:
    """A one-time password (or a typed one, which is to be changed as well) in place of theirs."""
    async with _accounts(settings) as engine:
        account = await _named(engine, login)
        password = await asyncio.to_thread(typed, settings, account.login) if ask else one_time_password()
        kept = await asyncio.to_thread(Passwords().hash_now, password)
        async with engine.begin() as connection:
            await account_help.reset_password(connection, account, kept, actor=COMMAND_LINE, now=datetime.now(UTC))
    say(f"the password of {account.login} was reset; all sessions ended")
    if not ask:
        say(f"one-time password, to be changed at the next sign-in: {password}")


async def reset_second_factor(settings: Settings, login: str, say: Callable[[str], None]) -> None:
    """Forget the second factor."""
    async with _accounts(settings) as engine:
        account = await _named(engine, login)
        async with engine.begin() as connection:
            await account_help.reset_second_factor(connection, account, actor=COMMAND_LINE, now=datetime.now(UTC))
    say(f"the second step of {account.login} was reset; all sessions ended")


async def deactivate(settings: Settings, login: str, say: Callable[[str], None]) -> None:
    """Switch an account off. Raises `LastAdministrator`."""
    async with _accounts(settings) as engine:
        account = await _named(engine, login)
        async with engine.begin() as connection:
            try:
                await account_changes.switch(
                    connection, account, active=False, actor=COMMAND_LINE, now=datetime.now(UTC)
                )
            except account_changes.LastAdministrator as error:
                raise account_changes.LastAdministrator(f"{account.login} is the last active administrator") from error
    say(f"{account.login} was deactivated; all sessions ended")


async def _named(engine: AsyncEngine, login: str) -> Account:
    try:
        return await SqlOfficials(engine).named(login.strip())
    except officials.NoSuchOfficial as error:
        raise officials.NoSuchOfficial(f"there is no account {login}") from error


def typed(settings: Settings, login: str) -> str:
    """A password typed twice, never an argument: those stand in the shell's history. Raises `PasswordRefused`."""
    password = getpass.getpass("Password: ")
    fault = fault_of(password, login)
    if fault is not None:
        raise PasswordRefused(ConsoleWording.read(settings.data_dir / "console").say(fault, "en", least=LEAST))
    if getpass.getpass("Password again: ") != password:
        raise PasswordRefused("the two passwords differ")
    return password


def departments_of(department: list[str], head: list[str]) -> dict[str, Part]:
    """Keys of departments as the options give them."""
    clerk_of: dict[str, Part] = dict.fromkeys(department, "clerk")
    head_of: dict[str, Part] = dict.fromkeys(head, "head")
    return clerk_of | head_of
