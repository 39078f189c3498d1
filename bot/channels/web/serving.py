"""The web server: uvicorn, made to stop within seconds though streams are open.

uvicorn waits for open responses, and an event stream never ends by itself.
"""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from .wakeups import Wakeups

PATIENCE = 5
"""Seconds that other requests have to finish."""


class WebServer(uvicorn.Server):
    """Serves `app` on `host` and `port`; `wakeups` are those the app was made with.

    `await serve()` runs until `should_exit` is set or a signal comes.
    """

    def __init__(self, app: FastAPI, wakeups: Wakeups, *, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,  # addresses of people
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=PATIENCE,
            )
        )
        self._wakeups = wakeups

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._wakeups.close()
        await super().shutdown(sockets)
