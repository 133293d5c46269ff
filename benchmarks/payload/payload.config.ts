import path from "node:path";
import { fileURLToPath } from "node:url";
import { sqliteAdapter } from "@payloadcms/db-sqlite";
import { buildConfig, type CollectionConfig, type Field } from "payload";

const folder = path.dirname(fileURLToPath(import.meta.url));
const access = { read: () => true };
const text = (name: string): Field => ({ name, type: "text" });
const words = (name: string): Field => ({ name, type: "textarea" });
const picture = (name: string): Field => ({ name, type: "upload", relationTo: "pictures" });

const collections: CollectionConfig[] = [
  { slug: "users", auth: true, fields: [] },
  { slug: "pictures", access, upload: { staticDir: path.join(folder, "pictures") }, fields: [text("title")] },
  { slug: "people", access, fields: [text("name"), text("role"), words("bio")] },
  { slug: "categories", access, fields: [text("name"), text("slug"), words("description")] },
  { slug: "tags", access, fields: [text("name")] },
  {
    slug: "posts",
    access,
    fields: [
      ...["title", "slug", "search_description"].map(text),
      words("summary"),
      { name: "date", type: "date" },
      picture("featured_image"),
      { name: "author", type: "relationship", relationTo: "people" },
      { name: "category", type: "relationship", relationTo: "categories" },
      { name: "tags", type: "relationship", relationTo: "tags", hasMany: true },
      {
        name: "body",
        type: "blocks",
        blocks: [
          { slug: "heading", fields: [text("text"), text("level")] },
          { slug: "rich_text", fields: [words("html")] },
          { slug: "image", fields: [picture("image"), text("alt_text"), text("caption")] },
          { slug: "quote", fields: [words("text"), text("attribution")] },
        ],
      },
    ],
  },
];

export default buildConfig({
  secret: "of-a-benchmark-that-nobody-else-can-reach",
  collections,
  db: sqliteAdapter({ client: { url: `file:${path.join(folder, "data.sqlite3")}` } }),
  telemetry: false,
});
