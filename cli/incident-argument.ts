import { everyOf } from '../shared/decision/pages.ts';
import { Malformed } from '../shared/errors.ts';
import type { Incident } from '../shared/model/incident.ts';
import type { Subject } from '../shared/model/subject.ts';
import { newestFirst } from '../shared/model/time.ts';
import type { DocStore, Stores } from '../shared/ports.ts';
import { targetText } from '../shared/views/target.ts';
import { Usage } from './arguments.ts';
import { kindOf } from './target-argument.ts';

type Name = { kind: string; namespace?: string | undefined; name: string };

const namesOfSubject = (s: Subject): Name[] => {
  if (s.kind === 'node') return [{ kind: 'node', name: s.host.node }];
  const { namespace } = s;
  if (s.kind === 'workload') return [{ kind: s.owner.kind, namespace, name: s.owner.name }];
  return [
    { kind: 'pod', namespace, name: s.name },
    ...s.owners.map(({ kind, name }) => ({ kind, namespace, name })),
    ...(s.host === undefined ? [] : [{ kind: 'node', name: s.host.node }]),
  ];
};

const namesOf = ({ target: t, subjects }: Incident): Name[] => [
  ...(t.pod === undefined ? [] : [{ kind: 'pod', namespace: t.namespace, name: t.pod }]),
  ...(t.workload === undefined ? [] : [{ ...t.workload, namespace: t.namespace }]),
  ...(t.node === undefined ? [] : [{ kind: 'node', name: t.node }]),
  ...(t.instance === undefined ? [] : [{ kind: 'instance', name: t.instance }]),
  ...(t.principal === undefined ? [] : [{ kind: 'principal', name: t.principal }]),
  ...subjects.flatMap(namesOfSubject),
];

/** Whether a word means an incident: by the beginning of its id, or by what it is about or holds. */
const means = (word: string, incident: Incident): boolean => {
  if (incident.id.startsWith(word)) return true;
  // `pod/cart-7d9f` as one types it, `pod shop/cart-7d9f` as we print it, `shop/cart-7d9f` as journals do.
  const [, before, within, name] = /^(?:(\S+) )?(?:([^\s/]+)\/)?([^\s/]+)$/.exec(word) ?? [];
  const kind = before ?? within;
  return namesOf(incident).some(
    (one) =>
      one.name === name &&
      (kind === undefined || one.kind === kindOf(kind) || (before === undefined && one.namespace === within)) &&
      (before === undefined || within === undefined || one.namespace === within),
  );
};

/** A word as it is pasted, without the blanks around it. */
export const pasted = (word: string): string => word.trim();

const ID = /^[a-z0-9-]{1,80}$/;

/**
 * The incidents that a word means, newest first: the one of that id, else those whose id begins with it, and those that
 * are about, or hold, what it names. Empty where it means none.
 */
export const incidentsMeant = async (store: DocStore<Incident>, word: string): Promise<Incident[]> => {
  const exact = ID.test(word) ? await store.get(word) : undefined;
  if (exact !== undefined) return [exact];
  if (word === '') return [];
  const found = (await everyOf(store, {})).filter((one) => means(word, one));
  return newestFirst(found, ({ openedAt }) => openedAt);
};

/** Candidates that an error names. */
const MOST = 5;

const listed = (found: readonly Incident[]): string =>
  `${found
    .slice(0, MOST)
    .map((one) => `${one.id} (${targetText(one.target)}, ${one.state})`)
    .join(', ')}${found.length > MOST ? ` and ${found.length - MOST} more` : ''}`;

/** Why a word names no incident, with those that may be meant, or with `hint`. */
export const notThere = (word: string, meant: readonly Incident[], hint = ''): Malformed =>
  new Malformed(
    meant.length === 0
      ? `there is no incident ${word}: see \`firebreak incidents\`${hint}.`
      : `there is no incident ${word}, but ${listed(meant)}: name it by its id.`,
  );

/** The one incident that a word means. @throws Malformed if it means none or several, which are named. */
export const incidentMeant = async (store: DocStore<Incident>, word: string): Promise<Incident> => {
  const found = await incidentsMeant(store, word);
  const [one] = found;
  if (one === undefined) throw notThere(word, found);
  if (found.length > 1) throw new Malformed(`${word} means ${found.length} incidents, so name one: ${listed(found)}.`);
  return one;
};

/**
 * The incident of an id, for a request: whoever asks for a change names it in full.
 *
 * @throws Malformed if there is none, with those that may be meant.
 */
export const incidentNamed = async (store: DocStore<Incident>, id: string): Promise<Incident> => {
  const found = await incidentsMeant(store, id);
  const one = found.find((incident) => incident.id === id);
  if (one === undefined) throw notThere(id, found);
  return one;
};

/** An id as decide makes it. `i-0224` may be the beginning of one, and `cart-0` is a pod. */
const WHOLE = /^i-[0-9a-f]{12}-\d+$/;

/**
 * Looks before a request is published for an incident whose name is no whole id. A whole one is left to operate, and
 * so is all that cannot be read: nothing may keep a person from asking. `hint`: what else a person may have meant.
 *
 * @throws Malformed if there is no such incident, as Usage where no incident could have that id.
 */
export const assertIncident = async (
  stores: Pick<Stores, 'incidents'> | undefined,
  id: string,
  hint?: string,
): Promise<void> => {
  if (stores === undefined || WHOLE.test(id)) return;
  const found = await incidentsMeant(stores.incidents, id).catch(() => undefined);
  if (found === undefined || found.some((one) => one.id === id)) return;
  const error = notThere(id, found, hint);
  throw ID.test(id) ? error : new Usage(error.message);
};
