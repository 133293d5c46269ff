"""What is wrong with settings that can be read, told by ``manage.py check`` and before migrations."""

import shutil
from ipaddress import ip_network

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from cms.operations.parts import CHECKS
from cms.settings.base import env
from media_library.conf import conf


@register(Tags.compatibility)
def check_misspelt_variables(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Warn of environment variables that look like ours and have no effect."""
    warnings: list[CheckMessage] = []
    for name, meant in env.misspelt().items():
        hint = f"Did you mean {meant}?" if meant else "All that there are stand in the table of README.md."
        warnings.append(Warning(f"The environment variable {name} is read by nobody.", hint=hint, id="cms.W011"))
    return warnings


@register(Tags.compatibility)
def check_monitoring(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse networks that are none, and parts that nobody asks."""
    errors: list[CheckMessage] = []
    for network in settings.MONITORING_NETWORKS:
        try:
            ip_network(network, strict=False)
        except ValueError:
            hint = "Write addresses or networks, with commas, such as 10.1.0.0/16,192.0.2.7."
            errors.append(Error(f"MONITORING_NETWORKS names {network!r}, which is none.", hint=hint, id="cms.E011"))
    for part in settings.READY_REQUIRES:
        if part not in CHECKS:
            hint = f"There are: {', '.join(CHECKS)}."
            errors.append(Error(f"READY_REQUIRES names {part!r}, which is no part.", hint=hint, id="cms.E012"))
    return errors


@register(Tags.compatibility)
def check_ffmpeg(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse an ffmpeg that isn't there, before the first film fails."""
    if not conf.FFMPEG or shutil.which(conf.FFMPEG):
        return []
    hint = "Give the path of a program, or leave it out to use the one that imageio-ffmpeg brings."
    return [Error(f"FFMPEG is {conf.FFMPEG!r}, and there is no such program.", hint=hint, id="cms.E013")]


@register(Tags.security, deploy=True)
def check_one_machine(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Warn of production on files: right on one machine, and silently wrong on two."""
    if settings.REDIS_URL:
        return []
    hint = "Set REDIS_URL as soon as there is a second machine."
    return [Warning("Cache and broker are files, which one machine can use only.", hint=hint, id="cms.W012")]
