"""Amends: reads a support mailbox, drafts for a person to approve, and keeps every promise in view."""
