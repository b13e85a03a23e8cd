"""Which event of the System Log becomes which row."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from graph_hunt.loaders._countries import country_code
from graph_hunt.loaders._values import address, first, text, walk

__all__ = ["Logged", "mapper_of"]

Row = tuple[str, dict[str, Any]]


class Logged(NamedTuple):
    """An event of the System Log."""

    fields: Mapping[str, Any]
    kind: str

    def get(self, *names: str) -> str | None:
        """The text under names within names."""
        return text(walk(self.fields, *names))

    def part(self, name: str) -> Mapping[str, Any]:
        """The object under a name, or an empty one."""
        found = self.fields.get(name)
        return found if type(found) is dict else {}

    def target(self, *kinds: str) -> Mapping[str, Any]:
        """The first target of one of these types, or an empty one."""
        targets = self.fields.get("target")
        for target in targets if type(targets) is list else ():
            if type(target) is dict and str(target.get("type")).casefold() in kinds:
                return target
        return {}

    @property
    def result(self) -> str:
        """SUCCESS, FAILURE, ALLOW, DENY, CHALLENGE …"""
        return (text(self.part("outcome").get("result")) or "").upper()

    @property
    def failed(self) -> bool:
        """It did not succeed."""
        return self.result in ("FAILURE", "DENY", "ABANDONED")


_REASONS = (
    ("mfa_denied", ("REJECTED", "DENIED OKTA", "FACTOR", "MFA", "PUSH")),
    ("locked", ("LOCKED",)),
    ("expired", ("EXPIRED",)),
    ("disabled", ("INACTIVE", "DEACTIVATED", "SUSPENDED", "DISABLED")),
    ("unknown_user", ("UNKNOWN USER", "USER_NOT_FOUND", "NOT_FOUND")),
    ("blocked", ("BLOCK", "BLACKLIST", "DENY", "ZONE", "POLICY")),
    ("bad_password", ("INVALID_CREDENTIALS", "PASSWORD", "INVALID_LOGIN", "CREDENTIAL")),
    ("restricted", ("NOT_ASSIGNED", "NOT ASSIGNED", "UNAUTHORIZED")),
)
_LEVEL = re.compile(r"level\W{1,4}(\w+)", re.IGNORECASE)
_RISKS = frozenset({"low", "medium", "high", "none"})
_TIMEOUT = ("TIMEOUT", "TIMED OUT", "TIMED_OUT", "DID NOT RESPOND")


def _reason(event: Logged) -> str:
    if event.get("actor", "id") is None and event.get("actor", "alternateId"):
        # An unknown user has "unknown" for an id.
        return "unknown_user"
    word = (event.get("outcome", "reason") or "").upper()
    found = next((said for said, parts in _REASONS if any(part in word for part in parts)), "other")
    return "blocked" if found == "other" and event.result == "DENY" else found


def _who(event: Logged) -> dict[str, str | None]:
    return _account(event.fields.get("actor"))


def _account(found: Any, prefix: str = "") -> dict[str, str | None]:
    """A user by sign-in name; systems and tokens are nobody."""
    if type(found) is not dict or str(found.get("type") or "User").casefold() not in (
        "user",
        "appuser",
        "systemprincipal",
    ):
        return {}
    name = text(found.get("alternateId"))
    if name is None or name.casefold() in ("system@okta.com", "unknown"):
        return {}
    return {f"{prefix}user_upn": name} if "@" in name else {f"{prefix}user": name}


def _where(event: Logged) -> dict[str, str | None]:
    place = event.part("client").get("geographicalContext")
    place = place if type(place) is dict else {}
    spot = place.get("geolocation")
    spot = spot if type(spot) is dict else {}
    return {
        "source_ip": _ip(event),
        "country": country_code(text(place.get("country"))),
        "city": text(place.get("city")),
        "latitude": text(spot.get("lat")),
        "longitude": text(spot.get("lon")),
        "asn": text(event.part("securityContext").get("asNumber")),
    }


def _ip(event: Logged) -> str | None:
    if (own := address(event.part("client").get("ipAddress"))) is not None:
        return own
    chain = event.part("request").get("ipChain")
    hops = [hop.get("ip") for hop in chain if type(hop) is dict] if type(chain) is list else []
    return first(map(address, hops))


def _client(event: Logged) -> str | None:
    found = event.part("client").get("userAgent")
    agent = found if type(found) is dict else {}
    if (raw := text(agent.get("rawUserAgent"))) is not None:
        return raw
    parts = [text(agent.get(part)) for part in ("browser", "os")]
    return "; ".join(part for part in parts if part and part.upper() != "UNKNOWN") or None


def _risk(event: Logged) -> str | None:
    """The risk that Okta told, in one of the places where it does."""
    told = walk(event.fields, "debugContext", "debugData")
    if type(told) is not dict:
        return None
    for name in ("risk", "logOnlySecurityData"):
        if found := _LEVEL.search(str(told.get(name) or "")):
            word = found[1].casefold()
            return word if word in _RISKS else None
    return "high" if text(told.get("threatSuspected")) in ("true", "True") else None


def _sign_in(event: Logged, **columns: Any) -> list[Row]:
    device, context, failed = event.part("device"), event.part("authenticationContext"), event.failed
    managed = text(device.get("managed"))
    row = {
        "kind": "sign_in",
        "outcome": "failure" if failed else "success",
        "reason": _reason(event) if failed else None,
        **_who(event),
        **_where(event),
        "application": "Okta",
        "package": text(context.get("credentialType")),
        "client": _client(event),
        "device": text(device.get("name")) or text(device.get("id")),
        "device_trust": _TRUST.get(managed.casefold()) if managed is not None else None,
        "risk": _risk(event),
        "session": text(context.get("externalSessionId")),
    }
    return [("authentication", row | columns)]


_TRUST = {"true": "managed", "false": "unmanaged"}


def signed_in(event: Logged) -> list[Row]:
    """A session, or a password that was checked for one."""
    package = event.kind.rpartition("auth_via_")[2] if "auth_via_" in event.kind else None
    # A directory that checked the password is not the session, which has an event of its own.
    return _sign_in(event, **({"package": package, "application": f"Okta ({package})"} if package else {}))


def signed_in_to_application(event: Logged) -> list[Row]:
    """Single sign-on to an application."""
    application = event.target("appinstance")
    name = text(application.get("displayName")) or text(application.get("alternateId"))
    return _sign_in(event, application=name or "Okta")


def evaluated(event: Logged) -> list[Row]:
    """policy.evaluate_sign_on: only a refusal is an event of its own; what was allowed goes on to a session's."""
    return signed_in_to_application(event) if event.result == "DENY" else []


def ended(event: Logged) -> list[Row]:
    """user.session.end."""
    return _sign_in(event, kind="logoff", outcome="success", reason=None)


def verified(event: Logged) -> list[Row]:
    """Another factor was asked for and given, refused or let pass; a push that was sent has no outcome yet."""
    word = (event.get("outcome", "reason") or "").upper()
    sent = event.kind.startswith("system.push")
    denied = "deny" in event.kind
    late = any(part in word for part in _TIMEOUT)
    failed = event.failed or denied
    mfa = None if sent else "timeout" if failed and late else "denied" if failed else "approved"
    factor = event.get("debugContext", "debugData", "factor") or text(
        event.target("authenticatorenrollment").get("displayName")
    )
    who = _who(event) or _account(event.target("user"))
    columns: dict[str, Any] = {
        "kind": "mfa",
        "outcome": None if sent else "failure" if failed else "success",
        "reason": "mfa_denied" if failed and not sent else None,
        "mfa": mfa,
        "mfa_method": factor or ("okta_verify_push" if "push" in event.kind else None),
    }
    if sent:
        who = _account(event.target("user")) or who
    return _sign_in(event, **columns, **{"user_upn": None, "user": None} | who)


def _change(event: Logged, object_kind: str, operation: str, **columns: Any) -> list[Row]:
    row = {
        "object_kind": object_kind,
        "operation": operation,
        "outcome": "failure" if event.failed else "success",
        **_who(event),
        "source_ip": _ip(event),
        **_account(event.target("user", "appuser"), "target_"),
    }
    return [("change", row | columns)]


_OBJECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "account": ("user", "appuser"),
        "group": ("usergroup", "group"),
        "role": ("role", "customrole", "user"),
        "app": ("appinstance", "app", "publicclientapp"),
        "app_credential": ("token", "apitoken", "clientsecret", "appinstance", "publicclientapp"),
        "mfa_method": ("user",),
        "device": ("device", "userdevice", "deviceassurance"),
    }
)


def _changed(object_kind: str, operation: str) -> Callable[[Logged], list[Row]]:
    def change(event: Logged) -> list[Row]:
        thing = event.target(*_OBJECTS.get(object_kind, ()))
        if not thing and object_kind == "policy":
            targets = event.fields.get("target")
            thing = targets[0] if type(targets) is list and targets and type(targets[0]) is dict else {}
        granted = event.get("debugContext", "debugData", "privilegeGranted") if object_kind == "role" else None
        factor = event.get("debugContext", "debugData", "factor") if object_kind == "mfa_method" else None
        own = text(thing.get("displayName")) or text(thing.get("alternateId"))
        if object_kind in ("account", "mfa_method"):
            own = text(thing.get("alternateId")) or own
        return _change(
            event,
            object_kind,
            operation,
            object=granted or own,
            object_id=text(thing.get("id")) if not granted else None,
            details=factor or event.get("displayMessage"),
        )

    return change


def warned(event: Logged) -> list[Row]:
    """What Okta itself found suspicious, or a user reported."""
    reported = "report_suspicious" in event.kind
    who = _account(event.target("user")) or _who(event)
    columns = {
        "product": "Okta",
        "title": event.get("displayMessage") or event.kind,
        "level": "high" if reported or (event.get("severity") or "").upper() == "ERROR" else "medium",
        **who,
        "source_ip": _ip(event),
        "details": event.get("outcome", "reason"),
        "rule": event.kind,
    }
    return [("alert", columns)]


Mapper = Callable[[Logged], list[Row]]


def _table(lines: str) -> dict[str, Mapper]:
    rows = (line.split() for line in filter(str.strip, lines.splitlines()))
    return {name: _changed(kind, operation) for name, kind, operation in rows}


_MAPPERS: Mapping[str, Mapper] = MappingProxyType(
    {
        "user.session.start": signed_in,
        "user.session.access_admin_app": signed_in_to_application,
        "user.session.impersonation.initiate": signed_in_to_application,
        "user.session.end": ended,
        "user.authentication.sso": signed_in_to_application,
        "user.authentication.auth_via_mfa": verified,
        "user.authentication.verify": verified,
        "user.mfa.okta_verify.deny_push": verified,
        "user.mfa.okta_verify.deny_push_upgrade_needed": verified,
        "user.mfa.attempt_bypass": verified,
        "system.push.send_factor_verify_push": verified,
        "policy.evaluate_sign_on": evaluated,
        "security.request.blocked": lambda event: _sign_in(event, outcome="failure", reason="blocked"),
        **dict.fromkeys(
            (
                *("security.threat.detected", "security.attack.start", "security.breached_credential.detected"),
                *("security.session.detect_client_roaming", "user.account.report_suspicious_activity_by_enduser"),
                *("user.risk.detect", "user.risk.change"),
            ),
            warned,
        ),
        **_table(
            """
            user.lifecycle.create                       account         created
            user.lifecycle.activate                     account         enabled
            user.lifecycle.reactivate                   account         enabled
            user.lifecycle.unsuspend                    account         enabled
            user.lifecycle.suspend                      account         disabled
            user.lifecycle.deactivate                   account         disabled
            user.lifecycle.delete.initiated             account         deleted
            user.account.update_password                account         password_reset
            user.account.reset_password                 account         password_reset
            user.account.expire_password                account         changed
            user.account.lock                           account         disabled
            user.account.unlock                         account         enabled
            user.account.unlock_by_admin                account         enabled
            user.account.update_profile                 account         changed
            user.account.update_primary_email           account         changed
            user.account.update_secondary_email         account         changed
            user.account.privilege.grant                role            member_added
            user.account.privilege.revoke               role            member_removed
            group.privilege.grant                       role            member_added
            group.privilege.revoke                      role            member_removed
            iam.resourceset.bindings.add                role            member_added
            iam.resourceset.bindings.delete             role            member_removed
            iam.role.create                             role            created
            iam.role.delete                             role            deleted
            iam.role.permissions.add                    role            changed
            group.user_membership.add                   group           member_added
            group.user_membership.remove                group           member_removed
            group.lifecycle.create                      group           created
            group.lifecycle.delete                      group           deleted
            application.user_membership.add             app             member_added
            application.user_membership.remove          app             member_removed
            application.lifecycle.create                app             created
            application.lifecycle.update                app             changed
            application.lifecycle.delete                app             deleted
            application.lifecycle.activate              app             enabled
            application.lifecycle.deactivate            app             disabled
            app.oauth2.as.consent.grant                 app             consented
            app.oauth2.consent.grant                    app             consented
            app.oauth2.admin.consent.grant              app             consented
            app.oauth2.client.lifecycle.create          app             created
            app.oauth2.credentials.lifecycle.create     app_credential  created
            app.oauth2.credentials.lifecycle.activate   app_credential  enabled
            system.api_token.create                     app_credential  created
            system.api_token.revoke                     app_credential  deleted
            user.mfa.factor.activate                    mfa_method      created
            user.mfa.factor.update                      mfa_method      changed
            user.mfa.factor.deactivate                  mfa_method      deleted
            user.mfa.factor.suspend                     mfa_method      disabled
            user.mfa.factor.unsuspend                   mfa_method      enabled
            user.mfa.factor.reset_all                   mfa_method      deleted
            device.enrollment.create                    device          created
            device.user.add                             device          member_added
            device.user.remove                          device          member_removed
            device.lifecycle.delete                     device          deleted
            device.lifecycle.deactivate                 device          disabled
            policy.lifecycle.create                     policy          created
            policy.lifecycle.update                     policy          changed
            policy.lifecycle.activate                   policy          enabled
            policy.lifecycle.deactivate                 policy          disabled
            policy.lifecycle.delete                     policy          deleted
            policy.rule.add                             policy          created
            policy.rule.create                          policy          created
            policy.rule.update                          policy          changed
            policy.rule.activate                        policy          enabled
            policy.rule.deactivate                      policy          disabled
            policy.rule.delete                          policy          deleted
            zone.create                                 policy          created
            zone.update                                 policy          changed
            zone.deactivate                             policy          disabled
            zone.delete                                 policy          deleted
            system.idp.lifecycle.create                 policy          created
            system.idp.lifecycle.update                 policy          changed
            system.idp.lifecycle.activate               policy          enabled
            system.idp.lifecycle.deactivate             policy          disabled
            system.idp.lifecycle.delete                 policy          deleted
            system.mfa.factor.activate                  policy          enabled
            system.mfa.factor.deactivate                policy          disabled
            system.log_stream.lifecycle.delete          log             deleted
            system.log_stream.lifecycle.deactivate      log             disabled
            """
        ),
    }
)


def mapper_of(kind: str) -> Mapper | None:
    """What an event of a type becomes; none where it is not used."""
    found = _MAPPERS.get(kind)
    if found is None and kind.startswith("user.authentication.auth_via_"):
        return signed_in
    return found
