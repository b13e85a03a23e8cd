"""Which family of events a record belongs to: its provider decides, its channel where no provider is known."""

from functools import cache

_CONNECTIONS = "TerminalServices-RemoteConnectionManager"

_PROVIDERS = {
    "microsoft-windows-security-auditing": "Security",
    "microsoft-windows-sysmon": "Sysmon",
    "linux-sysmon": "Sysmon",
    "service control manager": "System",
    "microsoft-windows-service control manager": "System",
    "eventlog": "System",
    "microsoft-windows-terminalservices-localsessionmanager": "TerminalServices-LocalSessionManager",
    "microsoft-windows-terminalservices-remoteconnectionmanager": _CONNECTIONS,
    "microsoft-windows-terminalservices-clientactivexcore": "TerminalServices-RDPClient",
    "microsoft-windows-terminalservices-rdpclient": "TerminalServices-RDPClient",
    "microsoft-windows-remotedesktopservices-rdpcorets": "RdpCoreTS",
    "microsoft-windows-terminalservices-gateway": "TerminalServices-Gateway",
    "microsoft-windows-taskscheduler": "TaskScheduler",
    "microsoft-windows-powershell": "PowerShell",
    "powershellcore": "PowerShell",
    "microsoft-windows-wmi-activity": "WMI-Activity",
    "microsoft-windows-ntlm": "NTLM",
    "microsoft-windows-security-netlogon": "NTLM",
    "microsoft-windows-smbclient": "SMBClient",
    "openssh": "OpenSSH",
    "remoteaccess": "RemoteAccess",
    "microsoft-windows-winrm": "WinRM",
}

_CHANNELS = {
    "security": "Security",
    "system": "System",
    "microsoft-windows-sysmon/operational": "Sysmon",
    "microsoft-windows-terminalservices-localsessionmanager/operational": "TerminalServices-LocalSessionManager",
    "microsoft-windows-terminalservices-remoteconnectionmanager/operational": _CONNECTIONS,
    "microsoft-windows-terminalservices-rdpclient/operational": "TerminalServices-RDPClient",
    "microsoft-windows-remotedesktopservices-rdpcorets/operational": "RdpCoreTS",
    "microsoft-windows-terminalservices-gateway/operational": "TerminalServices-Gateway",
    "microsoft-windows-taskscheduler/operational": "TaskScheduler",
    "microsoft-windows-powershell/operational": "PowerShell",
    "powershellcore/operational": "PowerShell",
    "microsoft-windows-wmi-activity/operational": "WMI-Activity",
    "microsoft-windows-ntlm/operational": "NTLM",
    "microsoft-windows-smbclient/security": "SMBClient",
    "microsoft-windows-smbclient/connectivity": "SMBClient",
    "microsoft-windows-smbclient/operational": "SMBClient",
    "microsoft-windows-smbserver/security": "SMBServer-Security",
    "openssh/operational": "OpenSSH",
    "microsoft-windows-winrm/operational": "WinRM",
}
_EVENT_LOG_SERVICE = "microsoft-windows-eventlog"


@cache
def family(provider: str, channel: str) -> str:
    """Name the family, such as Security or TaskScheduler; an unknown provider's is its own name.

    Security 1102 (log cleared) and RDPClient 1102 (a server's address) share an id: the provider tells them apart.
    The event log service writes 1102 and 104 into the log that was cleared.
    """
    known = provider.casefold()
    if known == _EVENT_LOG_SERVICE:
        return "Security" if channel.casefold() == "security" else "System"
    if known in _PROVIDERS:
        return _PROVIDERS[known]
    by_channel = _CHANNELS.get(channel.casefold())
    if by_channel and (not known or by_channel == "SMBServer-Security" or known == channel.casefold()):
        return by_channel
    return provider or channel or "unknown"
