import { callRule } from '../call-rule.ts';
import { metadataIn } from '../cloud-metadata.ts';
import { EXECS, seenInCommand } from '../exec.ts';

const LESSER = { severity: 'medium', confidence: 0.45 } as const;

/** A command, run in a container through the API, that asks the cloud for an identity. */
export const execCloudMetadata = callRule({
  id: 'exec-cloud-metadata',
  title: 'Cloud metadata server queried from a pod',
  sees: 'An exec whose command names the metadata server of the cloud, by its name, its path or any spelling of its address; medium 0.45 where `gcloud` prints the token that it gets there.',
  why: 'The metadata server issues tokens of the service account of the pod or its node. With them an attacker moves from the cluster to the project.',
  technique: [{ id: 'T1552.005', name: 'Unsecured Credentials: Cloud Instance Metadata API' }],
  severity: 'high',
  confidence: 0.85,
  family: 'exec',
  falsePositives: ['Debugging of Workload Identity'],
  calls: EXECS,
  example:
    "kubectl exec -n shop cart-7d9f -- curl -H 'Metadata-Flavor: Google' http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token",
  match: (signal) => seenInCommand(signal, metadataIn, LESSER),
});
