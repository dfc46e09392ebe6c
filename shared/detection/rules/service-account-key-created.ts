import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** Somebody created a service account key, which works from anywhere until somebody deletes it. */
export const serviceAccountKeyCreated = adminRule({
  id: 'service-account-key-created',
  title: 'Key of a service account created',
  sees: 'A key that is created for a service account or uploaded to it, or a disabled one that is enabled again; also an HMAC key, with which other clouds call Cloud Storage.',
  why: 'A key is a password that does not expire: it outlives the incident in which it was created, and works from anywhere.',
  technique: [{ id: 'T1098.001', name: 'Account Manipulation: Additional Cloud Credentials' }],
  severity: 'high',
  confidence: 0.65,
  family: 'identity',
  falsePositives: ['Infrastructure code', 'Programs that still need a key file'],
  services: ['iam.googleapis.com', 'storage.googleapis.com'],
  methods: '(Create|Upload|Enable)ServiceAccountKey|hmacKeys[.]create',
  example: 'gcloud iam service-accounts keys create key.json --iam-account=deploy@p1.iam.gserviceaccount.com',
  match: (signal) => {
    const verb = verbOf(signal);
    const did = verb.startsWith('upload')
      ? 'uploaded a key for'
      : verb.startsWith('enable')
        ? 'enabled a disabled key again:'
        : 'created a key of';
    return { because: [`${shownCaller(signal)} ${did} ${quote(signal.resourceName ?? 'a service account')}`] };
  },
});
