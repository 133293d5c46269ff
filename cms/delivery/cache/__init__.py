"""The response cache: whole answers of the APIs to anonymous readers, kept until a tag of theirs is bumped.

``middleware`` is the way of a request, ``asking`` says which requests are meant and by what they differ, ``entry`` is
an answer as it is kept, ``store`` keeps it (in the process, and in Django's cache), ``parts`` keeps what lists are
put together of, ``encoding`` and ``sending`` are its HTTP. How it behaves, for operators and front ends:
docs/delivery.md.
"""
