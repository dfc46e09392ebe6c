/** What monitoring reads from kubelets: the start of a path, without its first slash. */
export const KUBELET_MONITORING = /^(?:metrics|healthz|livez|stats|configz|spec)(?:\/|$)/;
