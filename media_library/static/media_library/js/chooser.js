/** The media chooser: its modal, and the field that it fills. */

import { MediaChoiceController } from './chooser/field.js';
import { MediaChooserController } from './chooser/modal.js';

window.wagtail.app.register('media-choice', MediaChoiceController);
window.wagtail.app.register('media-chooser', MediaChooserController);
