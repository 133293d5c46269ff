/**
 * The part of a picture that a crop keeps: the same maths as FillOperation in wagtail/images/image_operations.py,
 * without closeness. Sizes are [width, height] in pixels, `focus` is { x, y, width, height } around x and y, or null.
 *
 * @returns {number[]} left, top, width and height in pixels of the picture, not rounded
 */
export function fill([width, height], [wantedWidth, wantedHeight], focus) {
  const aspect = wantedWidth / wantedHeight;
  const across = Math.min(width, height * aspect);
  const { x, y } = focus ?? { x: width / 2, y: height / 2 };
  const area = [focus?.width ?? 0, focus?.height ?? 0];
  return [
    place(x, area[0], across, width),
    place(y, area[1], across / aspect, height),
    across,
    across / aspect,
  ];
}

/** Where a crop begins: the focal point is as far along in it as in the picture, and all of its area inside. */
function place(point, area, length, whole) {
  let start = point - (point / whole) * length;
  start = Math.min(start, point - area / 2);
  start = Math.max(start, point + area / 2 - length);
  return Math.min(Math.max(start, 0), whole - length);
}
