"""Notifications: alerts told to a webhook, by mail, to syslog or in a file, kept until they are told."""
