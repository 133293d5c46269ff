/** Starts the widgets of Wagtail's forms that the page names: `<template data-controller="widget" …>`. */

const { Controller } = window.StimulusModule;

/** What a page may ask for; a chooser also has the name of a class of Wagtail's, or of an app. */
const STARTS = {
  date: (id, options) => window.initDateChooser(id, options),
  datetime: (id, options) => window.initDateTimeChooser(id, options),
  time: (id, options) => window.initTimeChooser(id, options),
  InlinePanel: (options) => new window.InlinePanel(options),
  MultipleChooserPanel: (options) => new window.MultipleChooserPanel(options),
};
const CHOOSER = /^[A-Za-z]*Chooser$/;

class WidgetController extends Controller {
  static values = { name: String, arguments: Array };

  connect() {
    // Once only: a form may be moved to another place in the page.
    this.element.remove();
    const start = STARTS[this.nameValue];
    if (start) {
      start(...this.argumentsValue);
    } else if (CHOOSER.test(this.nameValue)) {
      Reflect.construct(window[this.nameValue], this.argumentsValue);
    }
  }
}

window.wagtail.app.register('widget', WidgetController);
