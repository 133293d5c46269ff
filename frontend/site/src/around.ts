/** Panoramas: pictures and films that go around whoever looks at them. */

import type { ProjectionObject } from '@darkroom/client';

/**
 * What the viewer (scripts/around.ts) is told of one, as attributes; null for what is shown flat. `src` is the file of a
 * picture; a film has its own.
 */
export function around(
  projection: ProjectionObject | null | undefined,
  label: string,
  src?: string | null,
): Record<string, string> | null {
  // Cube maps are not drawn.
  if (projection?.type !== 'equirectangular' || src === null) return null;
  const { left, top, width, height, stereo } = projection;
  return {
    'data-area': [left, top, width, height].join(' '),
    'data-stereo': stereo,
    'data-label': `${label} (360°)`,
    'data-hint': 'Drag to look around, or use the arrow keys; plus and minus come nearer and go back.',
    ...(src === undefined ? {} : { 'data-src': src }),
  };
}
