import { z } from 'zod';
import type { Entry } from '../../model/entry.ts';
import type { Host } from '../../model/host.ts';
import type { StepId } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { HostRef, PodSubject } from '../../model/subject.ts';
import { counted } from '../../text.ts';
import { MARKS } from '../marks.ts';
import { placeText, targetText } from '../target.ts';
import { name } from './badges.ts';
import { foreign, type Html, html } from './escape.ts';

/** The effect of each step on its subject, in a few words for the picture. */
const EFFECT: Readonly<Partial<Record<StepId, string>>> = {
  'cordon-node': 'takes no new pods',
  'drain-node': 'other pods moved away',
  'leave-group': 'out of its group',
  'restore-group-size': 'replaced in its group',
  'deny-node-network': 'network cut',
  'remove-external-ip': 'external address removed',
  'keep-disks': 'disks are kept',
  'start-snapshots': 'disks copied',
  'delete-host': 'deleted',
  'open-investigation-access': 'open to investigators',
  'deny-pod-network': 'quarantine policy in the namespace',
  'quarantine-pod': 'cut from its network and its controller',
  'freeze-workload': 'controller frozen',
  'delete-workload': 'controller deleted',
  'sandbox-workload': 'moved to a sandbox',
  'delete-pod': 'deleted',
  'kill-container': 'containers killed',
  'attach-forensics': 'forensics attached',
};

/** How the words of an effect are to be taken where it is not in force. */
const INSTEAD: Readonly<Partial<Record<Entry['state'], string>>> = {
  applying: 'not yet:',
  pending: 'not yet:',
  held: 'not done:',
  refused: 'not done:',
  failed: 'not done:',
  'dry-run': 'only tried:',
  undone: 'taken back:',
};

/**
 * Steps that are skipped because there was nothing to change, not because it was so already: their words would be
 * untrue.
 */
const NOTHING_TO_DO: readonly StepId[] = ['restore-group-size', 'drain-node', 'remove-external-ip', 'kill-container'];

const skippedHow = ({ step, proof }: Entry): string | undefined =>
  proof !== 'proven' ? 'not done:' : NOTHING_TO_DO.includes(step) ? 'nothing to do:' : undefined;

/** Whether a step was done, and a check afterwards did not find all of its change in effect. */
const isDoubtful = ({ state, proof }: Entry): boolean => state === 'applied' && proof === 'not proven';

const effect = (e: Entry): Html => {
  const [symbol, word] = MARKS[e.state];
  const how = e.state === 'skipped' ? skippedHow(e) : INSTEAD[e.state];
  const proof = isDoubtful(e) ? `, ${e.proof}` : '';
  return html`<li class="effect ev-${e.state}"><span class="mark" aria-hidden="true">${symbol}</span> ${how === undefined ? undefined : html`${how} `}${EFFECT[e.step]} <span class="dim">${e.step}, ${word}${proof}</span></li>`;
};

const effects = (entries: readonly Entry[]): Html | undefined => {
  const shown = entries.filter((e) => EFFECT[e.step] !== undefined);
  return shown.length === 0 ? undefined : html`<ul class="effects">${shown.map(effect)}</ul>`;
};

const drained = z.looseObject({ pods: z.array(z.string()) });

/** The pods that a drain asked to move, from the before-image of the incident or its host. */
const movedOff = (host: HostRef, { journal }: Incident, hosts: ReadonlyMap<string, Host>): Html | undefined => {
  const own = journal.filter((e) => e.step === 'drain-node' && e.uid === host.id);
  const shared = hosts.get(host.id)?.journal.filter((e) => e.step === 'drain-node') ?? [];
  const drains = [...own, ...shared];
  const pods = [...new Set(drains.flatMap((e) => drained.safeParse(e.before).data?.pods ?? []))];
  if (pods.length === 0) return undefined;
  const how = drains.some(isDoubtful) ? 'asked to move, not proven' : 'moved to other nodes';
  return html`<details><summary>${counted(pods.length, 'other pod')} ${how}</summary><ul class="moved">${pods.slice(0, 200).map((pod) => html`<li>${name(pod)}</li>`)}</ul></details>`;
};

const ENDS: readonly StepId[] = ['delete-pod', 'delete-workload', 'delete-host', 'kill-container'];

/** What became of a pod, in a few words. A step on its node or its controller may have ended it. */
const fateOf = (pod: PodSubject, journal: readonly Entry[]): string => {
  const uids = [pod.uid, pod.host?.id, ...pod.owners.map(({ uid }) => uid)];
  const done = journal.filter((e) => e.state === 'applied' && uids.includes(e.uid));
  if (done.some(({ step }) => ENDS.includes(step))) return 'deleted';
  const cut = done.find(({ step }) => step === 'quarantine-pod');
  if (cut === undefined) return 'still as it was';
  return isDoubtful(cut) ? 'quarantined, not proven' : 'cut off, kept as evidence';
};

const podBox = (pod: PodSubject, journal: readonly Entry[]): Html => {
  const top = pod.owners.at(-1);
  return html`<li class="box pod"><p><span class="kind">pod</span> ${name(`${pod.namespace}/${pod.name}`)} <span class="tag">${fateOf(pod, journal)}</span></p>
<p class="facts">${top === undefined ? html`<span>nothing controls it</span>` : html`<span>of ${foreign(top.kind)} ${name(top.name)}</span>`}${
    pod.hostReach ? html`<span class="warn">has the node within reach</span>` : undefined
  }${pod.cpuOnly === true ? html`<span>only its CPU use speaks against it</span>` : undefined}</p>
${effects(journal.filter((e) => e.uid === pod.uid))}</li>`;
};

const nodeBox = (host: HostRef, incident: Incident, hosts: ReadonlyMap<string, Host>): Html => {
  const pods = incident.subjects.flatMap((s) => (s.kind === 'pod' && s.host?.id === host.id ? [s] : []));
  // The reason of a drain's entry names the pods that it left, and why. One that is held has not begun.
  const left = incident.journal.find(
    (e) => e.step === 'drain-node' && e.uid === host.id && e.state !== 'held',
  )?.because;
  return html`<li class="box node"><p><span class="kind">node</span> ${name(host.node)}</p>
<p class="facts"><span>instance ${name(host.id)}</span>${host.zone === undefined ? undefined : html`<span>${host.zone}</span>`}</p>
${effects(incident.journal.filter((e) => e.uid === host.id))}
<ul class="boxes">${pods.map((pod) => podBox(pod, incident.journal))}</ul>
${left === undefined ? undefined : html`<p class="facts">${foreign(left, 1000)}</p>`}${movedOff(host, incident, hosts)}</li>`;
};

/** A picture of the target as boxes within boxes: cluster, node, pods, and what was done to each. */
export const targetPicture = (incident: Incident, hosts: ReadonlyMap<string, Host>): Html => {
  const { subjects, journal, target } = incident;
  const known = subjects.flatMap((s) => (s.kind === 'workload' || s.host === undefined ? [] : [s.host]));
  const nodes = [...new Map(known.map((host) => [host.id, host])).values()];
  const loose = subjects.flatMap((s) => (s.kind === 'pod' && s.host === undefined ? [s] : []));
  const inside = new Set([...nodes.map((h) => h.id), ...subjects.map((s) => s.uid)]);
  return html`<div class="box cluster"><p><span class="kind">cluster</span> ${name(placeText(target))}</p>
${subjects.length === 0 ? html`<p>${foreign(targetText(target))}: nothing in it is held.</p>` : undefined}
${effects(journal.filter((e) => !inside.has(e.uid)))}
<ul class="boxes">${nodes.map((host) => nodeBox(host, incident, hosts))}${loose.map((pod) => podBox(pod, journal))}</ul></div>`;
};
