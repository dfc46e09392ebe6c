import { wordFinder } from './object-names.ts';

/** Words of which the namespaces and workloads of security tools have one in their names. */
const TOOLS = [
  ...['falco', 'falcosidekick', 'gatekeeper', 'kyverno', 'tetragon', 'kubearmor', 'neuvector', 'stackrox', 'twistlock'],
  ...['sysdig', 'tracee', 'trivy', 'aqua-enforcer', 'falcon-sensor', 'falcon-node-sensor', 'falcon-system'],
  ...['lacework-agent', 'wiz-sensor', 'kubescape'],
];
/** Groups of the Kubernetes API that such tools serve: their policies are objects of these. */
const APIS = [
  ...['gatekeeper.sh', 'kyverno.io', 'cilium.io', 'projectcalico.org', 'aquasecurity.github.io', 'neuvector.com'],
  ...['security.kubearmor.com', 'stackrox.io', 'wgpolicyk8s.io', 'kubescape.io'],
];

/** Whether a namespace or workload of this name belongs to a security tool. */
export const isSecurityTool = wordFinder(TOOLS);

/** Whether a CustomResourceDefinition of this name (`PLURAL.GROUP`) belongs to one. */
export const isSecurityApi = (name: string): boolean => APIS.some((api) => name.endsWith(`.${api}`) || name === api);

const WORDS = [...TOOLS, ...APIS];
const SHORTEST = WORDS.filter((word) => !WORDS.some((other) => other !== word && word.includes(other)));

/** Matches the resource names of all of them, and perhaps a few more. */
export const TOOLS_FILTER = `protoPayload.resourceName=~"${SHORTEST.join('|').replaceAll('.', '[.]')}"`;
