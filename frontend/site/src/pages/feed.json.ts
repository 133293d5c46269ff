import { proxied } from '../proxied';

export const GET = proxied('/feed.json');
