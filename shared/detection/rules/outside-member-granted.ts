import { text } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { type Grant, grantsIn, newGrantsIn, shownGrants } from '../grants.ts';
import { strangerOf } from '../members.ts';

const COMPUTE = 'compute.googleapis.com';
const BY_GUESS = { severity: 'medium', confidence: 0.5 } as const;

/** Somebody from another organization, or everybody, was given a role. */
export const outsideMemberGranted = adminRule({
  id: 'outside-member-granted',
  title: 'Role granted to an outside member',
  sees: 'A change of an access policy that gives a role to everybody, to a consumer account, or to a domain outside this deployment (`domains` of config/rules.yaml; where that is not set, a domain other than that of the caller counts as medium); or an invitation of such a member as owner.',
  why: 'An outside account is not subject to the rules of the organization, and keeps its access when people of the organization lose theirs.',
  technique: [{ id: 'T1098.003', name: 'Account Manipulation: Additional Cloud Roles' }],
  severity: 'high',
  confidence: 0.8,
  family: 'rbac',
  falsePositives: ['Contractors', 'Services that are meant to be public'],
  services: [
    'cloudresourcemanager.googleapis.com',
    'iam.googleapis.com',
    'run.googleapis.com',
    'cloudfunctions.googleapis.com',
    'artifactregistry.googleapis.com',
    'secretmanager.googleapis.com',
    'pubsub.googleapis.com',
    'iap.googleapis.com',
    'bigquery.googleapis.com',
    'cloudkms.googleapis.com',
    'storage.googleapis.com',
    COMPUTE,
    'gkebackup.googleapis.com',
  ],
  methods: 'SetIam(Policy|Permissions)|InsertProjectOwnershipInvite',
  example: 'gcloud projects add-iam-policy-binding p1 --member=user:somebody@gmail.com --role=roles/viewer',
  match: (signal, known) => {
    const found = givenBy(signal).flatMap((grant) => {
      const stranger = strangerOf(grant.member, known, signal.principal);
      return stranger === undefined || hasOwnRule(stranger, signal) ? [] : [{ ...grant, stranger }];
    });
    if (found.length === 0) return undefined;
    const because = [shownGrants(signal, found)];
    return found.every(({ stranger }) => stranger === 'elsewhere') ? { because, ...BY_GUESS } : { because };
  },
});

const DISK = /(?:disks|images|snapshots)[.]setIamPolicy$/i;

/** A bucket for everybody has a rule of its own, and so has a disk with its images and snapshots. */
const hasOwnRule = (stranger: string, { service, method }: AuditSignal): boolean =>
  (stranger === 'public' && service === 'storage.googleapis.com') || (service === COMPUTE && DISK.test(method));

const givenBy = (signal: AuditSignal): Grant[] => {
  // Compute Engine logs the whole policy of a machine, and no delta.
  if (verbOf(signal).startsWith('setiam')) return signal.service === COMPUTE ? grantsIn(signal) : newGrantsIn(signal);
  const member = text(signal.request?.member);
  return member === undefined ? [] : [{ role: 'roles/owner', member }];
};
