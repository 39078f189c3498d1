"""A fake Telegram: a small working Bot API server, and people who write to the bot.

`FakeTelegram` serves it inside a test; `python -m tests.fake_telegram --port N` serves it alone.
"""

from .people import Person, Seen
from .server import FakeTelegram

__all__ = ["FakeTelegram", "Person", "Seen"]
