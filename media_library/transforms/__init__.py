"""Renditions on demand, by signed addresses: for front ends that need another size than the ladder has."""

from media_library.transforms.address import revision, transform_url

__all__ = ["revision", "transform_url"]
