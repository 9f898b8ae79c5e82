"""Backup and restore, and the drill that proves both: export, fresh engine, the books agree.

docs/operations/backup.md tells when to use what.
"""
