import { record, records, text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { WRITES } from '../calls.ts';
import { aboutCall, shownDeed } from '../claim.ts';

/** Somebody added a container to a running pod. */
export const ephemeralContainer = callRule({
  id: 'ephemeral-container',
  title: 'Container added to a running pod',
  sees: 'A write of the ephemeral containers of a pod, as kubectl debug does.',
  why: 'Such a container brings its own image. It shares the network of the pod and, on request, its processes.',
  technique: [
    { id: 'T1609', name: 'Container Administration Command' },
    { id: 'T1611', name: 'Escape to Host' },
  ],
  severity: 'medium',
  confidence: 0.6,
  // The pod's template is unchanged: somebody is at work in the running pod, as with an exec.
  family: 'exec',
  falsePositives: ['kubectl debug by operators'],
  calls: [{ resources: ['core/pods/ephemeralcontainers'], verbs: WRITES }],
  example: 'kubectl debug -n shop cart-7d9f --image=busybox --target=app',
  match: (signal) => {
    const images = [signal.request, signal.response]
      .flatMap((body) => records(record(body?.spec)?.ephemeralContainers))
      .flatMap(({ image }) => text(image) ?? []);
    const shown = [...new Set(images)].slice(0, 3).map((image) => quote(image, 255));
    return {
      ...aboutCall(signal),
      because: [
        shownDeed(signal, 'added a container to', 'add a container to'),
        ...(shown.length === 0 ? [] : [`it runs ${shown.join(', ')}`]),
      ],
    };
  },
});
