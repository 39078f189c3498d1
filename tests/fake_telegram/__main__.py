"""The fake Telegram alone, for benchmarks and for trying things by hand.

python -m tests.fake_telegram --port 8081
CTC_TELEGRAM_API_URL=http://127.0.0.1:8081 CTC_TELEGRAM_TOKEN=123456:FAKE-TOKEN-for-tests make run
curl -d '{"text": "mở quán cà phê cần giấy tờ gì"}' http://127.0.0.1:8081/sim/people/1/text
curl http://127.0.0.1:8081/sim/people/1/sees
"""

from __future__ import annotations

import argparse
import asyncio

from .server import TOKEN, FakeTelegram


async def serve(port: int, token: str) -> None:
    """Serve until interrupted."""
    async with FakeTelegram(port=port, token=token) as telegram:
        print(f"fake Telegram: CTC_TELEGRAM_API_URL={telegram.url} CTC_TELEGRAM_TOKEN={token}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake Telegram on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    asked = parser.parse_args()
    try:
        asyncio.run(serve(asked.port, asked.token))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
