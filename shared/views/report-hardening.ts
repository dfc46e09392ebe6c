import type { Family } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { shellLine } from '../shell.ts';
import { kubectlLine } from './kubectl-line.ts';
import type { Todo } from './report-todo.ts';

const namespaceOf = ({ target }: Incident): string[] => (target.namespace === undefined ? [] : [target.namespace]);

/** What prevents a recurrence, by the family of the evidence found. */
const HARDENING: Readonly<Record<Family, (incident: Incident) => Todo[]>> = {
  spec: (incident) => [
    {
      text: 'Have the API server refuse pods that reach the node: enforce the baseline Pod Security Standard, after a look at what it would refuse.',
      commands: namespaceOf(incident).flatMap((ns) => [
        kubectlLine(
          incident,
          'label',
          'namespace',
          ns,
          'pod-security.kubernetes.io/enforce=baseline',
          '--dry-run=server',
        ),
        kubectlLine(incident, 'label', 'namespace', ns, 'pod-security.kubernetes.io/enforce=baseline'),
      ]),
    },
    {
      text: 'Let only images run that your pipeline has attested (Binary Authorization), and run what you do not trust in GKE Sandbox.',
      commands: [],
    },
  ],
  exec: (incident) => [
    {
      text: 'See who may open a shell in a container, and take that right from whoever does not need it.',
      commands: namespaceOf(incident).flatMap((ns) => [
        kubectlLine(incident, 'auth', 'can-i', 'create', 'pods/exec', `--namespace=${ns}`, '--as=SOMEBODY'),
        kubectlLine(incident, 'get', 'rolebindings,clusterrolebindings', `--namespace=${ns}`, '--output=wide'),
      ]),
    },
    {
      text: 'Ship images without a shell and without package managers, with a read-only root file system.',
      commands: [],
    },
  ],
  network: (incident) => [
    {
      text: 'Deny what nobody asked for: a default policy for the namespace, and egress by name where that is enough.',
      commands: namespaceOf(incident).map((ns) => kubectlLine(incident, 'get', 'networkpolicies', `--namespace=${ns}`)),
    },
  ],
  cpu: (incident) => [
    {
      text: 'Bound what a workload may use: limits, and a quota for the namespace.',
      commands: namespaceOf(incident).map((ns) =>
        kubectlLine(incident, 'describe', 'resourcequota', `--namespace=${ns}`),
      ),
    },
  ],
  rbac: (incident) => [
    {
      text: 'Go through the bindings to anonymous, authenticated and service accounts, and remove what is not needed.',
      commands: [kubectlLine(incident, 'get', 'clusterrolebindings,rolebindings', '--all-namespaces', '--output=wide')],
    },
  ],
  identity: ({ target }) => [
    {
      text: 'Sign the person out everywhere, rotate their credentials, and ask for a second factor that cannot be phished.',
      commands: [],
    },
    {
      text: 'See who holds keys of service accounts in this project, and replace them by Workload Identity.',
      commands: [shellLine('gcloud', 'iam', 'service-accounts', 'list', `--project=${target.project}`)],
    },
  ],
  'threat-feed': (incident) => [
    {
      text: 'Look for the same image, hash or address everywhere else before you close this incident.',
      commands: [
        kubectlLine(
          incident,
          'get',
          'pods',
          '--all-namespaces',
          '--output=custom-columns=NS:.metadata.namespace,POD:.metadata.name,IMAGE:.spec.containers[*].image',
        ),
      ],
    },
  ],
};

/** What to harden after this incident, once for each family of evidence. */
export const hardeningOf = (incident: Incident): Todo[] => {
  const families = [...new Set(incident.summary.maxima.map(({ family }) => family))];
  return families.flatMap((family) => HARDENING[family](incident));
};
