"""Changes in a cloud directory, as the Unified Audit Log and Entra's audit log both name them.

Not a loader. Both logs say the same activities in other layouts; what an activity means for the `change` table stands
here once.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from graph_hunt.loaders._values import text

__all__ = ["GUID", "Activity", "Target", "change_of", "clean", "normal", "principal"]

GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Target(NamedTuple):
    """What an activity was done to: a user, group, application, service principal, device …"""

    kind: str = ""
    name: str | None = None
    identifier: str | None = None
    upn: str | None = None
    app: str | None = None
    """Its application's id, which names an application in every tenant."""


class Activity(NamedTuple):
    """An activity, its targets, and the properties it changed: name -> (new, old)."""

    name: str
    targets: tuple[Target, ...]
    modified: Mapping[str, tuple[str | None, str | None]]

    def new(self, *names: str) -> str | None:
        """The new value of the first of these properties that has one."""
        for name in names:
            if name in self.modified and (found := self.modified[name][0]) is not None:
                return found
        return None

    def value(self, *names: str) -> str | None:
        """The new value of the first of these properties that has one, or else the old one."""
        if (found := self.new(*names)) is not None:
            return found
        for name in names:
            if name in self.modified and (found := self.modified[name][1]) is not None:
                return found
        return None

    def target(self, *kinds: str) -> Target:
        """The first target of one of these kinds, or an empty one."""
        return next((target for target in self.targets if target.kind.casefold() in kinds), Target())


def _table(lines: str) -> dict[str, tuple[str, str]]:
    found = {}
    for line in filter(str.strip, lines.splitlines()):
        name, kind, operation = (part.strip() for part in line.split("|"))
        found[name] = (kind, operation)
    return found


_ACTIVITIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    _table(
        """
        add user                                        | account        | created
        invite external user                            | account        | created
        invite internal user                            | account        | created
        invite internal user to b2b collaboration       | account        | created
        redeem external user invite                     | account        | changed
        delete user                                     | account        | deleted
        hard delete user                                | account        | deleted
        restore user                                    | account        | created
        update user                                     | account        | changed
        disable account                                 | account        | disabled
        enable account                                  | account        | enabled
        change user password                            | account        | password_reset
        change password (self-service)                  | account        | password_reset
        reset user password                             | account        | password_reset
        reset password (by admin)                       | account        | password_reset
        reset password (self-service)                   | account        | password_reset
        set force change user password                  | account        | password_reset
        create application password for user            | mfa_method     | created
        update stsrefreshtokenvalidfrom timestamp       | account        | changed
        add member to group                             | group          | member_added
        remove member from group                        | group          | member_removed
        add owner to group                              | group          | member_added
        remove owner from group                         | group          | member_removed
        add group                                       | group          | created
        update group                                    | group          | changed
        delete group                                    | group          | deleted
        hard delete group                               | group          | deleted
        add member to role                              | role           | member_added
        add eligible member to role                     | role           | member_added
        add scoped member to role                       | role           | member_added
        remove member from role                         | role           | member_removed
        remove eligible member from role                | role           | member_removed
        remove scoped member from role                  | role           | member_removed
        update role                                     | role           | changed
        add role definition                             | role           | created
        update role definition                          | role           | changed
        consent to application                          | app            | consented
        add delegated permission grant                  | app            | consented
        add oauth2permissiongrant                       | app            | consented
        add app role assignment to service principal    | app            | consented
        remove delegated permission grant               | app            | changed
        remove oauth2permissiongrant                    | app            | changed
        remove app role assignment from service principal | app          | changed
        add app role assignment grant to user           | app            | changed
        remove app role assignment from user            | app            | changed
        add app role assignment to group                | app            | changed
        add application                                 | app            | created
        update application                              | app            | changed
        delete application                              | app            | deleted
        hard delete application                         | app            | deleted
        restore application                             | app            | created
        add owner to application                        | app            | changed
        remove owner from application                   | app            | changed
        add service principal                           | app            | created
        update service principal                        | app            | changed
        remove service principal                        | app            | deleted
        hard delete service principal                   | app            | deleted
        add owner to service principal                  | app            | changed
        remove owner from service principal             | app            | changed
        add service principal credentials               | app_credential | created
        remove service principal credentials            | app_credential | deleted
        update application - certificates and secrets management | app_credential | changed
        add registered owner to device                  | device         | changed
        add registered users to device                  | device         | changed
        add device                                      | device         | created
        register device                                 | device         | created
        update device                                   | device         | changed
        delete device                                   | device         | deleted
        unregister device                               | device         | deleted
        disable strong authentication                   | mfa_method     | deleted
        enable strong authentication                    | mfa_method     | created
        user registered security info                   | mfa_method     | created
        user registered all required security info      | mfa_method     | created
        user changed default security info              | mfa_method     | changed
        user updated security info                      | mfa_method     | changed
        user deleted security info                      | mfa_method     | deleted
        admin registered security info                  | mfa_method     | created
        admin updated security info                     | mfa_method     | changed
        admin deleted security info                     | mfa_method     | deleted
        add fido2 security key                          | mfa_method     | created
        add windows hello for business credential       | mfa_method     | created
        set company information                         | policy         | changed
        set domain authentication                       | policy         | changed
        set federation settings on domain               | policy         | changed
        add unverified domain                           | policy         | created
        add verified domain                             | policy         | created
        verify domain                                   | policy         | changed
        update domain                                   | policy         | changed
        remove unverified domain                        | policy         | deleted
        remove verified domain                          | policy         | deleted
        add partner to company                          | policy         | changed
        add conditional access policy                   | policy         | created
        update conditional access policy                | policy         | changed
        delete conditional access policy                | policy         | deleted
        add named location                              | policy         | created
        update named location                           | policy         | changed
        delete named location                           | policy         | deleted
        update policy                                   | policy         | changed
        added policy                                    | policy         | created
        authentication methods policy update            | policy         | changed
        update authentication methods policy            | policy         | changed
        authentication methods policy reset             | policy         | changed
        update company settings                         | policy         | changed
        update external secrets                         | app_credential | changed
        recover device local administrator password     | device         | changed
        read bitlocker key                              | device         | changed
        add policy                                      | policy         | created
        delete policy                                   | policy         | deleted
        update authorization policy                     | policy         | changed
        disable desktop sso                             | policy         | changed
        enable desktop sso                              | policy         | changed
        """
    )
)

_PIM = re.compile(r"^(add|remove) (?:eligible )?member (?:to|from) role (?:in pim )?(?:completed|outside of pim)")
_STRONG = ("StrongAuthenticationMethod", "StrongAuthenticationPhoneAppDetail", "StrongAuthenticationUserDetails")
_REQUIREMENT = "StrongAuthenticationRequirement"
_ALTERNATIVE = {"group": ("Group.DisplayName", "Group.ObjectID"), "role": ("Role.DisplayName", "Role.TemplateId")}
_QUIET = frozenset(
    {"Included Updated Properties", "TargetId.UserType", "TargetId.ServicePrincipalNames", "TargetId.GroupType"}
)
_LONGEST = 400


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """An activity's name as both logs share it: without the last full stop, dashes plain.

    >>> normal("Update application – Certificates and secrets management "), normal("Add user.")
    ('Update application - Certificates and secrets management', 'Add user')
    """
    return name.replace("\u2013", "-").strip().removesuffix(".").strip()


def clean(value: Any) -> str | None:
    """A property's value in plain text: out of the JSON list or string that it is wrapped in.

    >>> clean('["Global Administrator"]'), clean('[]'), clean('"x"'), clean("plain")
    ('Global Administrator', None, 'x', 'plain')
    """
    found = text(value)
    if found is None or found[0] not in '["':
        return found
    try:
        inner = orjson.loads(found)
    except orjson.JSONDecodeError:
        return found
    if isinstance(inner, list):
        parts = [item if isinstance(item, str) else orjson.dumps(item).decode() for item in inner]
        return text(", ".join(parts))
    return text(inner) if isinstance(inner, str) else found


def principal(name: str | None, identifier: str | None) -> dict[str, str | None]:
    """The account that a service principal is: by its name and the beginning of its id, for anyone may take a name.

    >>> principal("Backup", "2383a669-0671-49c4-a7e6-a15950eccc2e")["user"]
    'Backup (2383a669)'
    """
    short = identifier.partition("-")[0] if identifier else None
    user = f"{name} ({short})" if name and short else name or short
    sid = identifier.lower() if identifier and GUID.fullmatch(identifier) else None
    return {"user": user, "user_domain": "ServicePrincipal", "user_sid": sid}


def change_of(activity: Activity) -> dict[str, Any] | None:
    """The columns of a change, save who did it and whence; none where the activity is not kept."""
    name = normal(activity.name).casefold()
    found = _ACTIVITIES.get(name)
    if found is None and (pim := _PIM.match(name)):
        found = ("role", "member_added" if pim.group(1) == "add" else "member_removed")
    if found is None:
        return None
    kind, operation = found
    strong = [item for item in (*_STRONG, _REQUIREMENT) if item in activity.modified]
    if kind == "account" and operation == "changed" and strong:
        new, old = activity.modified[strong[0]]
        return {
            "object_kind": "mfa_method",
            "operation": "created" if old is None else "deleted" if new is None else "changed",
            "object": strong[0],
            "details": ", ".join(strong),
            "value": _cut(new),
            "old_value": _cut(old),
            **_account(activity.target("user")),
        }
    columns: dict[str, Any] = {"object_kind": kind, "operation": operation}
    if not operation.startswith("member_"):
        columns["details"] = _details(activity)
    columns |= _account(activity.target("user"))
    columns |= _object(activity, kind)
    return columns


def _account(target: Target) -> dict[str, str | None]:
    # Anonymised logs hold words in place of ids and addresses.
    identifier = target.identifier if target.identifier and GUID.fullmatch(target.identifier) else None
    return {"target_user_upn": target.upn, "target_user_sid": identifier}


def _object(activity: Activity, kind: str) -> dict[str, str | None]:
    if kind in _ALTERNATIVE:
        target = activity.target(kind)
        name, identifier = _ALTERNATIVE[kind]
        return {
            "object": activity.value(name) or target.name,
            "object_id": activity.value(identifier) or target.identifier,
        }
    if kind in ("app", "app_credential"):
        return _application(activity)
    if kind in ("account", "mfa_method"):
        target = activity.target("user")
        return {"object": target.upn or target.name, "object_id": target.identifier}
    target = activity.targets[0] if activity.targets else Target()
    return {"object": target.name or target.upn, "object_id": target.identifier}


def _application(activity: Activity) -> dict[str, str | None]:
    """The application that gains by the change: the client of a grant stands in the properties, not in the target."""
    client = activity.value("ServicePrincipal.AppId", "Application.AppId")
    granted = (
        normal(activity.name).casefold() != "consent to application"
        and "ServicePrincipal.ObjectID" in activity.modified
    )
    if client or granted:
        name = activity.value("ServicePrincipal.DisplayName", "Application.DisplayName")
        identifier = client or activity.value("ServicePrincipal.ObjectID", "Application.ObjectID")
        return {"object": name or identifier, "object_id": identifier}
    target = activity.target("serviceprincipal", "application")
    names = GUID.search(activity.value("TargetId.ServicePrincipalNames") or "")
    app = target.app or activity.value("AppId", "AppPrincipalId") or (names.group(0).lower() if names else None)
    identifier = app or target.identifier
    return {"object": target.name or activity.value("DisplayName") or identifier, "object_id": identifier}


def _details(activity: Activity) -> str | None:
    words = []
    if activity.new("ConsentContext.IsAdminConsent") in ("True", "true"):
        words.append("admin consent")
    if activity.new("ConsentContext.OnBehalfOfAll") in ("True", "true"):
        words.append("on behalf of all users")
    if permissions := activity.new("ConsentAction.Permissions"):
        scopes = re.findall(r"Scope:\s*([^,\]]*)", permissions)
        words.append("scopes: " + " ".join(" ".join(scopes).split()))
    if scope := activity.new("DelegatedPermissionGrant.Scope"):
        words.append(f"scopes: {' '.join(scope.split())}")
    if role := activity.new("AppRole.Value"):
        words.append(f"role: {role}")
    if credential := activity.new("KeyDescription"):
        words.append(f"credential: {credential}")
    if not words:
        words = [name for name in activity.modified if name not in _QUIET]
    return _cut(", ".join(words))


def _cut(value: str | None) -> str | None:
    return value[:_LONGEST] or None if value is not None else None
