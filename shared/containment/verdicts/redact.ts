import { hash } from 'node:crypto';

/** Keys whose values hold credentials of the node, or scripts that may hold some: GKE's own, and those people set. */
const SECRET_KEYS = new Set([
  'kube-env',
  'kubelet-config',
  'kube-labels',
  'kube-master-certs',
  'configure-sh',
  'user-data',
  'ssh-keys',
  'sshKeys',
  'startup-script',
  'shutdown-script',
  'windows-keys',
]);
const LOOKS_SECRET = /key|token|secret|password|passwd|credential|cert|script/i;

/** A VM's metadata, where the SHA-256 of each value that may be secret replaces it: enough to compare, not to use. */
export const redactMetadata = (items: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(items).map(([key, value]) => [
      key,
      SECRET_KEYS.has(key) || LOOKS_SECRET.test(key) ? `redacted, sha256:${hash('sha256', value)}` : value,
    ]),
  );
