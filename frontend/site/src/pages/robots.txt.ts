import { proxied } from '../proxied';

export const GET = proxied('/robots.txt');
