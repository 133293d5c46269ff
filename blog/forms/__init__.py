"""Forms for visitors: what they may send, how it is kept, and who is told of it."""
