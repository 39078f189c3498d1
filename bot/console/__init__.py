"""The console: the web pages of officials and administrators.

How a part of the console (desk, directory, cases, …) builds on the frame:

    from bot.console.access import Administrator, Refused, SignedIn, require
    from bot.console.frame import Frame, NavigationEntry

    class DeskPages:
        def __init__(self, frame: Frame, …own parts…) -> None: ...

        def router(self) -> APIRouter:                  # paths are below /console: "/desk" is /console/desk
            router = APIRouter()
            router.add_api_route("/desk/{department}", self.day, methods=["GET"])
            router.add_api_route("/desk/{department}/call", self.call, methods=["POST"])
            return router

        async def day(self, request: Request, official: SignedIn, department: str) -> Response:
            require(official, department, "desk")       # raises Refused: a page that says so, status 403
            return self.frame.page(request, "desk/day.html", rows=…)

        async def call(self, request: Request, official: SignedIn, department: str) -> Response:
            form = await request.form()
            return self.frame.redirect(f"/desk/{department}", flash="desk_called", number=7)

    console.add(pages.router(), NavigationEntry("/desk", "desk_nav", order=10))   # in `_console` of bot/gateways.py

- Whatever is added asks for a signed-in official by itself, and every POST must carry the hidden field that
  `{{ csrf() }}` writes into a `<form method="post">`. Changes are POSTs that end in `frame.redirect`.
- `Refused(status, key, **facts)` shows the sentence of `key` on a page of its own. Use it for 403, 404, 409.
- Templates lie in `bot/console/templates/<part>/`, begin with `{% extends "base.html" %}`, fill the blocks `title`
  and `main`, and may import `macros.html` with context: `{% from "macros.html" import field, button with context %}`.
  In every template: `say(key, **facts)`, `show(fact)`, `in_words(day)`, `csrf()`, `official` (None before sign-in),
  `language` (`vi` or `en`), `now`, `request`, `asset("name")`, `sorted_link(column)` and `query(**changes)`.
- `{% block scripts %}` may name a script of `bot/console/static/`: `<script src="{{ asset('x.js') }}" defer></script>`.
  No inline script, no inline style: the browser refuses them.
- Sentences: `data/console/<part>/vi.yml` and `en.yml`, keys beginning with the part's name.
- Changes are audited inside the part's own transaction: `await record(connection, Entry(…))`
  (`bot/persistence/audit.py`); `data/console/audit/` names the action, the kind of thing and the facts.
"""
