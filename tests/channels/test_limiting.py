"""Rate limits: how many, how soon again, for whom, and how much memory they take."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.limiting import NO_WAIT, RateLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_come_at_once_and_then_one_waits() -> None:
    limiter = RateLimiter(20, clock=Clock())
    assert [limiter.take("lan") for _ in range(20)] == [NO_WAIT] * 20
    assert timedelta(seconds=2.9) < limiter.take("lan") <= timedelta(seconds=3)


def test_after_the_stated_wait_it_may_happen() -> None:
    clock = Clock()
    limiter = RateLimiter(7, clock=clock)
    for _ in range(7):
        limiter.take("lan")
    clock.now += limiter.take("lan").total_seconds()
    assert limiter.take("lan") == NO_WAIT
    assert limiter.take("lan") > NO_WAIT


def test_silence_is_not_saved_up() -> None:
    clock = Clock()
    limiter = RateLimiter(20, clock=clock)
    limiter.take("lan")
    clock.now += 3600
    assert sum(limiter.take("lan") == NO_WAIT for _ in range(100)) == 20


def test_one_contact_does_not_use_up_anothers_room() -> None:
    limiter = RateLimiter(1, clock=Clock())
    assert limiter.take("lan") == NO_WAIT
    assert limiter.take("minh") == NO_WAIT
    assert limiter.take("lan") > NO_WAIT


def test_what_was_refused_does_not_make_the_wait_longer() -> None:
    limiter = RateLimiter(60, clock=Clock())
    for _ in range(60):
        limiter.take("lan")
    assert limiter.take("lan") == limiter.take("lan")


def test_what_did_not_happen_is_given_back() -> None:
    limiter = RateLimiter(1, clock=Clock())
    limiter.take("lan")
    limiter.give_back("lan")
    assert limiter.take("lan") == NO_WAIT
    limiter.give_back("nobody")


def test_giving_back_twice_makes_no_more_room_than_there_was() -> None:
    limiter = RateLimiter(1, clock=Clock())
    limiter.take("lan")
    limiter.give_back("lan")
    limiter.give_back("lan")
    assert limiter.take("lan") == NO_WAIT
    assert limiter.take("lan") > NO_WAIT


def test_memory_is_bounded_and_the_longest_unused_is_forgotten() -> None:
    limiter = RateLimiter(1, most_keys=100, clock=Clock())
    limiter.take("lan")
    for number in range(99):
        limiter.take(f"stranger-{number}")
        limiter.take("lan")
    limiter.take("one more")
    assert len(limiter) == 100
    assert limiter.take("lan") > NO_WAIT, "the one in use was forgotten"
    assert limiter.take("stranger-0") == NO_WAIT, "the longest unused was kept"


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    clock = Clock()
    limiter = RateLimiter(1, clock=clock)
    limiter.take("lan")
    clock.now -= 500
    assert limiter.take("lan") > NO_WAIT
    clock.now += 500
    assert limiter.take("lan") > NO_WAIT


def test_a_backlog_is_counted_by_when_it_was_sent() -> None:
    limiter = RateLimiter(2, clock=Clock())
    hourly = [limiter.take("lan", at=3600.0 * hour) for hour in range(24)]
    assert hourly == [NO_WAIT] * 24


def test_reserving_queues_up_and_counts_nothing_beyond_the_longest_wait() -> None:
    limiter = RateLimiter(60, burst=1, clock=Clock())
    longest = timedelta(seconds=2)
    waits = [round(limiter.reserve("chat", longest=longest).total_seconds()) for _ in range(5)]
    assert waits == [0, 1, 2, 3, 3]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    per_minute=st.integers(1, 600),
    pauses=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200),
)
def test_over_any_time_no_more_than_the_burst_and_the_rate_get_through(per_minute: int, pauses: list[float]) -> None:
    clock = Clock()
    limiter = RateLimiter(per_minute, clock=clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += limiter.take("lan") == NO_WAIT
    assert passed <= per_minute + sum(pauses) * per_minute / 60 + 1e-6
