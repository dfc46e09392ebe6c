import { type Fields, fieldsAt, listAt } from './objects.ts';

const BOUND = ['cpu', 'memory'] as const;

/**
 * The QoS class of a pod as the API server computes it at creation; it never changes. A limit counts as the request if
 * no request is given.
 */
export const qosClassOf = (spec: Fields): 'Guaranteed' | 'Burstable' | 'BestEffort' => {
  const all = [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')].flatMap((container) =>
    BOUND.map((resource) => {
      const limit = fieldsAt(container, 'resources', 'limits')[resource];
      return { limit, request: fieldsAt(container, 'resources', 'requests')[resource] ?? limit };
    }),
  );
  if (all.every(({ limit, request }) => limit === undefined && request === undefined)) return 'BestEffort';
  return all.every(({ limit, request }) => limit !== undefined && limit === request) ? 'Guaranteed' : 'Burstable';
};
