import { proxied } from '../proxied';

export const GET = proxied('/sitemap.xml');
