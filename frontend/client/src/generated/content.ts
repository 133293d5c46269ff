// Written by `manage.py generate_types` from page models, serializers and blocks. Not by hand: `make client-types`.

/** A page in one language: a language code, or `x-default` for whoever reads none of them; and its address. */
export interface Alternate {
  locale: string;
  html_url: string;
}

/** A page of any type; `meta.type` tells them apart. */
export type AnyPage = BlogIndexPage | EventPage | FormPage | GalleryPage | LandingPage | Page | PersonPage | PostPage;

/** `article:…` of Open Graph (https://ogp.me/#type_article). Moments in ISO 8601; `author` are names. */
export interface ArticleFacts {
  published_time: string | null;
  modified_time: string | null;
  author: string[];
  section: string | null;
  tag: string[];
}

/** A sound of the library. */
export interface Audio {
  id: number;
  meta: {
    type: "media_library.Audio";
    detail_url: string;
    tags: string[];
    download_url: string | null;
  };
  title: string;
  status: "uploaded" | "processing" | "ready" | "failed";
  alt: string;
  caption: string;
  credit: string;
  licence: string;
  licence_url: string;
  progress: number;
  duration: number | null;
  poster: Poster | null;
  sources: SoundSource[];
  waveform: string | null;
  tracks: TextTrack[];
}

/** The list of posts, which are the pages below it. May be a site's root. */
export interface BlogIndexPage {
  id: number;
  meta: {
    type: "blog.BlogIndexPage";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
  intro: string;
  published_at: string | null;
  social_image: Image | null;
  seo: Seo;
  breadcrumbs: Crumb[];
}

/** The body of a post: `[{"type": "image", "value": {…}, "id": "…"}, …]`. */
export type BodyBlock =
  | { type: "heading"; value: HeadingObject; id: string }
  | { type: "rich_text"; value: string; id: string }
  | { type: "quote"; value: QuoteBlock; id: string }
  | { type: "code"; value: CodeBlock; id: string }
  | { type: "image"; value: Image; id: string }
  | { type: "gallery"; value: Image[]; id: string }
  | { type: "media_collection"; value: MediaCollection & { layout: "grid" | "row" | "list" }; id: string }
  | { type: "video"; value: Video; id: string }
  | { type: "audio"; value: Audio; id: string }
  | { type: "embed"; value: Embed; id: string };

/** A sentence and where to go. */
export interface CallToActionObject {
  text: string;
  link: LinkObject;
}

/** A page as lists show it. `date` is a day or a moment in ISO 8601. */
export interface Card {
  id: number;
  type: string;
  title: string;
  summary: string;
  url: string;
  date: string | null;
  image: Image | null;
  experiment: ExperimentObject | null;
}

/** Pages to go on to: `{"heading": "…", "pages": [{…}, …]}`, each as lists show it (blog.api.cards). */
export interface CardsBlock {
  heading: string | null;
  pages: Card[];
}

/** What a post is about, in the broadest sense: a tree. A post has a main one, and more if it likes. */
export interface Category {
  id: number;
  meta: {
    type: "blog.Category";
    detail_url: string;
  };
  name: string;
  slug: string;
  description: string;
  image: Image | null;
  is_featured: boolean;
  parent: number | null;
  depth: number;
  post_count: number;
  total_post_count: number;
  seo: CategorySeo;
}

/** What a post is about, in the broadest sense: a tree. A post has a main one, and more if it likes. */
export interface CategoryReference {
  id: number;
  meta: {
    type: "blog.Category";
    detail_url: string;
  };
  name: string;
  slug: string;
  description: string;
  image: Image | null;
  is_featured: boolean;
}

/** What search engines are told of a category's page. */
export interface CategorySeo {
  title: string;
  description: string;
  keywords: string;
}

/** A listing: `{"language": "python", "code": "print(1)"}`. */
export interface CodeBlock {
  language: "text" | "bash" | "css" | "html" | "javascript" | "json" | "python" | "sql" | "typescript" | "yaml";
  code: string;
}

/** A heading of a body. `id` is that of its element, `level` is 2 for `<h2>`. */
export interface ContentsEntry {
  id: string;
  text: string;
  level: number;
}

/** A named preset of a picture. Pixels; `srcset` is empty where there is one width only. */
export interface Crop {
  src: string;
  width: number;
  height: number;
  sources: Source[];
  srcset: string;
}

/** One step on the way from the home page. `url` is null for a page that has no address yet. */
export interface Crumb {
  id: number | null;
  title: string;
  url: string | null;
}

/** A document of the library, and Wagtail's document model (`WAGTAILDOCS_DOCUMENT_MODEL`). */
export interface Document {
  id: number;
  meta: {
    type: "media_library.CustomDocument";
    detail_url: string;
    tags: string[];
    download_url: string;
  };
  title: string;
  filename: string;
  file_size: number | null;
  mime_type: string;
}

/** Something from another site. Pixels. */
export interface Embed {
  url: string;
  html: string;
  title: string;
  provider: string;
  author: string;
  thumbnail: string;
  width: number | null;
  height: number | null;
}

/** What the listing of an endpoint holds, and its detail. */
export interface Endpoints {
  pages: {
    listing: PageSummary;
    detail: AnyPage;
  };
  images: {
    listing: Image;
    detail: Image;
  };
  videos: {
    listing: Video;
    detail: Video;
  };
  audio: {
    listing: Audio;
    detail: Audio;
  };
  documents: {
    listing: Document;
    detail: Document;
  };
  collections: {
    listing: MediaCollectionSummary;
    detail: MediaCollection;
  };
  redirects: {
    listing: Redirect;
    detail: Redirect;
  };
  categories: {
    listing: Category;
    detail: Category;
  };
}

/** Something that happens at a place, with a poster before and a film afterwards. */
export interface EventPage {
  id: number;
  meta: {
    type: "blog.EventPage";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
  summary: string;
  starts_at: string;
  ends_at: string | null;
  place: string;
  address: string;
  tickets_url: string;
  poster: Image | null;
  highlight_film: Video | null;
  body: BodyBlock[];
  published_at: string | null;
  social_image: Image | null;
  seo: Seo;
  breadcrumbs: Crumb[];
  share: ShareLink[];
}

/** Two pictures for one place of a post: `thumbnail`, `featured_image` or `poster`. */
export interface ExperimentObject {
  id: number;
  slot: string;
  a: Image;
  b: Image;
}

/** One `<source>` of a `<video>`. Pixels; bits per second. */
export interface FilmSource {
  src: string;
  type: string;
  width: number;
  height: number;
  bitrate: number;
}

/** Fractions of the picture as seen. */
export interface FocalPoint {
  x: number;
  y: number;
}

/** A form: questions for visitors, and what they answered. */
export interface FormPage {
  id: number;
  meta: {
    type: "blog.FormPage";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
  intro: string;
  thank_you_text: string;
  form: PublicForm;
  published_at: string | null;
  social_image: Image | null;
  seo: Seo;
  breadcrumbs: Crumb[];
}

/** What hangs in a gallery. */
export type GalleryBodyBlock =
  | { type: "gallery"; value: Image[]; id: string }
  | { type: "media_collection"; value: MediaCollection & { layout: "grid" | "row" | "list" }; id: string }
  | { type: "image"; value: Image; id: string }
  | { type: "video"; value: Video; id: string }
  | { type: "audio"; value: Audio; id: string }
  | { type: "rich_text"; value: string; id: string };

/** Pictures, films and sounds to look at one after the other. */
export interface GalleryPage {
  id: number;
  meta: {
    type: "blog.GalleryPage";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
  summary: string;
  cover: Image | null;
  body: GalleryBodyBlock[];
  published_at: string | null;
  social_image: Image | null;
  seo: Seo;
  breadcrumbs: Crumb[];
  share: ShareLink[];
}

/** A heading inside a page. `id` is what the table of contents leads to. */
export interface HeadingObject {
  text: string;
  level: "h2" | "h3" | "h4";
  id: string;
}

/** The first thing that is seen: `{"heading": "…", "text": "…", "image": {…}, "video": {…}, "links": [{…}]}`. */
export interface HeroBlock {
  heading: string;
  text: string | null;
  image: Image | null;
  video: Video | null;
  links: LinkObject[];
}

/** An image of the library, and Wagtail's image model (`WAGTAILIMAGES_IMAGE_MODEL`). */
export interface Image {
  id: number;
  meta: {
    type: "media_library.CustomImage";
    detail_url: string;
    tags: string[];
    download_url: string | null;
  };
  title: string;
  status: "uploaded" | "processing" | "ready" | "failed";
  alt: string;
  caption: string;
  credit: string;
  licence: string;
  licence_url: string;
  width: number | null;
  height: number | null;
  focal_point: FocalPoint | null;
  animated: boolean;
  hdr: boolean;
  projection: ProjectionObject | null;
  motion: MotionFilm | null;
  revision: string;
  placeholder: Placeholder | null;
  src: string | null;
  srcset: string;
  sources: Source[];
  presets: Record<string, Crop>;
}

/** The sections of a landing page: what a post has, and sections of its own. */
export type LandingBlock =
  | { type: "heading"; value: HeadingObject; id: string }
  | { type: "rich_text"; value: string; id: string }
  | { type: "quote"; value: QuoteBlock; id: string }
  | { type: "code"; value: CodeBlock; id: string }
  | { type: "image"; value: Image; id: string }
  | { type: "gallery"; value: Image[]; id: string }
  | { type: "media_collection"; value: MediaCollection & { layout: "grid" | "row" | "list" }; id: string }
  | { type: "video"; value: Video; id: string }
  | { type: "audio"; value: Audio; id: string }
  | { type: "embed"; value: Embed; id: string }
  | { type: "hero"; value: HeroBlock; id: string }
  | { type: "cards"; value: CardsBlock; id: string }
  | { type: "call_to_action"; value: CallToActionObject; id: string };

/** A page put together from sections: a home page, a campaign, "About us". May be a site's root. */
export interface LandingPage {
  id: number;
  meta: {
    type: "blog.LandingPage";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
  body: LandingBlock[];
  published_at: string | null;
  social_image: Image | null;
  seo: Seo;
  breadcrumbs: Crumb[];
}

/** A link. `page` is the id of the page it leads to, or null. */
export interface LinkObject {
  label: string;
  url: string;
  page: number | null;
}

/** A language that a site is written in: its code, its name in itself, and the address of its root page. */
export interface LocaleObject {
  code: string;
  name: string;
  url: string | null;
}

/** A curated, ordered set of assets: a gallery, a press kit. Wagtail's own `Collection` is the folder. */
export interface MediaCollection {
  id: number;
  meta: {
    type: "media_library.MediaCollection";
    detail_url: string;
  };
  title: string;
  slug: string;
  kind: "gallery" | "event" | "person" | "press_kit" | "custom";
  description: string;
  count: number;
  cover: Image | null;
  items: ((Image | Video | Audio | Document) & { caption: string })[];
}

/** A curated, ordered set of assets: a gallery, a press kit. Wagtail's own `Collection` is the folder. */
export interface MediaCollectionSummary {
  id: number;
  meta: {
    type: "media_library.MediaCollection";
    detail_url: string;
  };
  title: string;
  slug: string;
  kind: "gallery" | "event" | "person" | "press_kit" | "custom";
  description: string;
  count: number;
  cover: Image | null;
}

/** An entry of a menu, with those below it. */
export interface MenuItemObject {
  label: string;
  url: string;
  page: number | null;
  children: LinkObject[];
}

/** The menus of a site. */
export interface MenusObject {
  main: MenuItemObject[];
  footer: MenuItemObject[];
}

/** The film of a motion photo. Seconds; pixels. */
export interface MotionFilm {
  id: number;
  duration: number | null;
  width: number | null;
  height: number | null;
  sources: FilmSource[];
}

/** `og:…` (https://ogp.me/). `article` is null for what is none. */
export interface OpenGraph {
  title: string;
  description: string;
  type: string;
  url: string | null;
  image: SharedPicture | null;
  site_name: string;
  article: ArticleFacts | null;
}

export interface Page {
  id: number;
  meta: {
    type: "wagtailcore.Page";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
}

/** A page to go to. `url` is where readers find it. */
export interface PageLink {
  id: number;
  title: string;
  url: string;
}

export interface PageReference {
  id: number;
  meta: {
    type: PageType;
    detail_url: string;
    html_url: string | null;
  };
  title: string;
}

export interface PageSummary {
  id: number;
  meta: {
    type: PageType;
    detail_url: string;
    html_url: string | null;
    slug: string;
    first_published_at: string | null;
  };
  title: string;
}

export type PageType = AnyPage["meta"]["type"];

/** Somebody who writes posts; needs no login. */
export interface Person {
  id: number;
  meta: {
    type: "blog.Person";
  };
  name: string;
  slug: string;
  role: string;
  bio: string;
  portrait: Image | null;
  links: ProfileObject[];
}

/** The page of a person: who they are, and what they wrote. */
export interface PersonPage {
  id: number;
  meta: {
    type: "blog.PersonPage";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
  person: Person | null;
  body: BodyBlock[];
  published_at: string | null;
  social_image: Image | null;
  posts: Card[];
  seo: Seo;
  breadcrumbs: Crumb[];
}

/** What stands there until a picture has come: a ThumbHash in base64, and the dominant colour as `#rrggbb`. */
export interface Placeholder {
  thumbhash: string;
  color: string;
}

/** A post. */
export interface PostPage {
  id: number;
  meta: {
    type: "blog.PostPage";
    detail_url: string;
    html_url: string | null;
    slug: string;
    show_in_menus: boolean;
    seo_title: string;
    search_description: string;
    first_published_at: string | null;
    alias_of: PageReference | null;
    parent: PageReference | null;
    alternates: Alternate[];
  };
  title: string;
  summary: string;
  date: string;
  featured_image: Image | null;
  thumbnail: Image | null;
  author: Person | null;
  category: CategoryReference | null;
  tags: string[];
  series: Series & { part: number | null; posts: SeriesPart[] } | null;
  body: BodyBlock[];
  published_at: string | null;
  social_image: Image | null;
  authors: (Person & { page: PageLink | null })[];
  categories: CategoryReference[];
  related: Card[];
  experiments: ExperimentObject[];
  reading_time: number;
  view_count: number;
  table_of_contents: ContentsEntry[];
  seo: Seo;
  breadcrumbs: Crumb[];
  share: ShareLink[];
}

/** The poster of a film, or the cover of a sound, in the shape of a picture. Pixels. Covers have no crops. */
export interface Poster {
  src: string;
  srcset: string;
  sources: Source[];
  placeholder: Placeholder | null;
  width: number | null;
  height: number | null;
  alt: string;
  focal_point: FocalPoint | null;
  presets: Record<string, Crop>;
}

/** Where else somebody, or a site, is found. */
export interface ProfileObject {
  label: string;
  url: string;
}

/** How a picture or film that goes all around lies flat, and which part of the sphere is in it. */
export interface ProjectionObject {
  type: string;
  stereo: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A form for a front end that builds it. `honeypot` names a field that people must not see, and leave empty. */
export interface PublicForm {
  action: string;
  method: string;
  fields: Question[];
  honeypot: string;
}

/** A question of a form. `type` is one of Wagtail's (`singleline`, `radio`, …), or `file`. */
export interface Question {
  name: string;
  label: string;
  type: string;
  required: boolean;
  help_text: string;
  choices: string[];
  default: string | boolean | string[];
  max_length: number | null;
  accept: string[];
}

/** Somebody's words: `{"text": "…", "attribution": "Ada", "source": "https://…"}`. */
export interface QuoteBlock {
  text: string;
  attribution: string | null;
  source: string | null;
}

export interface Redirect {
  id: number;
  meta: {
    type: "wagtailredirects.Redirect";
    detail_url: string;
  };
  old_path: string;
  location: string | null;
  is_permanent: boolean;
}

/** The page at the root of a site, in the language that was asked for. */
export interface RootObject {
  id: number;
  title: string;
  url: string | null;
}

/** What a page tells search engines and social networks, ready for `<head>`. */
export interface Seo {
  title: string;
  description: string;
  keywords: string[];
  canonical_url: string | null;
  no_index: boolean;
  og: OpenGraph;
  x: XCard;
  json_ld: (Record<string, unknown>)[];
}

/** Posts that belong together, in their order. */
export interface Series {
  id: number;
  meta: {
    type: "blog.Series";
  };
  title: string;
  slug: string;
  description: string;
  image: Image | null;
}

/** A post of a series. `part` is null where nobody gave it a number. */
export interface SeriesPart {
  id: number;
  title: string;
  url: string;
  part: number | null;
}

/** A link by which a visitor shares a page. `text`, with the address in it, is what there is room for there. */
export interface ShareLink {
  network: string;
  label: string;
  url: string;
  text: string;
}

/** The picture that networks show. Pixels; null until the crop for it is ready. */
export interface SharedPicture {
  src: string;
  width: number | null;
  height: number | null;
  alt: string;
}

export interface Site {
  id: number;
  meta: {
    type: "wagtailcore.Site";
  };
  name: string;
  hostname: string;
  port: number;
  locale: string;
  root: RootObject | null;
  tagline: string;
  description: string;
  logo: Image | null;
  social_image: Image | null;
  footer_text: string;
  links: ProfileObject[];
  x_handle: string;
  frontend_url: string;
  menus: MenusObject;
  locales: LocaleObject[];
}

/** One `<source>` of an `<audio>`. Bits per second. */
export interface SoundSource {
  src: string;
  type: string;
  bitrate: number;
}

/** One `<source>` of a `<picture>`. */
export interface Source {
  type: string;
  srcset: string;
}

/** One `<track>`, by the names of its attributes. */
export interface TextTrack {
  kind: string;
  src: string;
  srclang: string;
  label: string;
  default: boolean;
}

/** A film of the library. */
export interface Video {
  id: number;
  meta: {
    type: "media_library.Video";
    detail_url: string;
    tags: string[];
    download_url: string | null;
  };
  title: string;
  status: "uploaded" | "processing" | "ready" | "failed";
  alt: string;
  caption: string;
  credit: string;
  licence: string;
  licence_url: string;
  progress: number;
  parts: Record<string, number>;
  duration: number | null;
  width: number | null;
  height: number | null;
  projection: ProjectionObject | null;
  poster: Poster | null;
  sources: FilmSource[];
  storyboard: string | null;
  tracks: TextTrack[];
}

/** `twitter:…` of X. `site` is the account, such as `@darkroom`, or empty. */
export interface XCard {
  card: string;
  site: string;
  title: string;
  description: string;
  image: string | null;
}
