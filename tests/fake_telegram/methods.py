"""Methods: what the Bot API can be asked to do, by its lower-case name."""

from __future__ import annotations

import json
import mimetypes
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from . import checking
from .chats import BOT, Chat, Data, World
from .refusals import Refused, bad_request, forbidden
from .requests import Upload
from .updates import Updates, Webhook

Parameters = dict[str, Any]
Method = Callable[[Parameters], Awaitable[Any]]
_ACTIONS = ("typing", "upload_photo", "upload_document", "record_voice", "choose_sticker", "find_location")
_UPLOAD = {"photo": 10 * 2**20, "document": 50 * 2**20}
_DOWNLOAD = 20 * 2**20


class Methods:
    """The Bot API over a world and its updates."""

    def __init__(self, world: World, updates: Updates) -> None:
        self._world = world
        self._updates = updates

    def named(self, name: str) -> Method | None:
        method = getattr(self, f"do_{name.lower()}", None)
        return method if callable(method) else None

    async def do_getme(self, _: Parameters) -> Data:
        abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return BOT | dict.fromkeys(abilities, False)

    async def do_getupdates(self, asked: Parameters) -> list[Data]:
        self._choose_kinds(asked)
        limit = int(asked.get("limit") or 100)
        return await self._updates.poll(int(asked.get("offset") or 0), limit, float(asked.get("timeout") or 0))

    async def do_setwebhook(self, asked: Parameters) -> bool:
        url = str(asked.get("url") or "")
        if not url:
            return await self.do_deletewebhook(asked)
        checking.webhook_address(url)
        webhook = Webhook(url, checking.secret(asked.get("secret_token")), int(asked.get("max_connections") or 40))
        self._choose_kinds(asked)
        await self._updates.set_webhook(webhook, drop=_true(asked.get("drop_pending_updates")))
        return True

    async def do_deletewebhook(self, asked: Parameters) -> bool:
        await self._updates.set_webhook(None, drop=_true(asked.get("drop_pending_updates")))
        return True

    async def do_getwebhookinfo(self, _: Parameters) -> Data:
        hook = self._updates.webhook
        found: Data = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if hook is not None:
            found |= {"max_connections": hook.max_connections, "allowed_updates": sorted(self._updates.kinds)}
            if hook.last_error is not None:
                found |= {"last_error_date": hook.last_error[0], "last_error_message": hook.last_error[1]}
        return found

    async def do_sendmessage(self, asked: Parameters) -> Data:
        chat = self._reach(asked)
        text = checking.text(asked.get("text"))
        checking.markup_in(text, asked.get("parse_mode"))
        return self._say(chat, asked, {"text": text})

    async def do_editmessagetext(self, asked: Parameters) -> Data:
        message = self._own_message(asked, "edit")
        text, keyboard = checking.text(asked.get("text")), checking.keyboard(asked.get("reply_markup"))
        return _changed(message, text=text, reply_markup=keyboard)

    async def do_editmessagereplymarkup(self, asked: Parameters) -> Data:
        message = self._own_message(asked, "edit")
        keyboard = checking.keyboard(asked.get("reply_markup"))
        return _changed(message, text=message["text"], reply_markup=keyboard)

    async def do_deletemessage(self, asked: Parameters) -> bool:
        message = self._own_message(asked, "delete")
        del self._world.chats[message["chat"]["id"]].messages[message["message_id"]]
        return True

    async def do_answercallbackquery(self, asked: Parameters) -> bool:
        chat_id, at = self._world.taps.get(str(asked.get("callback_query_id")), (0, 0.0))
        if time.monotonic() - at > self._world.tap_lasts or chat_id not in self._world.chats:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self._world.chats[chat_id].confirmed_taps.append(dict(asked))
        return True

    async def do_sendchataction(self, asked: Parameters) -> bool:
        chat = self._reach(asked)
        if asked.get("action") not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        chat.actions.append(str(asked["action"]))
        return True

    async def do_setmycommands(self, asked: Parameters) -> bool:
        self._world.commands[_audience(asked)] = checking.commands(asked.get("commands"))
        return True

    async def do_getmycommands(self, asked: Parameters) -> list[Data]:
        return self._world.commands.get(_audience(asked), [])

    async def do_senddocument(self, asked: Parameters) -> Data:
        return self._send_file(asked, "document")

    async def do_sendphoto(self, asked: Parameters) -> Data:
        return self._send_file(asked, "photo")

    async def do_getfile(self, asked: Parameters) -> Data:
        file_id = str(asked.get("file_id"))
        if file_id not in self._world.files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        size = len(self._world.files[file_id])
        if size > _DOWNLOAD:
            raise bad_request("file is too big")
        return _file(file_id, size) | {"file_path": f"files/{file_id}"}

    async def do_getchat(self, asked: Parameters) -> Data:
        chat = self._reach(asked)
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        limits = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
        return chat.as_data() | limits

    async def do_createforumtopic(self, asked: Parameters) -> Data:
        chat = self._forum(asked)
        name = str(asked.get("name") or "")
        if not 1 <= len(name) <= 128:
            raise bad_request("TOPIC_TITLE_INVALID")
        opened = chat.add(BOT, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
        chat.topics[opened["message_id"]] = name
        return {"message_thread_id": opened["message_id"], "name": name, "icon_color": 7322096}

    async def do_editforumtopic(self, asked: Parameters) -> bool:
        chat, topic = self._topic(asked)
        chat.topics[topic] = str(asked.get("name") or chat.topics[topic])
        return True

    async def do_closeforumtopic(self, asked: Parameters) -> bool:
        self._topic(asked)
        return True

    async def do_reopenforumtopic(self, asked: Parameters) -> bool:
        self._topic(asked)
        return True

    async def do_deleteforumtopic(self, asked: Parameters) -> bool:
        chat, topic = self._topic(asked)
        del chat.topics[topic]
        return True

    def _choose_kinds(self, asked: Parameters) -> None:
        if kinds := asked.get("allowed_updates"):
            self._updates.kinds = frozenset(json.loads(kinds) if isinstance(kinds, str) else kinds)

    def _reach(self, asked: Parameters) -> Chat:
        """The chat that is written to, if the bot may."""
        try:
            chat = self._world.chats.get(int(asked["chat_id"]))
        except (KeyError, TypeError, ValueError):
            raise bad_request("chat_id is empty") from None
        if chat is None:
            raise bad_request("chat not found")
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user" if chat.kind == "private" else "bot was kicked")
        return chat

    def _say(self, chat: Chat, asked: Parameters, content: Data) -> Data:
        if keyboard := checking.keyboard(asked.get("reply_markup")):
            content["reply_markup"] = keyboard
        if thread := int(asked.get("message_thread_id") or 0):
            if thread not in chat.topics:
                raise bad_request("message thread not found")
            content |= {"message_thread_id": thread, "is_topic_message": True}
        return chat.add(BOT, content)

    def _own_message(self, asked: Parameters, verb: str) -> Data:
        chat = self._reach(asked)
        message = chat.messages.get(int(asked.get("message_id") or 0))
        if message is None:
            raise bad_request(f"message to {verb} not found")
        if message["from"] != BOT:
            raise bad_request(f"message can't be {verb.removesuffix('e')}ed")
        return message

    def _send_file(self, asked: Parameters, kind: str) -> Data:
        chat = self._reach(asked)
        given = asked.get(kind)
        if isinstance(given, str) and given.startswith("attach://"):
            given = asked.get(given.removeprefix("attach://"))
        if isinstance(given, bytes):
            if len(given) > _UPLOAD[kind]:
                raise Refused(413, "Request Entity Too Large")
            checking.upload(given, kind)
            file_id = f"file-{uuid.uuid4().hex}"
            self._world.files[file_id] = given
        else:
            file_id = str(given)
        if file_id not in self._world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        file = _file(file_id, len(self._world.files[file_id]))
        if kind == "document" and isinstance(given, Upload):
            file |= {"file_name": given.filename, "mime_type": _mime_type(given.filename)}
        content: Data = {kind: file if kind == "document" else [file | {"width": 90, "height": 90}]}
        if words := checking.caption(asked.get("caption")):
            content["caption"] = words
        return self._say(chat, asked, content)

    def _forum(self, asked: Parameters) -> Chat:
        chat = self._reach(asked)
        if not chat.is_forum:
            raise bad_request("the chat is not a forum")
        return chat

    def _topic(self, asked: Parameters) -> tuple[Chat, int]:
        chat, topic = self._forum(asked), int(asked.get("message_thread_id") or 0)
        if topic not in chat.topics:
            raise bad_request("message thread not found")
        return chat, topic


def _mime_type(filename: str) -> str:
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def _file(file_id: str, size: int) -> Data:
    return {"file_id": file_id, "file_unique_id": file_id[-8:], "file_size": size}


def _changed(message: Data, *, text: str, reply_markup: Data | None) -> Data:
    if message["text"] == text and message.get("reply_markup") == reply_markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message |= {"text": text, "edit_date": int(time.time())}
    message.pop("reply_markup", None)
    if reply_markup is not None:
        message["reply_markup"] = reply_markup
    return message


def _audience(asked: Parameters) -> tuple[str, str]:
    scope = asked.get("scope")
    named = json.loads(scope) if isinstance(scope, str) else scope or {"type": "default"}
    return str(named["type"]), str(asked.get("language_code") or "")


def _true(value: object) -> bool:
    return str(value).lower() in ("true", "1")
