/**
 * Where the cues of a WebVTT text stand. Whether the text is right is the server's to say; this only finds the lines
 * of times in what an editor is typing.
 */

const TIMES = /^[ \t]*((?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3})[ \t]*-->[ \t]*((?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3})/;

/** Seconds of 1:02:03.500 or 02:03.500. */
function seconds(text) {
  return text
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** 00:02:03.500 */
export function timestamp(time) {
  const milliseconds = Math.round(time * 1000);
  const two = (number) => String(Math.floor(number)).padStart(2, '0');
  const rest = String(milliseconds % 1000).padStart(3, '0');
  return `${two(milliseconds / 3600000)}:${two((milliseconds / 60000) % 60)}:${two((milliseconds / 1000) % 60)}.${rest}`;
}

/** Cues in the order of the text: seconds, and the places in the text where each one's block begins and ends. */
export function findCues(text) {
  const cues = [];
  let block = null;
  let at = 0;
  text.split('\n').forEach((line) => {
    if (!line.trim()) block = null;
    else {
      block ??= { from: at };
      block.to = at + line.length;
      const match = TIMES.exec(line);
      if (match) {
        if ('start' in block) block = { from: at, to: block.to };
        Object.assign(block, { start: seconds(match[1]), end: seconds(match[2]) });
        cues.push(block);
      }
    }
    at += line.length + 1;
  });
  return cues;
}

/** The line, counted from 1, of a place in the text; and where a line begins and ends. */
export const lineAt = (text, place) => text.slice(0, place).split('\n').length;

export function placeOfLine(text, number) {
  const lines = text.split('\n');
  const from = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  return [Math.min(from, text.length), Math.min(from + (lines[number - 1] ?? '').length, text.length)];
}
