/** Actions on many assets: the selection bar with its dialog, the progress of operations, the table of texts. */

import './bulk/actions.js';
import './bulk/progress.js';
import './bulk/table.js';
