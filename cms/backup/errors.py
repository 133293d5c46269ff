class BackupError(Exception):
    """A backup or a restore can't go on; the message says what to do."""
