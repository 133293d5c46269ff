"""What the machine makes of an asset, as suggestions that editors accept, change or reject.

Backends (``INSIGHT_BACKENDS``) look at an asset and propose; nothing of it leaves this machine unless an operator
names a backend that sends it elsewhere.
"""

from media_library.insight.deciding import accept, reject
from media_library.insight.looking import assets_to_ask_about, may_be_asked_about, unseen_assets
from media_library.insight.proposals import Look, Proposal, record
from media_library.insight.running import backends, propose

__all__ = [
    "Look",
    "Proposal",
    "accept",
    "assets_to_ask_about",
    "backends",
    "may_be_asked_about",
    "propose",
    "record",
    "reject",
    "unseen_assets",
]
