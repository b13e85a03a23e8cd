"""Blast radius on small stories: order in time, ranking, both directions, and how it is told."""

import pytest

from graph_hunt.errors import UnknownEntity
from graph_hunt.hunting.spread import Branch, Direction, Entity, blast_radius
from tests.spread_stories import DAY, HOUR, MINUTE, NOON, activity, follow, host, logoff, logon, row, rules, user

CHAIN = [
    logon("ann", "WS1", "SRV1", NOON),
    logon("bob", "SRV1", "SRV2", NOON + HOUR),
    logon("eve", "SRV2", "SRV3", NOON + 2 * HOUR),
]


def test_a_chain_is_followed_in_order_of_time() -> None:
    radius = follow(CHAIN, user("ann"))
    assert [(one.key, one.hop, one.first_time) for one in radius.reached] == [
        ("srv1", 1, NOON),
        ("corp\\bob", 2, NOON + HOUR),
        ("srv2", 3, NOON + HOUR),
        ("corp\\eve", 4, NOON + 2 * HOUR),
        ("srv3", 5, NOON + 2 * HOUR),
        ("ws1", 1, NOON),
    ]
    assert radius.total == {"Host": 4, "User": 2}


def test_what_happened_before_its_start_was_reached_carries_nothing() -> None:
    early = [CHAIN[0], logon("bob", "SRV1", "SRV2", NOON - 1), CHAIN[2]]
    assert {one.key for one in follow(early, user("ann")).reached} == {"srv1", "ws1"}


def test_what_is_contained_carries_nothing_on() -> None:
    assert {one.key for one in follow(CHAIN, user("ann"), contained=[host("srv1")]).reached} == {"ws1"}
    nothing = follow(CHAIN, user("ann"), contained=[user("ann")], targets=[host("srv1")])
    assert (nothing.reached, nothing.total, [one.key for one in nothing.not_reached]) == ((), {}, ["srv1"])


def test_acts_of_one_instant_follow_one_another_in_any_order() -> None:
    at_once = [
        logon("eve", "SRV2", "SRV3", NOON),
        logon("bob", "SRV1", "SRV2", NOON),
        logon("ann", "WS1", "SRV1", NOON),
    ]
    keys = {one.key for one in follow(at_once, user("ann")).reached}
    assert keys == {"srv1", "srv2", "srv3", "ws1", "corp\\bob", "corp\\eve"}


def test_the_order_of_loading_does_not_matter() -> None:
    events = [*CHAIN, *(logon("bob", "SRV1", f"SRV{n}", NOON + HOUR) for n in range(4, 9))]
    expected = follow(events, user("ann")).to_json()
    assert follow(events[::-1], user("ann")).to_json() == expected


def test_likelihood_is_the_product_of_the_path_and_fades_with_time() -> None:
    """0.95 each for the logon, bob's use from SRV1 and his logon to SRV2; an hour is an eighth of the pace."""
    found = {one.key: one.likelihood for one in follow(CHAIN, user("ann")).reached}
    assert found["srv1"] == pytest.approx(0.95, rel=1e-5)
    assert found["srv2"] == pytest.approx(0.95**3 / (1 + 1 / 8), rel=1e-5)
    assert found["srv3"] == pytest.approx(0.95**5 / (1 + 2 / 8), rel=1e-5)
    assert found["ws1"] == pytest.approx(0.5, rel=1e-5)


def test_the_usual_is_ranked_under_the_unusual() -> None:
    days = [logon("ann", "WS1", "FILES", NOON - day * DAY) for day in range(1, 10)]
    radius = follow([*days, logon("ann", "WS1", "FILES", NOON), logon("ann", "WS1", "SRV1", NOON)], user("ann"))
    assert [one.key for one in radius.reached] == ["srv1", "ws1", "files"]
    # Nine earlier hours of three pairs, (ann, FILES), (ann, WS1) and (WS1, FILES): 0.9 each.
    assert radius.reached[2].likelihood == pytest.approx(0.95 * (1 - 0.95 * 0.9**3), rel=1e-6)
    assert radius.reached[2].path[0].words == "CORP\\ann logged on to FILES (network logon; seen in 9 earlier hours)"


def test_a_hub_is_damped() -> None:
    crowd = [logon(f"u{n}", f"PC{n}", "HUB", NOON - DAY) for n in range(150)]
    events = [*crowd, logon("ann", "WS1", "HUB", NOON), logon("ann", "WS1", "SRV1", NOON)]
    found = {one.key: one.likelihood for one in follow(events, user("ann")).reached}
    assert found["srv1"] == pytest.approx(0.95, rel=1e-4)
    assert found["hub"] == pytest.approx(0.95 / (1 + (1 / 0.4) ** 4), rel=1e-4)


def test_backwards_it_tells_what_could_have_led_there() -> None:
    radius = follow(CHAIN, host("srv3"), NOON + 3 * HOUR, direction=Direction.REACHED_BY)
    first = next(one for one in radius.reached if one.key == "corp\\ann")
    assert [hop.rule for hop in first.path] == ["logs_on", "used_from", "logs_on", "used_from", "logs_on"]
    assert [hop.at for hop in first.path] == [NOON, NOON + HOUR, NOON + HOUR, NOON + 2 * HOUR, NOON + 2 * HOUR]
    assert first.first_time == NOON
    assert (first.path[0].source.key, first.path[-1].target.key) == ("corp\\ann", "srv3")
    assert follow(CHAIN, host("srv3"), NOON + HOUR, direction=Direction.REACHED_BY).reached == ()


def test_backwards_a_session_exposes_until_its_end() -> None:
    """Ann's session on SRV1 ended at +2 h: who held SRV1 by then could use her account at +5 h."""
    events = [
        logon("ann", None, "SRV1", NOON, "interactive"),
        logoff("ann", "SRV1", NOON + 2 * HOUR),
        logon("ann", None, "SRV9", NOON + 5 * HOUR, "interactive"),
    ]
    found = follow(events, host("srv9"), NOON + 6 * HOUR, direction=Direction.REACHED_BY)
    through = next(one for one in found.reached if one.key == "srv1")
    assert [hop.rule for hop in through.path] == ["leaves_credentials", "logs_on"]
    assert through.first_time == NOON + 2 * HOUR


def test_each_hop_names_its_event() -> None:
    told = activity(CHAIN)
    hop = blast_radius(told, user("ann"), NOON).reached[0].path[0]
    assert hop.evidence == told.evidence(0)
    assert len(hop.evidence) == 28
    assert hop.words == "CORP\\ann logged on to SRV1 (network logon; never before on SRV1, from WS1, from WS1 to SRV1)"


def test_a_tree_hangs_each_entity_under_the_one_before_it() -> None:
    def shape(branch: Branch) -> object:
        return [branch.entity.key, *(shape(child) for child in branch.children)]

    expected = ["corp\\ann", ["srv1", ["corp\\bob", ["srv2", ["corp\\eve", ["srv3"]]]]], ["ws1"]]
    assert shape(follow(CHAIN, user("ann")).tree()) == expected
    back = follow(CHAIN[:2], host("srv2"), NOON + 2 * HOUR, direction=Direction.REACHED_BY)
    assert shape(back.tree()) == ["srv2", ["corp\\bob", ["srv1", ["corp\\ann", ["ws1"]]]]]


def test_the_limit_cuts_the_least_likely_and_the_total_counts_them() -> None:
    whole, cut = follow(CHAIN, user("ann")), follow(CHAIN, user("ann"), limit=2)
    assert cut.reached == whole.reached[:2]
    assert cut.total == whole.total


def test_targets_are_told_whatever_the_limit() -> None:
    radius = follow(CHAIN, user("bob"), limit=0, targets=[host("srv3"), host("ws1"), user("bob")])
    assert [one.key for one in radius.reached] == ["srv3"]
    assert [one.key for one in radius.not_reached] == ["ws1"]


def test_what_is_less_likely_than_asked_is_left_out() -> None:
    keys = [one.key for one in follow(CHAIN, user("ann"), minimum_likelihood=0.6).reached]
    assert keys == ["srv1", "corp\\bob", "srv2", "corp\\eve", "srv3"]


def test_json_is_plain_and_stable() -> None:
    told = follow(CHAIN[:1], user("ann")).to_json()
    assert told["at"] == "2020-09-13T12:26:40Z"
    assert told["direction"] == "reaches"
    assert told["reached"][1] == {
        "label": "Host",
        "key": "ws1",
        "name": "WS1",
        "hop": 1,
        "first_time": "2020-09-13T12:26:40Z",
        "likelihood": 0.5,
        "path": [
            {
                "at": "2020-09-13T12:26:40Z",
                "source": {"label": "User", "key": "corp\\ann", "name": "CORP\\ann"},
                "target": {"label": "Host", "key": "ws1", "name": "WS1"},
                "rule": "works_at",
                "act": "network_logon",
                "words": "CORP\\ann was at work on WS1 (network logon)",
                "evidence": told["reached"][0]["path"][0]["evidence"],
                "likelihood": 0.5,
            }
        ],
    }


def test_an_unknown_entity_is_named_with_near_ones() -> None:
    with pytest.raises(UnknownEntity) as caught:
        follow(CHAIN, user("anne"))
    assert caught.value.near[0] == "corp\\ann"
    with pytest.raises(UnknownEntity):
        follow(CHAIN, Entity("User", "srv1"))


def test_an_address_that_is_no_known_machine_can_be_the_start() -> None:
    events = [
        row(
            "authentication", NOON + MINUTE, kind="logon", outcome="success", logon_type="network", user="ann",
            user_domain="CORP", source_ip="203.0.113.9", target_host="SRV1",
        ),
        row(
            "authentication", NOON + MINUTE, kind="sign_in", outcome="success", user_upn="bo@corp.example",
            source_ip="203.0.113.9", application="Exchange",
        ),
    ]  # fmt: skip
    radius = follow(events, Entity("IP", "203.0.113.9"))
    assert rules(radius, "corp\\ann") == ["used_from"]
    assert rules(radius, "srv1") == ["used_from", "logs_on"]
    assert rules(radius, "bo@corp.example") == ["used_from"]
    # A sign-in from an address says nothing of who else is compromised there.
    assert rules(follow(events, Entity("User", "bo@corp.example")), "203.0.113.9") is None


def test_names_with_quotes_commas_and_backslashes_stay_whole() -> None:
    events = [logon('o\'neil, "x"', "WS1", "SRV1", NOON), logon("j.garcia", "SRV1", "SRV2", NOON + MINUTE)]
    radius = follow([*events, logon("j-garcia", "WS9", "SRV9", NOON)], user('o\'neil, "x"'))
    assert radius.start.name == 'CORP\\o\'neil, "x"'
    assert [one.key for one in radius.reached if one.label == "User"] == ["corp\\j.garcia"]


def test_it_says_where_there_is_no_history_or_no_telemetry() -> None:
    short = "There is less than a day of history before this time, so that much looks unusual that is not."
    outside = "The time asked about lies outside the telemetry that is loaded."
    assert follow(CHAIN, user("ann")).notes == (short,)
    assert follow([*CHAIN, logon("ann", "WS1", "SRV1", NOON - DAY)], user("ann")).notes == ()
    assert follow(CHAIN, user("ann"), NOON + DAY).notes == (outside,)
    nothing = row("process", NOON, kind="stop", host="WS1", user="ann", user_domain="CORP")
    told = follow([nothing], user("ann"))
    assert told.reached == ()
    assert told.notes == ("No logon, session or other act that can carry a compromise is loaded.",)
