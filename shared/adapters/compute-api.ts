/** A place in the API, as its requests spell one. */
type Zonal = { project: string; zone: string };

/**
 * The calls of Compute Engine that Firebreak makes: request to reply, the reply unread. Each throws ComputeFailure.
 * The real client and the simulated world both give this shape, so that everything above it is the same code.
 */
export type ComputeApi = {
  instancesGet(request: Zonal & { instance: string }): Promise<unknown>;
};
