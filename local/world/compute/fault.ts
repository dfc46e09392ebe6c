/** A refused call, with the status, reason and message of the real service. */
export class ComputeFault extends Error {
  override readonly name = 'ComputeFault';
  readonly status: number;
  readonly reason: string;
  readonly domain: string;

  constructor(status: number, reason: string, message: string, domain = 'global') {
    super(message);
    this.status = status;
    this.reason = reason;
    this.domain = domain;
  }
}

/** The JSON body of a refusal. */
export const faultBody = (fault: ComputeFault): unknown => ({
  error: {
    code: fault.status,
    message: fault.message,
    errors: [{ message: fault.message, domain: fault.domain, reason: fault.reason }],
  },
});

/** 400 for a value that does not fit its field. */
export const invalid = (field: string, value: string, why = ''): ComputeFault =>
  new ComputeFault(400, 'invalid', `Invalid value for field '${field}': '${value}'. ${why}`.trim());

/** 404 for a resource by its partial URL. */
export const notFound = (url: string): ComputeFault =>
  new ComputeFault(404, 'notFound', `The resource '${url}' was not found`);
