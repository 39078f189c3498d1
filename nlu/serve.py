"""Serve a model over HTTP: POST /model/parse {"text": "..."}. From the repository's root:

    RASA_TOKEN=secret nlu/.venv/bin/python -m nlu.serve --model var/models/<hash>.tar.gz --port 5005 --with-parent

It accepts connections only once the model is loaded, so a port that answers `GET /` is ready. Where a
token is set, requests carry it as `?token=`. `--with-parent` ends the server when the process that
started it is gone, however it went. It listens on 127.0.0.1; other hosts are let in with `--host`.

The same as `rasa run --enable-api -m MODEL -p PORT -i 127.0.0.1 -t TOKEN`, without channels, telemetry
and access log.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

from . import quiet  # noqa: F401


def serve(model: Path, host: str, port: int, token: str | None, with_parent: bool) -> None:
    """Run until SIGINT or SIGTERM."""
    from rasa.core.run import close_resources, configure_app, load_agent_on_start
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(level=logging.WARNING)
    configure_structlog(logging.WARNING)  # below it Rasa logs every utterance in full
    endpoints = AvailableEndpoints()
    app = configure_app(input_channels=[], auth_token=token, enable_api=True, endpoints=endpoints)
    app.register_listener(partial(load_agent_on_start, str(model), endpoints, None), "before_server_start")
    app.register_listener(_settle, "before_server_start")
    app.register_listener(close_resources, "after_server_stop")
    if with_parent:
        app.add_task(_end_with(os.getppid()))
    app.run(host=host, port=port, workers=1, access_log=False, motd=False)


def _settle(*_: Any) -> None:
    """What is loaded now stays: the garbage collector need not walk it with every hundredth parse."""
    gc.collect()
    gc.freeze()


async def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        await asyncio.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    parser = argparse.ArgumentParser(prog="nlu.serve", description="Serve a trained model over HTTP.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--token", default=os.environ.get("RASA_TOKEN"), help="better given as RASA_TOKEN")
    parser.add_argument("--with-parent", action="store_true", help="end when the starting process ends")
    options: Any = parser.parse_args()
    if not options.model.is_file():
        raise SystemExit(f"There is no model at {options.model}: run `python -m nlu.train` first.")
    serve(options.model, options.host, options.port, options.token, options.with_parent)


if __name__ == "__main__":
    main()
