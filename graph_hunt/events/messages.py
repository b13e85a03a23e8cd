"""What names a message: the same for every table and source that tells of it."""

__all__ = ["message_key"]


def message_key(message: str = "message_id", network: str = "network_id") -> str:
    """Write the SQL of a message's key.

    Exchange's NetworkMessageId comes first, a GUID: what links, attachments and clicks name a message by is nothing
    else. Then the Message-ID; a mail server's queue id, which comes again, is the last resort.
    """
    return (
        f"CASE WHEN length({network}) = 36 AND regexp_full_match({network}, '[0-9a-fA-F-]+') THEN lower({network}) "
        f"ELSE coalesce({message}, {network}) END"
    )
