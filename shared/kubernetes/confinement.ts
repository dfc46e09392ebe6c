import { type Loose, record } from './loose.ts';

/** A limit of the container runtime that a spec switches off. */
export type Loosened = 'proc-mount' | 'apparmor' | 'seccomp';

/** The annotation, with the name of the container, that came before the field. */
export const APPARMOR_MARK = 'container.apparmor.security.beta.kubernetes.io/';

/** What a container's security context switches off, or its pod's where the container's own says nothing. */
export const loosenedBy = (own: Loose | undefined, ofPod: Loose | undefined): Loosened[] => [
  ...(own?.procMount === 'Unmasked' ? (['proc-mount'] as const) : []),
  ...(typeOf('appArmorProfile', own, ofPod) === 'Unconfined' ? (['apparmor'] as const) : []),
  ...(typeOf('seccompProfile', own, ofPod) === 'Unconfined' ? (['seccomp'] as const) : []),
];

const typeOf = (profile: string, own: Loose | undefined, ofPod: Loose | undefined): unknown =>
  record(own?.[profile])?.type ?? record(ofPod?.[profile])?.type;
