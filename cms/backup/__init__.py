"""A site on another disk: its rows, portable between SQLite and PostgreSQL, its files by their hash, and a manifest.

Layout of a place, a folder or a bucket::

    backups/2026-11-26T10-20-30Z/tables/blog.postpage.jsonl.gz    rows, a JSON list in each line
                                 files/00001.jsonl.gz             which files there were: storage, name, SHA-256, size
                                 manifest.json                    written last: without it, it is no backup
    objects/9f/9f86d081884c7d659a2f…                              files of all backups, each named by its SHA-256

``making`` writes, ``restoring`` reads back, ``verifying`` compares. docs/backup.md is for operators, decision 0038
says why it is as it is.
"""
