/** The library: one page that shows what its address asks for, without a reload, and can be worked by keyboard. */
import { FilmPreviewController } from './film-preview.js';
import { FolderTreeController } from './folder-tree.js';
import { LibraryController } from './library.js';
import { SelectionController } from './selection.js';
import { SuggestionsController } from './suggestions.js';

window.wagtail.app.register('library', LibraryController);
window.wagtail.app.register('library-selection', SelectionController);
window.wagtail.app.register('library-suggestions', SuggestionsController);
window.wagtail.app.register('folder-tree', FolderTreeController);
window.wagtail.app.register('film-preview', FilmPreviewController);
