"""The work on assets in the admin: a report of it, stopping it, starting it again."""
