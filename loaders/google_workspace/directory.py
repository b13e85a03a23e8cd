"""What administrators did, what users changed of their own accounts, and what Google warned of."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.google_workspace.forms import Activity, Event

__all__ = ["ADMIN", "WARNINGS", "administered", "device_changed", "forwarded", "group_changed", "of_own", "warned"]

Row = tuple[str, dict[str, Any]]


def _table(lines: str) -> Mapping[str, tuple[str, str]]:
    rows = (line.split() for line in filter(str.strip, lines.splitlines()))
    return MappingProxyType({name: (kind, operation) for name, kind, operation in rows})


ADMIN: Mapping[str, tuple[str, str]] = _table(
    """
    CREATE_USER                             account         created
    DELETE_USER                             account         deleted
    UNDELETE_USER                           account         created
    SUSPEND_USER                            account         disabled
    UNSUSPEND_USER                          account         enabled
    ARCHIVE_USER                            account         disabled
    UNARCHIVE_USER                          account         enabled
    RENAME_USER                             account         renamed
    CHANGE_PASSWORD                         account         password_reset
    CHANGE_PASSWORD_ON_NEXT_LOGIN           account         changed
    RESET_SIGNIN_COOKIES                    account         changed
    MOVE_USER_TO_ORG_UNIT                   account         changed
    ADD_NICKNAME                            account         changed
    REMOVE_NICKNAME                         account         changed
    CHANGE_RECOVERY_EMAIL                   mfa_method      changed
    CHANGE_RECOVERY_PHONE                   mfa_method      changed
    ADD_RECOVERY_EMAIL                      mfa_method      created
    ADD_RECOVERY_PHONE                      mfa_method      created
    GENERATE_2SV_SCRATCH_CODES              mfa_method      created
    REVOKE_2SV_SCRATCH_CODES                mfa_method      deleted
    TURN_OFF_2_STEP_VERIFICATION            mfa_method      deleted
    UNENROLL_USER_FROM_STRONG_AUTH          mfa_method      deleted
    UNENROLL_USER_FROM_TITANIUM             mfa_method      deleted
    REVOKE_SECURITY_KEY                     mfa_method      deleted
    ADD_SECURITY_KEY                        mfa_method      created
    REVOKE_ASP                              mfa_method      deleted
    REVOKE_3LO_TOKEN                        app             deleted
    REVOKE_3LO_DEVICE_TOKENS                app             deleted
    GRANT_ADMIN_PRIVILEGE                   role            member_added
    REVOKE_ADMIN_PRIVILEGE                  role            member_removed
    GRANT_DELEGATED_ADMIN_PRIVILEGES        role            member_added
    ASSIGN_ROLE                             role            member_added
    UNASSIGN_ROLE                           role            member_removed
    CREATE_ROLE                             role            created
    DELETE_ROLE                             role            deleted
    RENAME_ROLE                             role            renamed
    UPDATE_ROLE                             role            changed
    ADD_PRIVILEGE                           role            changed
    REMOVE_PRIVILEGE                        role            changed
    CREATE_GROUP                            group           created
    DELETE_GROUP                            group           deleted
    ADD_GROUP_MEMBER                        group           member_added
    REMOVE_GROUP_MEMBER                     group           member_removed
    UPDATE_GROUP_MEMBER                     group           changed
    CHANGE_GROUP_EMAIL                      group           renamed
    CHANGE_GROUP_SETTING                    group           changed
    AUTHORIZE_API_CLIENT_ACCESS             app             consented
    REMOVE_API_CLIENT_ACCESS                app             deleted
    ADD_TO_TRUSTED_OAUTH2_APPS              app             changed
    REMOVE_FROM_TRUSTED_OAUTH2_APPS         app             changed
    ADD_TO_BLOCKED_OAUTH2_APPS              app             changed
    ADD_APPLICATION                         app             created
    REMOVE_APPLICATION                      app             deleted
    ADD_APPLICATION_TO_WHITELIST            app             changed
    ADD_MOBILE_APPLICATION_TO_WHITELIST     app             changed
    ALLOW_STRONG_AUTHENTICATION             policy          changed
    ENFORCE_STRONG_AUTHENTICATION           policy          changed
    ALLOW_SERVICE_FOR_OAUTH2_ACCESS         policy          changed
    DISALLOW_SERVICE_FOR_OAUTH2_ACCESS      policy          changed
    WEAK_PROGRAMMATIC_LOGIN_SETTINGS_CHANGED policy         changed
    SESSION_CONTROL_SETTINGS_CHANGE         policy          changed
    TOGGLE_SSO_ENABLED                      policy          changed
    CHANGE_SSO_SETTINGS                     policy          changed
    CREATE_SAML2_SERVICE_PROVIDER_CONFIG    policy          created
    DELETE_SAML2_SERVICE_PROVIDER_CONFIG    policy          deleted
    ADD_TRUSTED_DOMAINS                     policy          created
    REMOVE_TRUSTED_DOMAINS                  policy          deleted
    ADD_SECONDARY_DOMAIN                    policy          created
    ADD_DOMAIN_ALIAS                        policy          created
    CHANGE_GMAIL_SETTING                    policy          changed
    CREATE_GMAIL_SETTING                    policy          created
    DELETE_GMAIL_SETTING                    policy          deleted
    CHANGE_EMAIL_SETTING                    policy          changed
    CHANGE_APPLICATION_SETTING              policy          changed
    CREATE_APPLICATION_SETTING              policy          created
    DELETE_APPLICATION_SETTING              policy          deleted
    CHANGE_CALENDAR_SETTING                 policy          changed
    CHANGE_DOCS_SETTING                     policy          changed
    CUSTOMER_TAKEOUT_CREATED                policy          created
    CUSTOMER_TAKEOUT_SUCCEEDED              policy          changed
    CREATE_DATA_TRANSFER_REQUEST            policy          created
    """
)
"""Administrators' actions that are kept; the others are counted by name."""

_OWN: Mapping[str, tuple[str, str]] = _table(
    """
    2sv_enroll                  mfa_method  created
    2sv_disable                 mfa_method  deleted
    passkey_enrolled            mfa_method  created
    passkey_removed             mfa_method  deleted
    titanium_enroll             mfa_method  created
    titanium_unenroll           mfa_method  deleted
    recovery_email_edit         mfa_method  changed
    recovery_phone_edit         mfa_method  changed
    recovery_secret_qa_edit     mfa_method  changed
    password_edit               account     password_reset
    """
)
_GROUPS: Mapping[str, tuple[str, str]] = _table(
    """
    add_user                    group   member_added
    add_member                  group   member_added
    approve_join_request        group   member_added
    accept_invitation           group   member_added
    join                        group   member_added
    remove_user                 group   member_removed
    remove_member               group   member_removed
    ban_user_with_moderation    group   member_removed
    create_group                group   created
    delete_group                group   deleted
    change_acl_permission       group   changed
    change_security_setting     group   changed
    add_security_setting        group   changed
    add_member_role             group   changed
    """
)
WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        "suspicious_login": "high",
        "suspicious_login_less_secure_app": "high",
        "suspicious_programmatic_login": "high",
        "user_signed_out_due_to_suspicious_session_cookie": "high",
        "gov_attack_warning": "high",
        "risky_sensitive_action_blocked": "medium",
        "risky_sensitive_action_allowed": "medium",
        "account_disabled_password_leak": "high",
        "account_disabled_hijacked": "high",
        "account_disabled_generic": "medium",
        "account_disabled_spamming": "medium",
        "account_disabled_spamming_through_relay": "medium",
        "DEVICE_COMPROMISED_EVENT": "high",
        "SUSPICIOUS_ACTIVITY_EVENT": "medium",
    }
)
"""What Google warns of, and how bad that is."""
_LEVELS = {"LOW": "low", "MEDIUM": "medium", "HIGH": "high"}
_SUPER = "Super Admin"
_LONGEST = 1000
_FORWARDED = ("CREATE_EMAIL_MONITOR", "DELETE_EMAIL_MONITOR")


def _change(activity: Activity, kind: str, operation: str, **columns: Any) -> list[Row]:
    row = {
        "object_kind": kind,
        "operation": operation,
        "outcome": "success",
        "user_upn": activity.actor,
        "source_ip": activity.ip,
    }
    return [("change", row | columns)]


def administered(activity: Activity, event: Event) -> list[Row]:
    """The admin console, or its API."""
    if event.name in _FORWARDED:
        return forwarded(activity, event)
    found = ADMIN.get(event.name)
    if found is None:
        return []
    kind, operation = found
    target = event.get("user_email")
    columns: dict[str, Any] = {
        "target_user_upn": target,
        "object": _object(event, kind) or target,
        "details": _details(event, kind),
        "value": event.get("new_value", "new_email", "new_role_name"),
        "old_value": event.get("old_value", "old_email"),
    }
    if kind == "role":
        columns["object_id"] = event.get("role_id")
    elif kind == "app":
        columns["object_id"] = event.get("api_client_name", "oauth2_app_id", "application_id", "app_id")
    return _change(activity, kind, operation, **columns)


def _object(event: Event, kind: str) -> str | None:
    if kind == "group":
        return event.get("group_email")
    if kind == "role":
        own = _SUPER if event.name.endswith("_ADMIN_PRIVILEGE") else None
        return event.get("role_name") or own
    if kind == "app":
        return event.get("oauth2_app_name", "application_name", "app_name", "api_client_name", "oauth2_app_id")
    if kind == "policy":
        return event.get("setting_name", "user_defined_setting_name", "domain_name", "org_unit_name") or event.name
    return event.get("user_email")


def _details(event: Event, kind: str) -> str | None:
    words = [event.name if kind in ("policy", "mfa_method", "account") else None]
    if scopes := event.all("api_scopes"):
        words.append(f"domain-wide delegation, scopes: {' '.join(scopes)}")
    words += [event.get("privilege_name"), event.get("org_unit_name") if kind == "policy" else None]
    return ", ".join(word for word in words if word)[:_LONGEST] or None


def of_own(activity: Activity, event: Event) -> list[Row]:
    """user_accounts, and login's older events of the kind: what a user changed of the own account."""
    found = _OWN.get(event.name)
    if found is None:
        return []
    target = event.get("affected_email_address") or activity.actor
    return _change(activity, *found, object=target, target_user_upn=target, details=event.name)


def group_changed(activity: Activity, event: Event) -> list[Row]:
    """groups, groups_enterprise: what members and managers did."""
    found = _GROUPS.get(event.name)
    if found is None or _said_again(activity, event):
        return []
    member = event.get("member_id", "member_email", "user_email")
    return _change(
        activity,
        *found,
        object=event.get("group_id", "group_email"),
        target_user_upn=member if member is not None and "@" in member else None,
        details=event.get("member_role", "basic_setting", "acl_permission", "security_setting"),
        value=event.get("new_value"),
        old_value=event.get("old_value"),
    )


def _said_again(activity: Activity, event: Event) -> bool:
    """Cloud Identity writes an account's joining or leaving twice: of the user, and of the member."""
    twin = event.name.replace("_user", "_member")
    return twin != event.name and any(other.name == twin for other in activity.events)


def forwarded(activity: Activity, event: Event) -> list[Row]:
    """Mail is sent on out of the domain by its user, or copied to another by an administrator."""
    mailbox = event.get("user_email") or activity.actor
    to = event.get("email_forwarding_destination_address", "email_monitor_dest_email")
    columns = {
        "operation": "forwarding_removed" if event.name.startswith("DELETE") else "forwarding_set",
        "outcome": "success",
        "user_upn": activity.actor,
        "mailbox": mailbox,
        "client_ip": activity.ip,
        "forward_to": [to] if to is not None else None,
    }
    return [("mailbox", columns)]


def device_changed(activity: Activity, event: Event) -> list[Row]:
    """A phone was enrolled with an account, or is so no more."""
    state = (event.get("account_state") or "").casefold()
    name = event.get("device_model", "device_id")
    return _change(
        activity,
        "device",
        "deleted" if "unregister" in state else "created",
        object=name,
        object_id=event.get("device_id", "serial_number"),
        target_user_upn=event.get("user_email") or activity.actor,
    )


def warned(activity: Activity, event: Event) -> list[Row]:
    """What Google itself found suspicious, and rules that fired."""
    state = event.get("device_compromised_state")
    if state is not None and state != "COMPROMISED":
        return []
    title = event.get("rule_name") or event.name or "rule"
    words = [event.get("sensitive_action_name"), event.get("resource_title", "device_model"), event.get("rule_type")]
    columns = {
        "product": "Google Workspace",
        "title": title,
        "level": WARNINGS.get(event.name) or _LEVELS.get((event.get("severity") or "").upper()),
        "user_upn": event.get("affected_email_address", "user_email") or activity.actor,
        "source_ip": activity.ip,
        "details": ", ".join(word for word in words if word) or None,
        "rule": event.get("rule_resource_name") or title,
    }
    return [("alert", columns)]
