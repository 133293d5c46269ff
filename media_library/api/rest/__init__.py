"""``/api/media/`` and ``/api/collections/``: the library for programs, with Django Ninja.

``api`` wires it, ``auth`` says who asks, and ``reading`` what they may see. There is a router for each subject, and a
schema for whatever is served. What is done to assets is done by the library's own rooms, as in the admin.
"""
