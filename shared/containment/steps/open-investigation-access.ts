import { z } from 'zod';
import type { Instance } from '../../model/compute.ts';
import type { FirewallRule } from '../../model/firewall.ts';
import { msOf, timeOf } from '../../model/time.ts';
import { effectiveOn, goneVm, instanceOf, type NodeContext, networksOf, noVm } from '../host.ts';
import { readImage } from '../image.ts';
import { INVESTIGATE_TAG, investigationRule, isInvestigationRule, sshLine } from '../investigation.ts';
import { keyTasks, tagTasks } from '../investigation-tasks.ts';
import { stillThere } from '../nothing-left.ts';
import { advance, type Task, waiting } from '../operations.ts';
import { projectOfRule } from '../quarantine-rules.ts';
import { type Applied, provenUnless, type StepOf } from '../step.ts';
import { hasTag } from '../tag-task.ts';
import { sshDoubts } from '../verdicts/ssh-allowed.ts';

const ID = 'open-investigation-access';
const image = z.object({
  networks: z.array(z.string()),
  until: z.string(),
  key: z.string().nullable(),
  tagged: z.boolean().exactOptional(),
});

const usesOsLogin = ({ metadata }: Instance): boolean => metadata.items['enable-oslogin']?.toUpperCase() === 'TRUE';

const rulesOf = (context: NodeContext, networks: readonly string[]): FirewallRule[] =>
  networks.map((network) => investigationRule(context.subject.host.id, network, context.settings.investigation.from));

type Rules = { make: FirewallRule[]; ours: FirewallRule[]; wrong: FirewallRule[] };

const rulesNow = async (context: NodeContext, networks: readonly string[]): Promise<Rules> => {
  const rules = rulesOf(context, networks);
  const found = await Promise.all(
    rules.map(async (rule) => ({
      rule,
      there: await context.compute.firewall({ project: projectOfRule(rule), name: rule.name }),
    })),
  );
  const pick = (is: (each: (typeof found)[number]) => boolean) => found.filter(is).map(({ rule }) => rule);
  return {
    make: pick(({ there }) => there === undefined),
    ours: pick(({ rule, there }) => there?.description === rule.description),
    wrong: pick(({ rule, there }) => there !== undefined && !isInvestigationRule(there, rule)),
  };
};

/** What of the access is still there to be closed: our rules, and the tasks that take tag and key off the VM. */
const openNow = async (
  context: NodeContext,
  was: z.infer<typeof image>,
): Promise<{ ours: FirewallRule[]; tags: Task[]; keys: Task[] }> => {
  const instance = await instanceOf(context);
  const { ours } = await rulesNow(context, was.networks);
  return {
    ours,
    tags: instance === undefined || was.tagged === true ? [] : tagTasks(context, instance, false),
    keys: instance === undefined ? [] : keyTasks(context, instance, was.key, false),
  };
};

/** Lets an investigator reach a cut node over SSH, from the configured intermediary alone and for a limited time. */
export const openInvestigationAccess: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Opens SSH to the VM only from the configured intermediary, with its own firewall rule and tag, and closes it again at its end time.',
  journal: 'host',
  undoable: true,
  permissions: {
    iam: [
      'compute.instances.get',
      'compute.instances.getEffectiveFirewalls',
      'compute.instances.setTags',
      'compute.firewalls.get',
      'compute.firewalls.create',
      'compute.firewalls.delete',
      'compute.networks.get',
      'compute.networks.updatePolicy',
      'compute.zoneOperations.get',
      'compute.globalOperations.get',
    ],
    rbac: [],
    optIn: ['compute.instances.setMetadata', 'iam.serviceAccounts.actAs'],
  },

  capture: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return noVm(context);
    if (context.subject.pods.some((pod) => pod.windows))
      return {
        outcome: 'refused',
        because: 'a Windows node does not accept SSH: use gcloud compute start-iap-tunnel to port 3389',
      };
    const { minutes, sshKey } = context.settings.investigation;
    const key = sshKey === undefined || usesOsLogin(instance) ? null : sshKey;
    const until = timeOf(context.now() + minutes * 60_000);
    // The tag alone opens nothing.
    const tagged = hasTag(instance, INVESTIGATE_TAG) ? { tagged: true } : {};
    return { outcome: 'captured', before: { networks: networksOf(instance), until, key, ...tagged }, until };
  },

  apply: async (context, before): Promise<Applied> => {
    const was = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return goneVm(context);
    if (context.now() >= msOf(was.until))
      return { outcome: 'refused', because: `its time limit passed at ${was.until}` };
    const { make, wrong } = await rulesNow(context, was.networks);
    if (wrong.length > 0)
      return {
        outcome: 'failed',
        because: `rule ${wrong.map((r) => r.name).join(', ')} exists with other settings`,
      };
    const rules = make.map(
      (rule): Task => ({
        key: rule.name,
        send: (requestId) => context.computeWrite.insertFirewall({ rule, requestId }),
      }),
    );
    let { entry } = context;
    // One after the other: the tag opens the access, once rule and key are there.
    for (const [tasks, because] of [
      [rules, 'the rule is being created'],
      [keyTasks(context, instance, was.key, true), 'the key is being set'],
      [tagTasks(context, instance, true), 'the tag is being set'],
    ] as const) {
      const advanced = await advance(context.compute, entry, tasks);
      if (advanced.failures.length > 0) return { outcome: 'failed', because: advanced.failures.join('; ') };
      if (advanced.open) return waiting(advanced, because);
      entry = { ...entry, operation: advanced.operation };
    }
    const { investigation } = context.settings;
    const unused =
      investigation.sshKey !== undefined && was.key === null ? ['OS Login is on, so the key is not used'] : [];
    const because = [sshLine(instance, investigation, was.until), ...unused].join('; ');
    return { outcome: 'applied', because, until: was.until };
  },

  verify: async (context, before) => {
    const was = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return { proof: 'not proven', because: goneVm(context).because };
    if (!hasTag(instance, INVESTIGATE_TAG))
      return { proof: 'not proven', because: `the tag ${INVESTIGATE_TAG} was removed again` };
    const names = new Set(rulesOf(context, was.networks).map((rule) => rule.name));
    const found = await effectiveOn(context, instance);
    const doubts = found.flatMap(({ nic, rules = [] }) => sshDoubts(rules, nic.name, names));
    return provenUnless(doubts);
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const { ours, tags, keys } = await openNow(context, was);
    const closing = ours.map(
      (rule): Task => ({
        key: `close ${rule.name}`,
        send: (requestId) =>
          context.computeWrite.deleteFirewall({ project: projectOfRule(rule), name: rule.name, requestId }),
      }),
    );
    // The rule goes first: without it nobody gets in, whatever becomes of the tag and the key.
    const rules = await advance(context.compute, context.entry, closing);
    const tag = await advance(context.compute, { ...context.entry, operation: rules.operation }, tags);
    const key = tag.open ? tag : await advance(context.compute, { ...context.entry, operation: tag.operation }, keys);
    const failures = [...tag.failures, ...key.failures, ...rules.failures];
    const open = [rules, tag, key].find((each) => each.open);
    if (open !== undefined) return waiting({ ...open, operation: key.operation }, 'the access is being closed');
    if (failures.length > 0) return { outcome: 'given-up', because: [...new Set(failures)].join('; ') };
    const left = await openNow(context, was);
    const still = [
      ...left.ours.map((rule) => `rule ${rule.name} is still there`),
      ...(left.tags.length === 0 ? [] : ['the VM still carries the tag']),
      ...(left.keys.length === 0 ? [] : ['the VM still has the key']),
    ];
    if (still.length > 0) return stillThere(still.join(', '));
    const kept = was.tagged === true ? '; the tag was there before us and stays' : '';
    return { outcome: 'undone', because: `open sessions may continue${kept}` };
  },
};
