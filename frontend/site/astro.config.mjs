import node from '@astrojs/node';
import { defineConfig, envField } from 'astro/config';

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  trailingSlash: 'ignore',
  // The policy (src/policy.ts) allows nothing inline: no style, and no script however short.
  build: { inlineStylesheets: 'never' },
  vite: {
    build: { assetsInlineLimit: 0 },
    // The viewer for panoramas is that of Darkroom's own pages (scripts/around.ts).
    server: { fs: { allow: ['../..'] } },
  },
  // Pages are made when they are asked for, and pictures by Darkroom.
  image: { service: { entrypoint: 'astro/assets/services/noop' } },
  server: { port: 4321 },
  devToolbar: { enabled: false },
  env: {
    // Read when the site starts, so that one build runs anywhere.
    schema: {
      /** Darkroom as this server reaches it. */
      CMS_URL: envField.string({ context: 'server', access: 'secret', url: true, default: 'http://localhost:8000' }),
      /** Darkroom as visitors and editors reach it, if that is another address. */
      CMS_PUBLIC_URL: envField.string({ context: 'server', access: 'secret', url: true, optional: true }),
      /** Further hosts of media, such as `https://media.example.org`, with spaces. */
      MEDIA_ORIGINS: envField.string({ context: 'server', access: 'secret', default: '' }),
      /** Host of the site in Darkroom, where it has several: `www.example.org`. */
      CMS_SITE: envField.string({ context: 'server', access: 'secret', optional: true }),
    },
  },
});
