"""How a newsroom works: who may do what, review, and schedules. See docs/decisions/0028."""
