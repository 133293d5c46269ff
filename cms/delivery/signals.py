"""What others may count."""

from django.dispatch import Signal

response_answered = Signal()
"""The response cache has answered a request that it is meant for. ``outcome`` is ``hit``, ``miss``, ``stale`` or
``pass``, as ``X-Cache`` says. Sent in the web process, for each request, so a receiver has to be quick: count, and
no more."""

response_delivered = Signal()
"""The response cache has sent what a CDN may keep: ``request``, and the ``entry`` with its ``tags``. Sent for each
answer, hits included."""
