/** What can go wrong: one class for each thing that a front end may want to tell apart. */

/** The body of an error: problem+json of the library, `{message}` of the content API, or nothing readable. */
export type Problem = Readonly<Record<string, unknown>>;

export interface ErrorInit {
  /** The HTTP status, or 0 where no answer came. */
  status?: number;
  /** A stable name of what is wrong, to decide by; `message` is for people. */
  code?: string;
  problem?: Problem;
  /** Seconds after which it may be tried again, where the server says so. */
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** Whatever this package throws. */
export class DarkroomError extends Error {
  readonly status: number;
  readonly code: string;
  /** All that the server said, such as `places` of what is in use, or `errors` of fields. */
  readonly problem: Problem;
  readonly retryAfter: number | undefined;

  constructor(message: string, init: ErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = new.target.name;
    this.status = init.status ?? 0;
    this.code = init.code ?? 'error';
    this.problem = init.problem ?? {};
    this.retryAfter = init.retryAfter;
  }
}

/** 401: no token, or one that is wrong, expired or revoked. Ask for another one. */
export class UnauthenticatedError extends DarkroomError {}
/** 403: known, but not allowed. Another token of the same user would not help. */
export class ForbiddenError extends DarkroomError {}
/** 404: there is none, or none that this user may see. */
export class NotFoundError extends DarkroomError {}
/** 409: it is in use (`in_use`, with `problem.places`), there already (`duplicate`), or changed meanwhile. */
export class ConflictError extends DarkroomError {}
/** 413 */
export class TooLargeError extends DarkroomError {}
/** 415: a kind of file, or of body, that is not taken. */
export class UnsupportedTypeError extends DarkroomError {}
/** 400 and 422: what was sent is not right; `problem` says which part of it. */
export class InvalidError extends DarkroomError {}
/** 429: too many requests; `retryAfter` says when to come back. */
export class ThrottledError extends DarkroomError {}
/** 5xx */
export class ServerError extends DarkroomError {}
/** What was uploaded could not be developed; `message` says why, `problem.id` which it is. */
export class ProcessingError extends DarkroomError {}
/** No answer came: no connection, a name that is not known, a certificate, or CORS. */
export class NetworkError extends DarkroomError {}
/** The caller's `AbortSignal` said stop. */
export class AbortedError extends DarkroomError {}

const BY_STATUS: Readonly<Record<number, typeof DarkroomError>> = {
  400: InvalidError,
  401: UnauthenticatedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  410: NotFoundError,
  413: TooLargeError,
  415: UnsupportedTypeError,
  422: InvalidError,
  429: ThrottledError,
};

/** The error that an answer is; `text` is its body. */
export function errorFrom(status: number, text: string, retryAfter?: string | null): DarkroomError {
  const problem = objectFrom(text);
  const Class = BY_STATUS[status] ?? (status >= 500 ? ServerError : DarkroomError);
  const message = stringIn(problem, 'detail') ?? stringIn(problem, 'message') ?? stringIn(problem, 'title');
  return new Class(message ?? `Darkroom answered with ${status}.`, {
    status,
    code: stringIn(problem, 'code') ?? `http_${status}`,
    problem,
    retryAfter: seconds(retryAfter),
  });
}

/** The error that a `fetch` without an answer is. */
export function errorWithoutAnswer(cause: unknown, signal?: AbortSignal | null): DarkroomError {
  if (cause instanceof DarkroomError) return cause;
  if (signal?.aborted) return new AbortedError('Stopped.', { code: 'aborted', cause: signal.reason });
  return new NetworkError('Darkroom does not answer.', { code: 'network', cause });
}

/** `Retry-After` in seconds, from a number or a date. */
export function seconds(value: string | null | undefined): number | undefined {
  if (!value) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(number) ? undefined : Math.max(0, number);
}

function objectFrom(text: string): Problem {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as Problem) : {};
  } catch {
    return {};
  }
}

function stringIn(problem: Problem, name: string): string | undefined {
  const value = problem[name];
  return typeof value === 'string' && value ? value : undefined;
}
