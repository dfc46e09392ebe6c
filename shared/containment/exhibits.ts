import { sentenceOf } from '../errors.ts';
import { isContainerName } from '../kubernetes/names.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Instance } from '../model/compute.ts';
import { clusterOf } from '../model/target.ts';
import { once } from '../once.ts';
import { eventsOf } from './events.ts';
import type { Exhibit } from './evidence.ts';
import { hostExhibits, instanceRead, STAYS_VALID } from './host-exhibits.ts';
import type { StepContext, SubjectOf } from './step.ts';
import { containerNames, serviceAccountOf } from './verdicts/exhibits.ts';
import { secretsOf } from './verdicts/secrets.ts';
import { staysValid } from './verdicts/stays-valid.ts';

type Context = StepContext<SubjectOf<'pod'>>;

/** The exhibit with the pod as the API gives it. */
export const POD = 'pod.json';
const LOG_BYTES = 8 * 1024 * 1024;
/** From this size on a log counts as cut, since a server may give slightly less than the limit. */
const CUT_BYTES = LOG_BYTES - 64 * 1024;

const identityExhibits = (
  context: Context,
  pod: KubeObject,
  instance: () => Promise<Instance | undefined>,
): Exhibit[] => {
  const { namespace } = context.subject.pod;
  const account = serviceAccountOf(pod);
  const serviceAccount = once(() =>
    context.read.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: account }),
  );
  const bindings = once(() => context.bindingsOf(namespace, account));
  const secrets = secretsOf(pod);
  return [
    { name: 'service-account.json', read: serviceAccount },
    { name: 'bindings.json', read: bindings },
    { name: 'mounted-secrets.json', read: async () => secrets },
    {
      name: STAYS_VALID,
      read: async () => {
        const { target } = context.incident;
        const place = { project: target.project, cluster: clusterOf(target), namespace };
        const unread: string[] = [];
        // A failed read is listed in `unread`, and the other reads still count.
        const orElse = <T>(what: string, read: Promise<T>, otherwise: T): Promise<T> =>
          read.catch((thrown: unknown) => {
            unread.push(`${what}: ${sentenceOf(thrown)}`);
            return otherwise;
          });
        const known = {
          serviceAccount: await orElse('the service account', serviceAccount(), undefined),
          bindings: await orElse('bindings', bindings(), []),
          instance: await orElse('the VM', instance(), undefined),
        };
        return staysValid({ ...place, account, secrets, unread, ...known });
      },
    },
  ];
};

/**
 * What the APIs know of a pod: the pod, its owners, events, node and VM, and what its identity may do. `pod`: undefined
 * where it is gone or was not read in time; `readPod` gives it, or throws the reason why it cannot be read.
 */
export const objectExhibits = (
  context: Context,
  pod: KubeObject | undefined,
  readPod: () => Promise<KubeObject | undefined>,
): Exhibit[] => {
  const { namespace, owners, host, uid } = context.subject.pod;
  const instance = instanceRead(context, host);
  const owned = owners.map(
    (owner): Exhibit => ({
      name: `owner-${owner.kind}-${owner.uid}.json`,
      read: () => context.read.get({ apiVersion: owner.apiVersion, kind: owner.kind, namespace, name: owner.name }),
    }),
  );
  return [
    { name: POD, read: readPod },
    ...owned,
    {
      name: 'events.json',
      read: () => eventsOf(context.read, namespace, { 'involvedObject.uid': uid }),
    },
    ...(host === undefined ? [] : hostExhibits(context, host, instance)),
    ...(pod === undefined ? [] : identityExhibits(context, pod, instance)),
  ];
};

/** How many lines a text has, found without a list of them: an attacker may log nothing but line ends. */
const linesIn = (text: string): number => {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
};

/**
 * The current log of each container of a pod. The server cuts a long log at its end, and an attack is there: of such a
 * log the newest lines are an exhibit of their own.
 */
export const logExhibits = (context: Context, pod: KubeObject): Exhibit[] =>
  containerNames(pod)
    .filter(isContainerName)
    .flatMap((container): Exhibit[] => {
      const { namespace, name } = context.subject.pod;
      const of = { namespace, name, container, limitBytes: LOG_BYTES };
      /** The lines of a log that was cut; 0 for any other. The log itself is not held for the second exhibit. */
      const cut = Promise.withResolvers<number>();
      return [
        {
          name: `${container}.log`,
          large: true,
          read: async () => {
            try {
              const log = await context.read.log(of);
              cut.resolve(log === undefined || Buffer.byteLength(log) < CUT_BYTES ? 0 : linesIn(log));
              return log;
            } finally {
              cut.resolve(0);
            }
          },
        },
        {
          name: `${container}.newest.log`,
          optional: true,
          large: true,
          read: async () => {
            const lines = await cut.promise;
            // Half as many lines, since the newest may be longer than those before them.
            return lines === 0 ? undefined : context.read.log({ ...of, tailLines: Math.ceil(lines / 2) });
          },
        },
      ];
    });
