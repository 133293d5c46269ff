/** Marks on the canvas, placed as media_library/imaging/watermark.py places them. The server draws their pictures. */

export class Marks {
  /** Pictures by address; a promise while they come. */
  known = new Map();

  constructor(url, rules) {
    this.url = url;
    this.rules = rules;
  }

  /**
   * The picture of `{image, text}`: an ImageBitmap, or null while it is on its way; `arrived` is called once it is
   * there, with a message where it can't be.
   */
  get(mark, arrived) {
    const query = mark.image ? { image: mark.image } : { text: mark.text };
    const address = `${this.url}?${new URLSearchParams(query)}`;
    if (!this.known.has(address)) {
      this.known.set(address, null);
      this.load(address).then(
        (picture) => {
          this.known.set(address, picture);
          arrived('');
        },
        (error) => arrived(error.message),
      );
    }
    return this.known.get(address);
  }

  async load(address) {
    const response = await fetch(address, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (!response.ok) throw new Error((await response.json()).message);
    return createImageBitmap(await response.blob());
  }

  /** Draw a mark into the box [left, top, right, bottom] of a context, in its pixels. */
  draw(context, picture, mark, [left, top, right, bottom], { width, height }) {
    const { pictureBox, textBox, margin, smallest } = this.rules;
    // What the result's size decides, not the canvas's.
    if (Math.max(width, height) < smallest) return;
    const [boxWidth, boxHeight] = mark.image ? pictureBox : textBox;
    const size = [right - left, bottom - top];
    const scale = Math.min((size[0] * boxWidth) / picture.width, (size[1] * boxHeight) / picture.height);
    const drawn = [picture.width * scale, picture.height * scale];
    const gap = Math.min(...size) * margin;
    const place = (start, end, length, near, far) => {
      if (mark.position.includes(near)) return start + gap;
      if (mark.position.includes(far)) return end - gap - length;
      return (start + end - length) / 2;
    };
    context.globalAlpha = mark.opacity;
    context.imageSmoothingQuality = 'high';
    const x = place(left, right, drawn[0], 'left', 'right');
    context.drawImage(picture, x, place(top, bottom, drawn[1], 'top', 'bottom'), ...drawn);
    context.globalAlpha = 1;
  }
}
