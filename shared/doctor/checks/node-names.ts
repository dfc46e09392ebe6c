import { parseProviderId } from '../../compute-url.ts';
import { sentenceOf } from '../../errors.ts';
import { credentialsWords } from '../../kubernetes/kube-context.ts';
import { type ClusterRef, clusterName } from '../../model/target.ts';
import { picked } from '../../picked.ts';
import { counted } from '../../text.ts';
import { memberOf } from '../bindings.ts';
import { briefly, fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { Binding } from '../readers.ts';
import { deployed, servedBy } from '../served.ts';

/** The names of a cluster's VMs; undefined on Autopilot, whose VMs nobody reaches. A text: why they cannot be read. */
type Seen = { ref: ClusterRef; vms: string[] | undefined | string };
type Facts = { prefixes: string[]; seen: Seen[] };

const SHOWN = 3;

/** The beginnings of names in the conditions under which the function decide may read a VM. */
const prefixesIn = (bindings: readonly Binding[], member: string): string[] => [
  ...new Set(
    bindings
      .filter(
        ({ members, condition }) => members.includes(member) && condition?.includes('"/instances/{name}"') === true,
      )
      .flatMap(({ condition = '' }) => [...condition.matchAll(/\.startsWith\("([^"]+)"\)/g)])
      .flatMap(([, prefix]) => prefix ?? []),
  ),
];

const judgeOne = ({ ref, vms }: Seen, prefixes: readonly string[]): Verdict => {
  const subject = clusterName(ref);
  if (vms === undefined) return ok(subject, 'is Autopilot, so its VMs are left alone');
  if (typeof vms === 'string') {
    const next = `${command(...credentialsWords(ref))} && kubectl auth can-i list nodes`;
    return fail(subject, vms, next);
  }
  const outside = vms.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix)));
  if (outside.length === 0)
    return ok(subject, `${counted(vms.length, 'node has', 'nodes have')} a name that is expected`);
  return fail(
    subject,
    `has nodes with other names than the permissions on VMs are for, so nothing can be done to these VMs: ${briefly(outside, SHOWN)}`,
    `${APPLY}  # with node_prefix on this cluster`,
  );
};

/** Checks that the condition on the permissions on VMs fits the nodes that there are. */
export const nodeNames = ofProject<Facts>({
  id: 'node-names',
  does: "The nodes of each cluster have names for which the functions' permissions on VMs are granted: those with the cluster's node_prefix.",
  role: 'roles/container.viewer',
  read: async ({ project }) => {
    const [functions, { bindings }] = await Promise.all([project.functions(), project.policy()]);
    const account = deployed(functions, 'decide')?.account ?? '';
    const served = servedBy(functions);
    const ports = project.clusters(served);
    const vmsOf = async (ref: ClusterRef): Promise<string[] | undefined> => {
      if ((await ports.describe(ref)).autopilot) return undefined;
      return picked(ports.reader(ref), { apiVersion: 'v1', kind: 'Node' }, ({ spec }) => {
        const vm = parseProviderId(String(spec?.providerID ?? ''));
        return vm?.project === ref.project ? [vm.name] : [];
      });
    };
    const seen = served.map(
      async (ref): Promise<Seen> => ({ ref, vms: await vmsOf(ref).catch((thrown: unknown) => sentenceOf(thrown)) }),
    );
    return { prefixes: prefixesIn(bindings, memberOf(account)), seen: await Promise.all(seen) };
  },
  judge: ({ prefixes, seen }) => seen.map((one) => judgeOne(one, prefixes)),
});
