"""The embedded server: shared, revived, and never fooled by what a crash leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from bot.persistence.embedded import EmbeddedPostgres


@pytest.fixture
def server(server_folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(server_folder, durable=False)
    yield server
    server.stop()
    server.halt()


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().split("\n")[0])


def answer(server: EmbeddedPostgres) -> object:
    with psycopg.connect(server.url) as connection:
        return connection.execute("SELECT 1").fetchone()


def test_it_starts_answers_and_stops(server: EmbeddedPostgres) -> None:
    server.start()
    assert answer(server) == (1,)
    server.stop()
    assert not server.is_running()


def test_starting_twice_changes_nothing(server: EmbeddedPostgres) -> None:
    server.start()
    before = postmaster(server)
    server.start()
    assert postmaster(server) == before


def test_it_is_revived_after_kill_9(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    os.kill(postmaster(server), signal.SIGKILL)
    psutil.wait_procs([psutil.Process(p) for p in psutil.pids() if p == postmaster(server)], timeout=60)
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_stranger_with_the_old_process_id_is_not_mistaken_for_it(server: EmbeddedPostgres) -> None:
    """After a container restart the numbers begin again, and the file of the crashed server remembers one."""
    server.start()
    remembered = (server.folder / "postmaster.pid").read_text()
    server.halt()
    # The stranger must have the rights of the server's account: others are not taken for a postmaster.
    account = None if os.geteuid() else server.folder.stat().st_uid
    stranger = subprocess.Popen(["sleep", "600"], user=account)
    try:
        _, rest = remembered.split("\n", 1)
        (server.folder / "postmaster.pid").write_text(f"{stranger.pid}\n{rest}")
        assert not server.is_running()
        server.start()
        assert answer(server) == (1,)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_folder_whose_making_was_interrupted_is_put_aside(server: EmbeddedPostgres) -> None:
    server.folder.mkdir()
    (server.folder / "base").mkdir()
    server.start()
    assert answer(server) == (1,)
    assert (server.folder.parent / "postgres.broken-1" / "base").exists()


def test_a_path_too_long_for_a_socket_still_works(server_folder: Path) -> None:
    folder = server_folder / ("a" * 60) / ("b" * 60) / "post's 100% gres"
    with EmbeddedPostgres(folder, durable=False) as server:
        assert answer(server) == (1,)


def test_the_last_of_several_processes_stops_it(server: EmbeddedPostgres) -> None:
    """Also when one of them was killed and could not say goodbye."""
    server.start()
    script = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from bot.persistence.embedded import EmbeddedPostgres
        EmbeddedPostgres(Path({str(server.folder)!r}), durable=False).start()
        print("ready", flush=True)
        time.sleep(600)
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        server.stop()
        assert server.is_running(), "another process still uses it"
        server.start()
        other.kill()
        other.wait()
    server.stop()
    assert not server.is_running()
