"""Captions and chapters: SubRip or WebVTT in, checked WebVTT out, and back to SubRip.

Section names are those of W3C's "WebVTT: The Web Video Text Tracks Format". Readers that exist (webvtt-py, pysubs2,
srt) take cues that end before they begin, swallow text that belongs to no cue and times that can't be read, and know
no lines; hence our own.
"""

from media_library.video.captions.decoding import is_guessed
from media_library.video.captions.reading import read_captions
from media_library.video.captions.subrip import to_srt

__all__ = ["is_guessed", "read_captions", "to_srt"]
