import { AGAIN, contain, deed, type Given, SECOND_MS } from './course.ts';
import { ANY, onOneNow } from './courses-cluster.ts';
import type { Victim } from './deeds.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

const OWNERS = [
  ['apps/v1', 'Deployment', 'shop', 'cart'],
  ['apps/v1', 'StatefulSet', 'payments', 'ledger'],
  ['apps/v1', 'DaemonSet', 'shop', 'node-agent'],
] as const;

const ownerOf = ({ namespace, name }: Victim) => {
  const found = OWNERS.find(([, , space, app]) => space === namespace && name.startsWith(app));
  return found === undefined ? undefined : { apiVersion: found[0], kind: found[1], namespace, name: found[3] };
};

/** Somebody rolls out another image during a containment: other ReplicaSets, other pods, other owner chains. */
export const rolledOut = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all.filter((one) => ownerOf(one) !== undefined));
  const start = chance.between(5, 200) * SECOND_MS;
  const rolled = start + chance.between(500, 60_000);
  const roll = async ({ cluster }: Stage): Promise<void> => {
    const ref = ownerOf(victim);
    if (ref === undefined || cluster.get(ref) === undefined) return;
    cluster.edit(
      ref,
      ({ spec }) => {
        for (const container of Object(spec?.template).spec.containers) container.image = 'shop.example.com/next:1.5.0';
      },
      'rollout',
    );
  };
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(ANY), chance.happens(0.2)) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 8100) },
    { atMs: rolled, what: 'roll out', happen: roll },
    {
      atMs: rolled + chance.between(0, 90) * SECOND_MS,
      what: AGAIN,
      happen: (s) => onOneNow(s, chance, victim, 8101),
    },
  ];
};

/** A controller is deleted and made again under its name, with another UID, before, during or after a containment. */
export const replacedController = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all.filter((one) => ownerOf(one) !== undefined));
  const start = chance.between(20, 200) * SECOND_MS;
  const replaced = start + chance.between(-15, 90) * SECOND_MS;
  const replace = async ({ cluster }: Stage): Promise<void> => {
    const ref = ownerOf(victim);
    const known = ref === undefined ? undefined : cluster.get(ref);
    if (ref === undefined || known === undefined) return;
    const { uid: _, resourceVersion: __, creationTimestamp: ___, generation: ____, ...metadata } = known.metadata;
    cluster.drop(ref, 'stranger');
    cluster.apply({ apiVersion: known.apiVersion, kind: known.kind, metadata, spec: known.spec ?? {} }, 'stranger');
  };
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(ANY), chance.happens(0.2)) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 8200) },
    { atMs: replaced, what: 'replace the controller', happen: replace },
    {
      atMs: Math.max(start, replaced) + chance.between(1, 120) * SECOND_MS,
      what: AGAIN,
      happen: (s) => onOneNow(s, chance, victim, 8201),
    },
  ];
};
