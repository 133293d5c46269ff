from cms.operations import checks
from cms.settings.base import env


def test_variable_that_nobody_reads_is_told_with_what_was_meant(monkeypatch):
    monkeypatch.setitem(env.ENVIRON, "MEDIA_TRASH_DAY", "3")

    warning = next(one for one in checks.check_misspelt_variables(None) if "MEDIA_TRASH_DAY" in one.msg)
    assert (warning.id, warning.hint) == ("cms.W011", "Did you mean MEDIA_TRASH_DAYS?")


def test_network_that_is_none_and_part_that_nobody_asks_are_refused(settings):
    settings.MONITORING_NETWORKS = ["10.0.0.0/8", "10.0.0.0/64"]
    settings.READY_REQUIRES = ["database", "databse"]

    assert [(one.id, "hint" if one.hint else "") for one in checks.check_monitoring(None)] == [
        ("cms.E011", "hint"),
        ("cms.E012", "hint"),
    ]


def test_ffmpeg_that_is_not_there_is_refused(settings):
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "FFMPEG": "/nowhere/ffmpeg"}
    assert [one.id for one in checks.check_ffmpeg(None)] == ["cms.E013"]

    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "FFMPEG": ""}
    assert checks.check_ffmpeg(None) == []


def test_files_in_production_are_warned_of(settings):
    settings.REDIS_URL = ""
    assert [one.id for one in checks.check_one_machine(None)] == ["cms.W012"]

    settings.REDIS_URL = "redis://cache:6379/0"
    assert checks.check_one_machine(None) == []
