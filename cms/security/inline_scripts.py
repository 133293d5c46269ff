"""Wagtail 8.0 starts some widgets of its forms by a script in the page, which a strict policy forbids.

Here the page holds what to start as data, and `cms/js/widgets.js` starts it. Widgets for dates and inline panels have
templates, which stand in `cms/templates/wagtailadmin/`. Choosers have none for it: `ready` changes their ``render``.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def start(name: str, *arguments: Any) -> SafeString:
    """``<template>`` that has ``name``, such as ``PageChooser``, started with these arguments."""
    return format_html(
        '<template data-controller="widget" data-widget-name-value="{}" data-widget-arguments-value="{}"></template>',
        name,
        json.dumps(arguments),
    )


def render_chooser(
    self: BaseChooser, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """As `BaseChooser.render`, with data where it has a script."""
    if not attrs or "id" not in attrs:
        raise TypeError("A chooser cannot be rendered without an 'id' attribute")
    value_data = self.get_value_data(value)
    html = self.render_html(name, value_data, attrs)
    if isinstance(self, AdminTaskChooser):
        return format_html("{}{}", html, start("createTaskChooser", attrs["id"]))
    options = self.get_js_init_options(attrs["id"], name, value_data)
    return format_html("{}{}", html, start(self.js_constructor, attrs["id"], options))


def ready() -> None:
    """Have every chooser rendered without a script, Wagtail's and those of apps."""
    BaseChooser.render = render_chooser
