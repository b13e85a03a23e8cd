from graph_hunt.events.identity.addresses import Claim, intervals
from tests.identity_events import DAY, HOUR, MINUTE, NOON


def claim(at: int, host: str, reason: str = "connection", last: int | None = None) -> Claim:
    return Claim(at, at if last is None else last, host, reason, 1, f"{host}@{at}")


def spans(*claims: Claim, public: bool = False) -> list[tuple[str, int, int]]:
    """Give the intervals as (host, since, until), in minutes from noon."""
    found = intervals("10.0.0.5", claims, public=public)
    return [(i.host, (i.since - NOON) // MINUTE, (i.until - NOON) // MINUTE) for i in found]


def test_a_lone_claim_reaches_a_day_before_and_after() -> None:
    assert spans(claim(NOON, "a")) == [("a", -1440, 1440)]


def test_claims_of_one_machine_are_one_interval_however_long() -> None:
    assert spans(claim(NOON, "a"), claim(NOON + 30 * DAY, "a")) == [("a", -1440, 31 * 1440)]


def test_another_machine_days_later_cuts_nothing() -> None:
    assert spans(claim(NOON, "a"), claim(NOON + 3 * DAY, "b")) == [("a", -1440, 1440), ("b", 2 * 1440, 4 * 1440)]


def test_between_two_machines_the_address_is_known_near_their_claims_only() -> None:
    assert spans(claim(NOON, "a"), claim(NOON + 12 * HOUR, "b")) == [("a", -1440, 60), ("b", 660, 12 * 60 + 1440)]


def test_near_each_other_they_meet_in_the_middle() -> None:
    assert spans(claim(NOON, "a"), claim(NOON + 20 * MINUTE, "b")) == [("a", -1440, 10), ("b", 10, 20 + 1440)]


def test_a_lease_begins_exactly_when_it_is_given() -> None:
    first, second = claim(NOON, "a", "lease"), claim(NOON + 12 * HOUR, "b", "lease")
    assert spans(first, second) == [("a", -1440, 720), ("b", 720, 12 * 60 + 1440)]


def test_an_address_behind_which_machines_take_turns_is_nobodys() -> None:
    turns = [claim(NOON + n * 10 * MINUTE, "ab"[n % 2]) for n in range(6)]
    assert spans(*turns) == []


def test_two_machines_at_one_time_make_it_shared() -> None:
    assert spans(claim(NOON, "a", last=NOON + 50 * MINUTE), claim(NOON + 20 * MINUTE, "b")) == []


def test_many_names_once_each_within_hours_make_it_shared() -> None:
    assert spans(*(claim(NOON + n * MINUTE, f"name{n}", "failed_logon") for n in range(50))) == []


def test_a_shared_time_leaves_the_rest_of_the_address_to_its_machine() -> None:
    own = [claim(NOON - 5 * DAY, "a"), claim(NOON - 4 * DAY, "a")]
    turns = [claim(NOON + n * 10 * MINUTE, "ab"[n % 2]) for n in range(6)]
    assert spans(*own, *turns) == [("a", -6 * 1440, -3 * 1440)]


def test_a_forged_name_does_not_take_an_address_from_the_machine_that_recorded_it() -> None:
    own = [claim(NOON, "a"), claim(NOON + 2 * HOUR, "a")]
    assert spans(*own, claim(NOON + HOUR, "kali", "logon")) == [("a", -1440, 120 + 1440)]


def test_a_public_address_is_a_machines_by_a_strong_claim_only() -> None:
    assert spans(claim(NOON, "a", "logon"), public=True) == []
    assert spans(claim(NOON, "a", "lease"), public=True) == [("a", -1440, 1440)]


def test_the_order_of_claims_does_not_matter() -> None:
    claims = [claim(NOON, "a"), claim(NOON + DAY, "b", "logon"), claim(NOON + 3 * HOUR, "c", "lease")]
    assert spans(*claims) == spans(*reversed(claims))
