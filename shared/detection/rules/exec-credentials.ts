import { callRule } from '../call-rule.ts';
import { credentialsIn } from '../credential-paths.ts';
import { EXECS, seenInCommand } from '../exec.ts';

/** A command, run in a container through the API, that reads credentials. */
export const execCredentials = callRule({
  id: 'exec-credentials',
  title: 'Credentials read in a pod',
  sees: 'An exec whose command names a file with secrets: mounted tokens, /etc/shadow, the directory of the kubelet, environments of processes, private keys, credentials of Kubernetes, clouds and services. Commands that only list files do not count, nor does the CA certificate of the cluster.',
  why: 'A service account token also works outside its pod, with every right of the pod.',
  technique: [
    { id: 'T1552.001', name: 'Unsecured Credentials: Credentials In Files' },
    { id: 'T1552.007', name: 'Unsecured Credentials: Container API' },
  ],
  severity: 'high',
  confidence: 0.75,
  family: 'exec',
  falsePositives: ['Diagnostics of vendors', 'Debugging of a mounted secret by its owner'],
  calls: EXECS,
  example: 'kubectl exec -n shop cart-7d9f -- cat /var/run/secrets/kubernetes.io/serviceaccount/token',
  match: (signal) => seenInCommand(signal, credentialsIn),
});
