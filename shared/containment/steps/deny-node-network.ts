import { z } from 'zod';
import { Denied } from '../../errors.ts';
import type { Instance } from '../../model/compute.ts';
import type { FirewallRule } from '../../model/firewall.ts';
import { missingRules, ruleKey } from '../deny-rules.ts';
import { effectiveOn, goneVm, instanceOf, type NodeContext, networksOf, noVm } from '../host.ts';
import { readImage } from '../image.ts';
import { investigationRule, isInvestigationAccess } from '../investigation.ts';
import { nothingLeft, stillThere } from '../nothing-left.ts';
import { type Advanced, advance, isUnderWay, waiting } from '../operations.ts';
import { QUARANTINE_TAG, quarantineRules } from '../quarantine-rules.ts';
import { type Applied, provenUnless, type StepOf } from '../step.ts';
import { hasTag, tagTask, withoutTag, withTag } from '../tag-task.ts';
import { cutDoubts } from '../verdicts/effective-firewalls.ts';

const ID = 'deny-node-network';
const image = z.object({ tags: z.array(z.string()), networks: z.array(z.string()) });
/** As many network tags as a VM may have. */
const MOST_TAGS = 64;
const FULL = `not cut: the VM has ${MOST_TAGS} network tags already, as many as there may be: remove one and ask again, or ask for delete-host`;
const UNTAGGED = {
  outcome: 'undone',
  because: 'the tag is removed; the deny rules stay: they apply only to VMs with the tag',
} as const;
const NOT_CUT = 'not cut: metadata server and DNS at 169.254.169.254, and connections that were already open';

const madeRules = (context: NodeContext, operation: string, make: readonly FirewallRule[]): Promise<Advanced> =>
  advance(
    context.compute,
    { ...context.entry, operation },
    make.map((rule) => ({
      key: ruleKey(rule),
      send: (requestId) => context.computeWrite.insertFirewall({ rule, requestId }),
    })),
  );

const doubtsOf = async (context: NodeContext, instance: Instance): Promise<string[]> => {
  const names = new Set(
    networksOf(instance)
      .flatMap(quarantineRules)
      .map(({ name }) => name),
  );
  const found = await effectiveOn(context, instance);
  return found.flatMap(({ nic, rules }) => {
    if (rules === undefined) return [`the rules on ${nic.name} cannot be read`];
    const access = investigationRule(context.subject.host.id, nic.network, context.settings.investigation.from);
    return cutDoubts(rules, nic.name, names, (rule) => isInvestigationAccess(rule, access));
  });
};

/** Cuts the node: makes deny-all rules, both ways and for both IP versions, and then sets the tag that they target. */
export const denyNodeNetwork: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Gives the VM the quarantine tag, once four deny-all rules for the tag exist in every network of its interfaces; if some are refused, those that exist cut it.',
  journal: 'host',
  undoable: true,
  permissions: {
    iam: [
      'compute.instances.get',
      'compute.instances.getEffectiveFirewalls',
      'compute.instances.setTags',
      'compute.firewalls.list',
      'compute.firewalls.create',
      'compute.networks.get',
      'compute.networks.updatePolicy',
      'compute.zoneOperations.get',
      'compute.globalOperations.get',
    ],
    rbac: [],
  },

  capture: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return noVm(context);
    // The tag alone cuts nothing: whoever set it may know that the rules for it are missing.
    if (hasTag(instance, QUARANTINE_TAG) && (await doubtsOf(context, instance)).length === 0)
      return {
        outcome: 'already',
        because: `the VM carries the tag ${QUARANTINE_TAG} already; it is not ours, so a release does not remove it`,
      };
    return { outcome: 'captured', before: { tags: instance.tags.items, networks: networksOf(instance) } };
  },

  apply: async (context, before): Promise<Applied> => {
    const was = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return goneVm(context);
    if (!hasTag(instance, QUARANTINE_TAG) && instance.tags.items.length >= MOST_TAGS)
      return { outcome: 'failed', because: FULL };
    const tagging = tagTask(context, 'tag', (items) => withTag(items, QUARANTINE_TAG));
    // While the tag is being set, the rules are not read: that would be four calls for each look at its operation.
    const isSent = !hasTag(instance, QUARANTINE_TAG) && isUnderWay(context.entry, tagging.key);
    const sent = isSent ? await advance(context.compute, context.entry, [tagging]) : undefined;
    if (sent?.open === true) return waiting(sent, 'the tag is being set');
    const { operation = '{}' } = sent ?? context.entry;
    const { make, wrong } = await missingRules(context, instance, was.networks);
    const none: Advanced = { open: false, errors: [], failures: [], operation };
    const made = await madeRules(context, operation, make).catch((thrown: unknown) => {
      // A node with several networks is cut off from those whose rules are there, whatever the others answer.
      if (thrown instanceof Denied && make.length < was.networks.flatMap(quarantineRules).length) return thrown;
      throw thrown;
    });
    const rules = made instanceof Denied ? none : made;
    if (rules.open && rules.errors.length === 0) return waiting(rules, 'the deny rules are being created');
    // The tag alone cuts nothing.
    if (rules.failures.length === was.networks.flatMap(quarantineRules).length)
      return { outcome: 'failed', because: rules.failures.join('; ') };
    const tag = hasTag(instance, QUARANTINE_TAG)
      ? { ...none, operation: rules.operation }
      : await advance(context.compute, { ...context.entry, operation: rules.operation }, [tagging]);
    if (tag.failures.length > 0) return { outcome: 'failed', because: [...tag.failures, ...rules.failures].join('; ') };
    if (tag.open) return waiting(tag, 'the tag is being set');
    if (made instanceof Denied) throw new Denied(`the tag is set, but a rule is missing: ${made.message}`);
    if (rules.open) return waiting({ ...rules, operation: tag.operation }, 'the tag is set, but a rule is missing');
    const amiss = [...rules.failures, ...wrong.map((name) => `rule ${name} is not the deny-all it should be`)];
    return { outcome: 'applied', because: [NOT_CUT, ...amiss].join('; ') };
  },

  verify: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return { proof: 'not proven', because: goneVm(context).because };
    if (!hasTag(instance, QUARANTINE_TAG))
      return { proof: 'not proven', because: `the tag ${QUARANTINE_TAG} was removed again` };
    const doubts = await doubtsOf(context, instance);
    return provenUnless(doubts);
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return nothingLeft(goneVm(context).because);
    if (was.tags.includes(QUARANTINE_TAG))
      return { outcome: 'undone', because: 'the tag was there before us and stays, and so do the deny rules' };
    if (!hasTag(instance, QUARANTINE_TAG)) return UNTAGGED;
    const advanced = await advance(context.compute, context.entry, [
      tagTask(context, 'untag', (items) => withoutTag(items, QUARANTINE_TAG)),
    ]);
    if (advanced.failures.length > 0) return { outcome: 'given-up', because: advanced.failures.join('; ') };
    if (advanced.open) return waiting(advanced, 'the tag is being removed');
    const now = await instanceOf(context);
    return now !== undefined && hasTag(now, QUARANTINE_TAG) ? stillThere('the VM still carries the tag') : UNTAGGED;
  },
};
