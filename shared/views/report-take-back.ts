import { z } from 'zod';
import { markKey, QUARANTINE_POLICY, SCALE_DOWN_DISABLED } from '../containment/marks.ts';
import { QUARANTINE_TAG } from '../containment/quarantine-rules.ts';
import { freezeOf, freezePatch } from '../containment/verdicts/freeze.ts';
import { labelPatch, quarantineLabels } from '../containment/verdicts/quarantine-labels.ts';
import { runtimeClassPatch, sandboxPlace } from '../containment/verdicts/sandbox.ts';
import { standing } from '../decision/state.ts';
import { Malformed } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import { shellLine } from '../shell.ts';
import { kubectlLine } from './kubectl-line.ts';
import type { ReportFacts } from './report-facts.ts';
import { kindArgument, labelWords, namespaceName, objectName, printable, vmWords } from './report-names.ts';
import { imageIn, quarantined, type ReportStep, reportStep } from './report-steps.ts';
import type { Todo } from './report-todo.ts';
import { autoDeleteLines, INSTANCES } from './report-vm-commands.ts';

const cordoned = z.looseObject({ unschedulable: z.boolean(), scaleDown: z.string().nullable() });
const frozen = z.looseObject({ value: z.union([z.number(), z.boolean(), z.string()]).nullable() });
const sandboxed = z.looseObject({ runtimeClass: z.string().nullable() });
const tagged = z.looseObject({ tags: z.array(z.string()) });
const addressed = z.looseObject({
  addresses: z.array(
    z.looseObject({
      nic: z.string(),
      config: z.looseObject({ name: z.string(), natIP: z.string().optional(), externalIpv6: z.string().optional() }),
    }),
  ),
});

/** What removes the mark that a step has left beside its change: an annotation, or a label where those had no room. */
const unmark = ({ entry }: ReportStep): string => `${markKey(entry.step)}-`;

const cordonNode = (step: ReportStep): string[] => {
  const node = objectName(step.host().node);
  const was = imageIn(cordoned, step);
  const scaleDown = was.scaleDown === null ? '-' : `=${printable(was.scaleDown)}`;
  const words = ['--overwrite', `${SCALE_DOWN_DISABLED}${scaleDown}`, unmark(step)];
  return [
    ...(was.unschedulable ? [] : [kubectlLine(step.incident, 'uncordon', node)]),
    kubectlLine(step.incident, 'annotate', 'node', node, ...words),
    kubectlLine(step.incident, 'label', 'node', node, unmark(step)),
  ];
};

const denyPodNetwork = ({ entry, incident }: ReportStep): string[] => [
  kubectlLine(incident, 'delete', 'networkpolicy', QUARANTINE_POLICY, `--namespace=${namespaceName(entry.subject)}`),
];

/** The tolerations that the pod got are left out: they cannot be taken from a living pod. */
const quarantinePod = (step: ReportStep): string[] => {
  const pod = step.pod();
  const was = imageIn(quarantined, step);
  const now = quarantineLabels(was.labels, pod.owners[0]?.kind, was.keep);
  const words = labelWords(labelPatch(now, was.labels));
  const on = ['pod', objectName(pod.name), `--namespace=${namespaceName(pod.namespace)}`];
  return [
    kubectlLine(step.incident, 'label', ...on, '--overwrite', ...words, unmark(step)),
    kubectlLine(step.incident, 'annotate', ...on, unmark(step)),
  ];
};

const patched = (step: ReportStep, spec: Record<string, unknown>): string[] => {
  const { owner, namespace } = step.owner();
  const mark = { [markKey(step.entry.step)]: null };
  const patch = JSON.stringify({ metadata: { annotations: mark, labels: mark }, spec });
  const flags = [`--namespace=${namespaceName(namespace)}`, '--type=merge', '--patch', printable(patch)];
  return [kubectlLine(step.incident, 'patch', kindArgument(owner), objectName(owner.name), ...flags)];
};

const freezeWorkload = (step: ReportStep): string[] => {
  const way = freezeOf(step.owner().owner.kind);
  if (way === undefined) throw new Malformed('no way is known to start a controller of this kind again');
  return patched(step, freezePatch(way, imageIn(frozen, step).value));
};

const sandboxWorkload = (step: ReportStep): string[] => {
  const place = sandboxPlace(step.owner().owner.kind);
  if (place === undefined) throw new Malformed('the template of this kind cannot be changed');
  return patched(step, runtimeClassPatch(place, imageIn(sandboxed, step).runtimeClass));
};

/** The deny rules are left out: they apply only to VMs with the tag. */
const denyNodeNetwork = (step: ReportStep): string[] => {
  const { name, at } = vmWords(step.host());
  return imageIn(tagged, step).tags.includes(QUARANTINE_TAG)
    ? []
    : [shellLine(...INSTANCES, 'remove-tags', name, ...at, `--tags=${QUARANTINE_TAG}`)];
};

const removeExternalIp = (step: ReportStep): string[] => {
  const { name, at } = vmWords(step.host());
  return imageIn(addressed, step).addresses.map(({ nic, config }) => {
    const on = [name, ...at, `--network-interface=${printable(nic)}`];
    if (config.externalIpv6 !== undefined) {
      const flags = ['--stack-type=IPV4_IPV6', '--ipv6-network-tier=PREMIUM'];
      return shellLine(...INSTANCES, 'network-interfaces', 'update', ...on, ...flags);
    }
    const address = config.natIP === undefined ? [] : [`--address=${printable(config.natIP)}`];
    const flags = [`--access-config-name=${printable(config.name)}`, ...address];
    return shellLine(...INSTANCES, 'add-access-config', ...on, ...flags);
  });
};

type Way = { commands(step: ReportStep): string[]; note?: string };

/**
 * How a person takes back what each step has changed; a step that is not here changes nothing that stays and can go.
 */
const WAYS: Readonly<Partial<Record<StepId, Way>>> = {
  'keep-disks': { commands: (step) => autoDeleteLines(step, '--auto-delete') },
  'cordon-node': { commands: cordonNode },
  'deny-pod-network': { commands: denyPodNetwork },
  'quarantine-pod': { commands: quarantinePod },
  'freeze-workload': { commands: freezeWorkload },
  'deny-node-network': { commands: denyNodeNetwork },
  'remove-external-ip': {
    commands: removeExternalIp,
    note: 'An address that was not reserved is gone: leave --address out, and the VM gets another one.',
  },
  'sandbox-workload': { commands: sandboxWorkload },
};

const todoOf = (entry: Entry, { commands, note }: Way, { incident, hosts }: ReportFacts): Todo => {
  const others = (entry.host === undefined ? [] : (hosts.get(entry.host)?.holders ?? [])).filter(
    (holder) => holder !== incident.id,
  );
  const text = [
    `To take back ${entry.step} on ${entry.subject}:`,
    ...(others.length === 0 ? [] : [`first look at what else holds it (${others.join(', ')}).`]),
    ...(note === undefined ? [] : [note]),
  ].join(' ');
  try {
    return { text, commands: commands(reportStep(entry, incident, hosts)) };
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    return { text: `${text} ${thrown.message}`, commands: [] };
  }
};

/** The commands that take back by hand what a closed incident has left in force, in the order of a release. */
export const takeBackTodos = (facts: ReportFacts): Todo[] =>
  facts.incident.goal?.tier !== 'closed'
    ? []
    : standing(facts.incident)
        .toReversed()
        .flatMap((entry) => {
          const way = WAYS[entry.step];
          return way === undefined ? [] : [todoOf(entry, way, facts)];
        })
        .filter(({ text, commands }) => commands.length > 0 || !text.endsWith(':'));
