"""The commands of `bot`."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from pydantic import ValidationError

from bot import log
from bot.conversation.messages import InboundMessage, Reply
from bot.domain.errors import AssistantError
from bot.domain.official import Role
from bot.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The assistant a city lends its businesses.",
)
knowledge_app = typer.Typer(no_args_is_help=True, help="The procedures the assistant answers from.")
app.add_typer(knowledge_app, name="knowledge")
directory_app = typer.Typer(no_args_is_help=True, help="Departments, services, counters and their hours.")
app.add_typer(directory_app, name="directory")
official_app = typer.Typer(no_args_is_help=True, help="Accounts of officials and administrators, for the console.")
app.add_typer(official_app, name="official")

Login = Annotated[str, typer.Argument(help="The login.")]
Ask = Annotated[
    bool, typer.Option("--ask-password", help="Type a password twice; otherwise a one-time password is made and shown.")
]


def _say(text: str) -> None:
    typer.echo(f"· {text}", err=True)


def _settings(*, quiet: bool = False) -> Settings:
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors():
            typer.echo(f"setting CTC_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}", err=True)
        raise typer.Exit(2) from error
    log.configure("WARNING" if quiet else settings.log_level, as_json=settings.log_json)
    return settings


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a command to its end; what the assistant foresaw becomes one plain line."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except AssistantError as error:
        typer.echo(f"Cannot go on: {error}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command()
def up() -> None:
    """Set up and run everything on this machine: database, understanding, knowledge, channels."""
    from bot.running import up

    _run(up(_settings(), _say))


@app.command()
def serve() -> None:
    """Only the web app and the channels' webhooks; the worker runs elsewhere."""
    from bot.running import serve

    _run(serve(_settings(), _say))


@app.command()
def work() -> None:
    """Only the worker that takes turns and delivers replies."""
    from bot.running import work

    _run(work(_settings(), _say))


@app.command()
def schedule() -> None:
    """Only the sweeps: retries, stalled jobs, retention, re-indexing. Any number may run."""
    from bot.running import schedule

    _run(schedule(_settings(), _say))


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="One question; without it JSON lines are read.")] = None,
) -> None:
    """Answer JSON lines from standard input with one JSON line each, or one question given here."""
    _run(_ask(_settings(quiet=True), text))


async def _ask(settings: Settings, text: str | None) -> None:
    from bot.headless import answer_line, headless, to_line

    async with headless(settings, "ask", _say) as assistant:
        if text is not None:
            data = await answer_line(assistant, json.dumps({"conversation": "cli", "text": text}))
            for reply in data["replies"]:
                typer.echo(reply["text"])
            return
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                typer.echo(to_line(await answer_line(assistant, line)))
                sys.stdout.flush()


@app.command()
def when() -> None:
    """Read JSON lines of a text and a moment from standard input; write the day and hour each text means."""
    from bot.when import answer_line, to_line

    while line := sys.stdin.readline():
        if line.strip():
            typer.echo(to_line(answer_line(line)))
            sys.stdout.flush()


@app.command()
def chat() -> None:
    """Talk with the assistant in the terminal."""
    _run(_chat(_settings(quiet=True)))


async def _chat(settings: Settings) -> None:
    from bot.channels.terminal import Terminal
    from bot.headless import headless

    async with headless(settings, "terminal", _say) as assistant:

        async def turn(message: InboundMessage) -> Sequence[Reply]:
            return (await assistant.send(message)).replies

        await Terminal(turn, contact=getpass.getuser()).converse()


@app.command()
def train() -> None:
    """Train the understanding where its data changed."""
    from bot import nlu_server

    typer.echo(str(nlu_server.train(_settings(), _say)))


@app.command()
def evaluate(
    json_out: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """How well the assistant understands and finds, on the sets in data/evaluation."""
    from bot.evaluating import evaluate

    _run(evaluate(_settings(quiet=True), _say, json_out))


@knowledge_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines, plain or .gz.")],
    form: Annotated[str, typer.Option("--format", help="compact, or portal: the national portal's own records.")] = (
        "compact"
    ),
) -> None:
    """Import the catalogue of procedures. May be interrupted and started again; twice is the same as once."""
    _run(_import(_settings(quiet=True), file, form))


async def _import(settings: Settings, file: Path, form: str) -> None:
    from bot.importing import import_file

    refused = await import_file(settings, file, form, _say)
    if refused:
        raise typer.Exit(3)


@knowledge_app.command("check")
def check() -> None:
    """Check the procedures, lay questions, groups and lines of business of data/ for mistakes."""
    from knowledge.checking import GOOD
    from knowledge.checking import check as find_faults

    faults = find_faults(_settings(quiet=True).data_dir)
    for fault in faults:
        typer.echo(fault)
    typer.echo(f"{len(faults)} mistakes" if faults else GOOD)
    raise typer.Exit(1 if faults else 0)


@official_app.command("add")
def add_official(
    login: Login,
    name: Annotated[str, typer.Option(help="Full name.")],
    role: Annotated[
        Role | None, typer.Option(help="Without it the first account is an administrator's, every other an official's.")
    ] = None,
    department: Annotated[list[str] | None, typer.Option(help="Key of a department they are a clerk of.")] = None,
    head: Annotated[list[str] | None, typer.Option(help="Key of a department they head.")] = None,
    language: Annotated[str, typer.Option(help="vi or en.")] = "vi",
    ask: Ask = False,
) -> None:
    """Add an account."""
    from bot.official_accounts import add, departments_of

    if language not in ("vi", "en"):
        raise typer.BadParameter("vi or en", param_hint="--language")
    departments = departments_of(department or [], head or [])
    settings = _settings(quiet=True)
    _run(
        add(settings, login, name=name, role=role, departments=departments, language=language, ask=ask, say=typer.echo)
    )


@official_app.command("list")
def list_officials() -> None:
    """Every account, a line each."""
    from bot.official_accounts import show_all

    _run(show_all(_settings(quiet=True), typer.echo))


@official_app.command("reset-password")
def reset_password(login: Login, ask: Ask = False) -> None:
    """A one-time password in place of theirs; ends their sessions."""
    from bot.official_accounts import reset_password

    _run(reset_password(_settings(quiet=True), login, ask=ask, say=typer.echo))


@official_app.command("reset-totp")
def reset_totp(login: Login) -> None:
    """Forget their second step, to be set up anew; ends their sessions."""
    from bot.official_accounts import reset_second_factor

    _run(reset_second_factor(_settings(quiet=True), login, typer.echo))


@official_app.command("deactivate")
def deactivate_official(login: Login) -> None:
    """Switch an account off; ends their sessions."""
    from bot.official_accounts import deactivate

    _run(deactivate(_settings(quiet=True), login, typer.echo))


@directory_app.command("import")
def import_directory(
    folder: Annotated[Path | None, typer.Argument(file_okay=False, help="Without it data/directory is read.")] = None,
    overwrite: Annotated[bool, typer.Option(help="Also over what was edited on a page.")] = False,
) -> None:
    """Take departments, services, counters and hours from files; twice is the same as once."""
    from bot.directory import take_in

    settings = _settings(quiet=True)
    _run(take_in(settings, folder or settings.data_dir / "directory", overwrite=overwrite, say=_say))


@directory_app.command("export")
def export_directory(folder: Annotated[Path, typer.Argument(file_okay=False, help="It is made if missing.")]) -> None:
    """Write departments, services, counters and hours in use to files."""
    from bot.directory import give_out

    _run(give_out(_settings(quiet=True), folder, _say))


@directory_app.command("check")
def check_directory(
    folder: Annotated[Path | None, typer.Argument(file_okay=False, help="Without it data/directory is read.")] = None,
) -> None:
    """Check departments, services, counters and hours for mistakes."""
    from bot.directory import GOOD
    from bot.directory import check as find_faults

    data = _settings(quiet=True).data_dir
    faults = find_faults(folder or data / "directory", data)
    for fault in faults:
        typer.echo(fault)
    typer.echo(f"{len(faults)} mistakes" if faults else GOOD)
    raise typer.Exit(1 if faults else 0)
