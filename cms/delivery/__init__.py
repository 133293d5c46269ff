"""How content leaves: cache tags, response cache, invalidation, purge at the CDN, webhooks.

``changes.announce`` is the one door: whoever changes something public says which tags it makes stale. It is written
with the change, in the same transaction, and told after commit: to the response cache (``versions``), the CDN and
webhooks. What a killed process did not tell, beat tells.
"""
