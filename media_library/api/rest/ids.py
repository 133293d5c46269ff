"""Ids in addresses and bodies."""

from typing import Annotated

from pydantic import Field

MAX_ID = 2**63 - 1
"""The largest that a database holds."""

MAX_IDS = 1_000
"""So many in one request."""

Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Ids = Annotated[list[Id], Field(min_length=1, max_length=MAX_IDS)]
