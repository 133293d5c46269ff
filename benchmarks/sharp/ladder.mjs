// The ladder by sharp, from one decode: `node ladder.mjs <photograph> <small photograph> <widths> <qualities as JSON>`.
// Prints one line of JSON, as the engines in Python do.
import { readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";

const [photo, small, widths, qualities] = process.argv.slice(2);
const quality = JSON.parse(qualities);
const keep = process.env.KEEP;

async function make(path, sizes) {
  const top = Math.max(...sizes);
  const { data, info } = await sharp(path)
    .autoOrient()
    .resize({ width: top, withoutEnlargement: true })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = { raw: { width: info.width, height: info.height, channels: info.channels } };
  const encode = {
    avif: (image) => image.avif({ quality: quality.avif, effort: 2, chromaSubsampling: "4:2:0" }),
    webp: (image) => image.webp({ quality: quality.webp, effort: 2 }),
    jpeg: (image) => image.jpeg({ quality: quality.jpeg, progressive: true, chromaSubsampling: "4:2:0" }),
  };
  return Promise.all(
    sizes.flatMap((width) =>
      Object.entries(encode).map(async ([format, into]) => {
        const image = sharp(data, pixels).resize({ width: Math.min(width, info.width) });
        return { format, width, data: await into(image).toBuffer() };
      }),
    ),
  );
}

// Kilobytes in /proc/self/status; see proc(5).
function memory(field) {
  const line = readFileSync("/proc/self/status", "utf8").split("\n").find((one) => one.startsWith(field));
  return Number(line.split(/\s+/)[1]) * 1024;
}

function processor() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

await make(small, [320]);
const idle = memory("VmRSS");
writeFileSync("/proc/self/clear_refs", "5");
const began = { wall: performance.now(), processor: processor() };
const files = await make(photo, widths.split(",").map(Number));
const bytes = {};
for (const { format, data } of files) bytes[format] = (bytes[format] ?? 0) + data.length;
const result = {
  wall: (performance.now() - began.wall) / 1000,
  processor: processor() - began.processor,
  peak: memory("VmHWM"),
  idle,
  files: files.length,
  bytes,
};
if (keep) for (const { format, width, data } of files) writeFileSync(`${keep}/${width}.${format}`, data);
console.log(JSON.stringify(result));
