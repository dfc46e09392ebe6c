/** A call that the simulated Cloud Monitoring refuses, with the service's code, status and message. */
export class MonitoringRefusal extends Error {
  override readonly name = 'MonitoringRefusal';
  readonly code: number;
  readonly status: string;

  constructor(code: number, status: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A refusal of an invalid request. */
export const invalid = (message: string): MonitoringRefusal => new MonitoringRefusal(400, 'INVALID_ARGUMENT', message);

/** The body of a refusal. */
export const refusalBody = ({ code, status, message }: MonitoringRefusal): Record<string, unknown> => ({
  error: { code, message, status },
});
