import { proxied } from '../proxied';

export const GET = proxied('/oembed/');
