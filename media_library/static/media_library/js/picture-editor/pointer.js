/** Dragging and arrow keys, for what lies on the picture. */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.005;
const LARGE_STEP = 0.05;

/** What an arrow key means, [dx, dy] in fractions of the picture (more with Shift); null for other keys. */
export function arrowStep(event) {
  const arrow = ARROWS[event.key];
  if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return null;
  return arrow.map((direction) => direction * (event.shiftKey ? LARGE_STEP : STEP));
}

/** Where an event is on an element, in fractions of it. */
export function placeOn(element, event) {
  const box = element.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

/** Follow the pointer from `event` on until it is let go: `moved([dx, dy])` in fractions of `ground`, then `ended()`. */
export function drag(event, ground, moved, ended) {
  const target = event.currentTarget;
  const start = placeOn(ground, event);
  const follow = (next) => {
    const [x, y] = placeOn(ground, next);
    moved([x - start[0], y - start[1]]);
  };
  const end = () => {
    target.removeEventListener('pointermove', follow);
    target.removeEventListener('pointerup', end);
    target.removeEventListener('pointercancel', end);
    ended();
  };
  target.setPointerCapture(event.pointerId);
  target.addEventListener('pointermove', follow);
  target.addEventListener('pointerup', end);
  target.addEventListener('pointercancel', end);
}
