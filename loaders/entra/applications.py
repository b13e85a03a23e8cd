"""Names of Microsoft's own applications that sign-ins and audit records give by id alone."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["application"]

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "00000002-0000-0ff1-ce00-000000000000": "Office 365 Exchange Online",
        "00000003-0000-0ff1-ce00-000000000000": "Office 365 SharePoint Online",
        "00000003-0000-0000-c000-000000000000": "Microsoft Graph",
        "00000002-0000-0000-c000-000000000000": "Windows Azure Active Directory",
        "00000006-0000-0ff1-ce00-000000000000": "Microsoft Office 365 Portal",
        "0000000a-0000-0000-c000-000000000000": "Microsoft Intune",
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
        "1950a258-227b-4e31-a9cf-717495945fc2": "Microsoft Azure PowerShell",
        "1b730954-1685-4b74-9bfd-dac224a7b894": "Azure Active Directory PowerShell",
        "14d82eec-204b-4c2f-b7e8-296a70dab67e": "Microsoft Graph Command Line Tools",
        "1fec8e78-bce4-4aaf-ab1b-5451cc387264": "Microsoft Teams",
        "27922004-5251-4030-b22d-91ecd9a37ea4": "Outlook Mobile",
        "29d9ed98-a469-4536-ade2-f981bc1d605e": "Microsoft Authentication Broker",
        "4345a7b9-9a63-4910-a426-35363201d503": "O365 Suite UX",
        "4765445b-32c6-49b0-83e6-1d93765276ca": "OfficeHome",
        "497effe9-df71-4043-a8bb-14cf78c4b63b": "Exchange Admin Center",
        "5d661950-3475-41cd-a2c3-d671a3162bc1": "Microsoft Outlook",
        "5e3ce6c0-2b1f-4285-8d4b-75ee78787346": "Microsoft Teams Web Client",
        "72782ba9-4490-4f03-8d82-562370ea3566": "Office 365",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013": "Windows Azure Service Management API",
        "80ccca67-54bd-44ab-8625-4b79c4dc7775": "Microsoft 365 Security and Compliance Center",
        "872cd9fa-d31f-45e0-9eab-6e460a02d1f1": "Visual Studio",
        "89bee1f7-5e6e-4d8a-9f3d-ecd601259da7": "Office365 Shell WCSS-Client",
        "9ba1a5c7-f17a-4de9-a1f1-6178c8d51223": "Microsoft Intune Company Portal",
        "a0c73c16-a7e3-4564-9a95-2bdf47383716": "Microsoft Exchange Online Remote PowerShell",
        "ab9b8c07-8f02-4f72-87fa-80105867a763": "OneDrive SyncEngine",
        "c44b4083-3bb0-49c1-b47d-974e53cbdf3c": "Azure Portal",
        "c5393580-f805-4401-95e8-94b7a6ef2fc2": "Office 365 Management APIs",
        "d3590ed6-52b3-4102-aeff-aad2292ab01c": "Microsoft Office",
        "fb78d390-0c51-40cd-8e17-fdbfab77341b": "Microsoft Exchange REST API Based Powershell",
    }
)


def application(identifier: str | None, name: str | None = None) -> str | None:
    """The application's name, or its id where no name is known."""
    if name is not None:
        return name
    return _NAMES.get(identifier.casefold(), identifier) if identifier is not None else None
