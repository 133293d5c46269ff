"""The files that an asset had: list, compare, restore, and a new one."""
