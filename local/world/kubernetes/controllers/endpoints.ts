import { type Context, isActive, isReady, suffixOf } from '../context.ts';
import { controlledBy, type Fields, listAt, type Obj, textAt, textsAt } from '../objects.ts';
import { holdsAll } from '../selectors.ts';
import { labelsOf } from '../store.ts';

const ACTOR = 'endpointslice-controller';
const SERVICE = 'kubernetes.io/service-name';

const endpointOf = (pod: Obj): Fields => ({
  addresses: [textAt(pod.status, 'podIP')],
  conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
  nodeName: pod.spec?.nodeName,
  targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
});

/** Keeps one EndpointSlice per Service with a selector. It holds the pods with matching labels, ready or not. */
export const syncEndpoints = (context: Context): void => {
  const kind = context.kind('EndpointSlice');
  const pods = context.store.all(context.kind('Pod'));
  for (const service of context.store.all(context.kind('Service'))) {
    const selector = textsAt(service.spec, 'selector');
    if (Object.keys(selector).length === 0) continue;
    const { name, namespace } = service.metadata;
    const endpoints = pods
      .filter((p) => p.metadata.namespace === namespace && isActive(p) && holdsAll(selector, labelsOf(p)))
      .filter((p) => textAt(p.status, 'podIP') !== undefined)
      .map(endpointOf);
    const slice = context.store
      .all(kind)
      .find((s) => s.metadata.namespace === namespace && labelsOf(s)[SERVICE] === name);
    if (slice !== undefined) {
      context.store.update(ACTOR, 'patch', slice, (draft) => {
        draft.endpoints = endpoints;
      });
      continue;
    }
    context.store.insert(ACTOR, kind, {
      metadata: {
        name: `${name}-${suffixOf(context.random())}`,
        namespace,
        labels: { [SERVICE]: name, 'endpointslice.kubernetes.io/managed-by': ACTOR },
        ownerReferences: [controlledBy(service)],
      },
      addressType: 'IPv4',
      endpoints,
      ports: listAt(service.spec, 'ports').map((p) => ({
        name: p.name ?? '',
        port: p.targetPort ?? p.port,
        protocol: 'TCP',
      })),
    });
  }
};
