import { at, records, text, texts } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isOfPlatform } from '../members.ts';
import type { Sighting } from '../rule.ts';

/** The last of them are read by the nodes of GKE, which only GKE itself writes. */
const KEYS =
  /^(ssh-?keys|block-project-ssh-keys|enable-oslogin|serial-port-enable|(windows-)?(startup|shutdown)-script.{0,20}|sysprep-specialize-script.{0,20}|user-data|configure-sh|kube-env)$/i;
/** A group of nodes, whose name GKE chooses. */
const NODES = /\/instanceGroupManagers\/gke-/;

/** Somebody changed who may log in to machines, or what machines run when they start. */
export const loginMetadataChanged = adminRule({
  id: 'login-metadata-changed',
  title: 'SSH keys or start-up script of VMs changed',
  sees: 'A change of the metadata of a VM, or of all VMs of a project, that touches SSH keys, OS Login, the serial console, or what machines run when they start or stop; and the template of a group of GKE nodes that is replaced. By anyone but a service of Google.',
  why: 'Many roles can write metadata. A start-up script runs as root, and an SSH key lets its owner log in to the machines.',
  technique: [{ id: 'T1098.004', name: 'Account Manipulation: SSH Authorized Keys' }],
  severity: 'high',
  confidence: 0.65,
  family: 'identity',
  falsePositives: ['Administrators who log in with gcloud, which adds their key', 'Infrastructure code'],
  services: ['compute.googleapis.com'],
  methods:
    '(instances|projects)[.]set(CommonInstance)?Metadata|(region)?instanceGroupManagers[.](setInstanceTemplate|patch|update)',
  // The first entry may not name the changed keys; the last one does.
  ends: true,
  example: 'gcloud compute instances add-metadata node-1 --metadata-from-file=ssh-keys=keys',
  match: (signal) => {
    if (isOfPlatform(signal)) return undefined;
    if (NODES.test(signal.resourceName ?? '')) return templateIn(signal);
    const keys = keysIn(signal).filter((key) => KEYS.test(key));
    if (keys.length === 0) return undefined;
    const shown = [...new Set(keys)].slice(0, 5).map((key) => quote(key, 60));
    return {
      because: [`${shownCaller(signal)} changed ${shown.join(', ')} of ${quote(signal.resourceName ?? 'VMs')}`],
    };
  },
});

/** New machines of the group are made from another template, with start-up scripts of its author. */
const templateIn = (signal: AuditSignal): Sighting | undefined => {
  const { request, resourceName = '' } = signal;
  const [version] = records(request?.versions);
  const template = text(request?.instanceTemplate) ?? text(version?.instanceTemplate);
  if (template === undefined) return undefined;
  return {
    because: [`${shownCaller(signal)} gave ${quote(resourceName, 300)} the template ${quote(template, 300)}`],
  };
};

/**
 * The metadata keys that were changed: by the delta or, where the entry has none, by the request, which lists all keys.
 */
const keysIn = ({ metadata, request }: AuditSignal): string[] => {
  const delta = at(metadata, 'instanceMetadataDelta') ?? at(metadata, 'projectMetadataDelta');
  if (delta !== undefined)
    return [...texts(at(delta, 'addedMetadataKeys')), ...texts(at(delta, 'modifiedMetadataKeys'))];
  return records(at(request, 'items') ?? at(request, 'metadata', 'items')).flatMap((item) => text(item.key) ?? []);
};
