import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** Somebody set up an identity provider, through which accounts of another directory may get in. */
export const identityProviderCreated = adminRule({
  id: 'identity-provider-created',
  title: 'External identity provider set up',
  sees: 'A pool of workload or workforce identities, or a provider in such a pool, that is created or changed.',
  why: 'Whoever runs the provider decides who its accounts are: it gives access without a key or an account in this project.',
  technique: [
    { id: 'T1098.001', name: 'Account Manipulation: Additional Cloud Credentials' },
    { id: 'T1606', name: 'Forge Web Credentials' },
  ],
  severity: 'medium',
  confidence: 0.55,
  family: 'identity',
  falsePositives: ['Set-up of pipelines outside of Google Cloud', 'Set-up of single sign-on'],
  services: ['iam.googleapis.com'],
  methods: '(Create|Update)(WorkloadIdentity|Workforce)Pool(Provider(Key)?)?',
  example: 'gcloud iam workload-identity-pools providers create-oidc ci --issuer-uri=https://example.com',
  match: (signal) => ({
    because: [
      `${shownCaller(signal)} called ${quote(verbOf(signal), 60)} on ${quote(signal.resourceName ?? 'a pool')}`,
    ],
  }),
});
