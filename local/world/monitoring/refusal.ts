/** A call that the simulated Cloud Monitoring does not accept, as the service would answer it. */
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

/** A request that is wrong in itself. */
export const invalid = (message: string): MonitoringRefusal => new MonitoringRefusal(400, 'INVALID_ARGUMENT', message);

/** The body of a refusal. */
export const refusalBody = ({ code, status, message }: MonitoringRefusal): Record<string, unknown> => ({
  error: { code, message, status },
});
