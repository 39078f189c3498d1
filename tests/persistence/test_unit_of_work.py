"""The unit of work: a turn's effects come true together, once, or not at all."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from bot.conversation.interpretation import Entity, Interpretation
from bot.conversation.outcomes import Candidate, Outcome, Route, TurnResult
from bot.conversation.tracker import Owner, Pending, Tracker
from bot.domain.errors import DuplicateMessage, StaleTracker
from bot.domain.procedure import Facet, Language
from bot.persistence.contact_data import erase_contact, export_contact
from bot.persistence.intake import SqlIntake
from bot.persistence.recall import SqlRecall
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.builders import a_message, a_reply, a_result, an_address
from tests.conftest import Database
from tests.persistence.test_intake import rows


async def test_what_was_not_committed_never_happened(database: Database) -> None:
    message = a_message()
    await SqlIntake(database.engine).accept(message)
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.inbox.finish(message, a_result())
        await uow.trackers.save(Tracker(message.address))
        await uow.outbox.add(message.address, (a_reply(),))
    assert await rows(database, "SELECT state FROM inbox") == [("pending",)]
    assert await rows(database, "SELECT version FROM conversation") == [(0,)]
    assert await rows(database, "SELECT count(*) FROM outbox") == [(0,)]


async def test_a_tracker_comes_back_as_it_was_saved(database: Database) -> None:
    address = an_address()
    pending = Pending("which_company", ("2.001583", "2.001199"), Facet.FEE, "phí thành lập công ty")
    saved = Tracker(
        address, Language.KO, True, Owner.OFFICIAL, "2.001583", Facet.FEE, pending, {"date": "2026-11-24"}, turns=4
    )
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.trackers.save(saved)
        await uow.commit()
    assert saved.version == 1
    assert await SqlRecall(database.engine).tracker(address) == saved


async def test_a_stranger_has_a_fresh_tracker(database: Database) -> None:
    address = an_address()
    assert await SqlRecall(database.engine).tracker(address) == Tracker(address)


async def test_a_tracker_that_cannot_be_read_any_more_is_forgotten_and_not_fatal(database: Database) -> None:
    address = an_address()
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.trackers.save(Tracker(address, Language.JA, subject="2.001583"))
        await uow.commit()
    await rows(database, """UPDATE conversation SET tracker = '{"facet": "smell", "turns": 3}' RETURNING 1""")
    assert await SqlRecall(database.engine).tracker(address) == Tracker(address, Language.JA, version=1)


async def test_two_turns_that_read_the_same_tracker_cannot_both_save_it(database: Database) -> None:
    """Seen to fail without the version in the update: the second save then erased the first one's subject."""
    address = an_address()
    recall = SqlRecall(database.engine)
    first, second = await recall.tracker(address), await recall.tracker(address)
    first.subject, second.language_chosen = "2.001583", True

    async def save(tracker: Tracker) -> bool:
        async with SqlUnitOfWork(database.engine) as uow:
            try:
                await uow.trackers.save(tracker)
            except StaleTracker:
                return False
            await uow.commit()
        return True

    assert sorted(await asyncio.gather(save(first), save(second))) == [False, True]
    kept = await recall.tracker(address)
    assert (kept.subject is None) == kept.language_chosen


async def test_an_update_is_finished_once_though_two_turns_took_it(database: Database) -> None:
    """Both are past every check before either writes; seen to fail without the state in the update."""
    message = a_message()
    await SqlIntake(database.engine).accept(message)
    ready = asyncio.Barrier(2)

    async def finish(answer: str) -> bool:
        async with SqlUnitOfWork(database.engine) as uow:
            await uow.connection.execute(text("SELECT state FROM inbox"))
            await ready.wait()
            try:
                await uow.inbox.finish(message, a_result())
            except DuplicateMessage:
                return False
            await uow.outbox.add(message.address, (a_reply(answer),))
            await uow.commit()
        return True

    assert sorted(await asyncio.gather(finish("one"), finish("two"))) == [False, True]
    assert await rows(database, "SELECT count(*) FROM outbox") == [(1,)]


async def test_replies_are_numbered_in_order_though_many_write_at_once(database: Database) -> None:
    message = a_message()

    async def say(*texts: str) -> None:
        async with SqlUnitOfWork(database.engine) as uow:
            await uow.outbox.add(message.address, tuple(map(a_reply, texts)))
            await uow.commit()

    await say("0")
    await asyncio.gather(*(say(f"{n}a", f"{n}b") for n in range(5)))
    numbered = await rows(database, "SELECT sequence, reply->>'text' FROM outbox ORDER BY sequence")
    assert [sequence for sequence, _ in numbered] == list(range(1, 12))
    said = [text for _, text in numbered]
    assert all(said[said.index(f"{n}a") + 1] == f"{n}b" for n in range(5))


async def test_what_was_said_is_kept_with_what_was_made_of_it(database: Database) -> None:
    message = a_message("gọi 0912345678")
    await SqlIntake(database.engine).accept(message)
    heard = Interpretation(
        "gọi 0912345678",
        "request_official",
        0.9,
        (("request_official", 0.9),),
        (Entity("telephone", "0912345678", 4, 14),),
    )
    result = TurnResult(
        Language.VI,
        heard,
        Route.ESCALATE,
        Outcome.REFERRED,
        (),
        candidates=(Candidate("2.001583", "Thành lập công ty", 0.7),),
    )
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.inbox.finish(message, result)
        await uow.utterances.record(message, "gọi [telephone]", result, 12.5)
        await uow.commit()
    (row,) = await rows(
        database, "SELECT text, intent, route, outcome, interpretation::text, procedures FROM utterance"
    )
    assert tuple(row[:4]) == ("gọi [telephone]", "request_official", "escalate", "referred")
    assert "0912345678" not in row[4]
    assert row[5] == [{"code": "2.001583", "title": "Thành lập công ty", "score": 0.7}]
    assert await SqlRecall(database.engine).utterances_held(message.address) == 1


async def test_a_contact_who_asks_is_forgotten_and_still_hears_so(database: Database) -> None:
    message = a_message("số của tôi là 0912345678")
    other = a_message("người khác")
    intake = SqlIntake(database.engine)
    for each in (message, other):
        await intake.accept(each)
        async with SqlUnitOfWork(database.engine) as uow:
            await uow.inbox.finish(each, a_result())
            await uow.trackers.save(Tracker(each.address, slots={"telephone": "0912345678"}))
            await uow.outbox.add(each.address, (a_reply("đã ghi 0912345678", buttons=("fee",)),))
            await uow.utterances.record(each, each.text, a_result(), 1)
            await uow.commit()
    wish = a_message("xóa dữ liệu", address=message.address)
    await intake.accept(wish)
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.inbox.finish(wish, a_result())
        await uow.contacts.erase(wish.address, wish.sent_at)
        await uow.trackers.save(Tracker(wish.address, version=1))
        await uow.outbox.add(wish.address, (a_reply("đã xóa"),))
        await uow.commit()
    held = await export_contact(database.engine, message.address)
    assert "0912345678" not in str(held)
    assert [reply["reply"]["text"] for reply in held["replies"]] == ["đã xóa"]
    assert not await intake.accept(message), "a platform that sends an old update again changes nothing"
    assert "0912345678" in str(await export_contact(database.engine, other.address)), "others keep theirs"


async def test_a_contact_can_be_erased_wholly(database: Database) -> None:
    message = a_message()
    await SqlIntake(database.engine).accept(message)
    assert await erase_contact(database.engine, message.address, message.sent_at)
    assert await export_contact(database.engine, message.address) == {}
    assert await rows(database, "SELECT count(*) FROM inbox") == [(0,)]
    assert not await erase_contact(database.engine, message.address, message.sent_at)
