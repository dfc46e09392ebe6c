import type { Fields } from './objects.ts';

/** A refusal of the API server: a Status object (or plain text), with status code and headers. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Fields | string;
  readonly headers: Record<string, string>;

  constructor(status: number, body: Fields | string, headers: Record<string, string> = {}) {
    super(typeof body === 'string' ? body : String(body.message));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** The object of a refusal: for example `deployments` of `apps` named `cart`. */
export type About = { group: string; plural: string; name?: string };
export type Cause = { reason?: string; message: string; field?: string };

const qualified = (about: About): string => (about.group === '' ? about.plural : `${about.plural}.${about.group}`);

const detailsOf = (about: About): Fields => ({
  ...(about.name === undefined ? {} : { name: about.name }),
  ...(about.group === '' ? {} : { group: about.group }),
  kind: about.plural,
});

/** Any failure in the API server's form. */
export const failure = (
  code: number,
  reason: string,
  message: string,
  details?: Fields,
  headers: Record<string, string> = {},
): Refusal =>
  new Refusal(
    code,
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details === undefined ? {} : { details }),
      code,
    },
    headers,
  );

/** 404 for a path that no handler serves, in plain text. */
export const noRoute = (): Refusal => new Refusal(404, '404 page not found\n');

/** 404 for an unknown resource, as a Status. Only paths of objects get it; other unknown paths get plain text. */
export const noResource = (): Refusal =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {});

/** 404 for an object that does not exist. */
export const notFound = (about: About): Refusal =>
  failure(404, 'NotFound', `${qualified(about)} "${about.name}" not found`, detailsOf(about));

/** 409 for a name that is taken. */
export const alreadyExists = (about: About): Refusal =>
  failure(409, 'AlreadyExists', `${qualified(about)} "${about.name}" already exists`, detailsOf(about));

/** 409 for a precondition that no longer holds. */
export const conflict = (about: About, why: string): Refusal =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(about)} "${about.name}": ${why}`,
    detailsOf(about),
  );

/** 422 for an object that breaks the rules of its kind; every cause names its field. */
export const invalid = (kind: string, about: About, causes: Cause[]): Refusal => {
  const of = about.group === '' ? kind : `${kind}.${about.group}`;
  const lines = causes.map((c) => (c.field === undefined ? c.message : `${c.field}: ${c.message}`));
  const text = lines.length === 1 ? String(lines[0]) : `[${lines.join(', ')}]`;
  return failure(422, 'Invalid', `${of} "${about.name}" is invalid: ${text}`, {
    ...detailsOf(about),
    kind,
    causes,
  });
};

/** 400 for a request that cannot be read. */
export const badRequest = (message: string): Refusal => failure(400, 'BadRequest', message);

/** 403 for a call that no access rule grants. */
export const forbidden = (about: About, why: string): Refusal =>
  failure(
    403,
    'Forbidden',
    about.name === undefined
      ? `${qualified(about)} is forbidden: ${why}`
      : `${qualified(about)} "${about.name}" is forbidden: ${why}`,
    detailsOf(about),
  );
