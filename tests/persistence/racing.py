"""One of several processes whose contacts all want the same opening; `python -m tests.persistence.racing URL COUNT`.

Says `ready`, waits for a line, lets every contact hold and confirm, and prints what became of them as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

from bot.conversation.messages import Address
from bot.domain.booking.appointment import Details
from bot.domain.booking.errors import OpeningFull
from bot.persistence.engine import create_engine
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.offices import COMPANY, EARLY, MONDAY, city

NINE = city(MONDAY, 9)


async def race(url: str, name: str, count: int) -> Counter[str]:
    """What became of `count` contacts."""
    engine = create_engine(url, pool=10)
    connections = asyncio.Semaphore(10)  # as many as the pool has: waiting for one is not what is tried here

    async def want(number: int) -> str:
        address = Address("echo", f"{name}-{number}")
        details = Details("Nguyễn Văn An", f"+84912{int(name):02}{number:04}")
        try:
            async with connections, SqlUnitOfWork(engine) as uow:
                hold = await uow.appointments.hold(address, COMPANY, NINE, EARLY)
                await uow.commit()
            async with connections, SqlUnitOfWork(engine) as uow:
                await uow.appointments.confirm(address, hold.code, details, EARLY)
                await uow.commit()
        except OpeningFull:
            return "full"
        except Exception as error:
            return repr(error)
        return "booked"

    async with engine.connect():
        print("ready", flush=True)  # noqa: T201 - the other end waits for it
        await asyncio.to_thread(sys.stdin.readline)
    ends = Counter(await asyncio.gather(*(want(number) for number in range(count))))
    await engine.dispose()
    return ends


def main() -> None:
    url, name, count = sys.argv[1:]
    print(json.dumps(asyncio.run(race(url, name, int(count)))))  # noqa: T201


if __name__ == "__main__":
    main()
