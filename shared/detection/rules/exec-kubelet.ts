import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { actingText, type InCommand } from '../command.ts';
import { EXECS, seenInCommand } from '../exec.ts';
import { KUBELET_MONITORING } from '../kubelet-monitoring.ts';

/** An address with a port of kubelets, and the path asked for. */
const KUBELET = /[\w.$[\]{}()-]{1,60}:(?:10250|10255)(?:\/([\w/.-]{0,200}))?(?!\d)/g;
/** Paths by which a kubelet runs commands in the pods of its node. */
const RUNS = /^(?:run|exec|attach|portforward|cri|debug|checkpoint)(?:\/|$)/;
const READS = { severity: 'medium', confidence: 0.6 } as const;

/** A command, run in a container through the API, that speaks to a kubelet. */
export const execKubelet = callRule({
  id: 'exec-kubelet',
  title: 'Kubelet reached from a pod',
  sees: 'An exec whose command names the port of a kubelet (10250 or 10255), other than reads of metrics, health, statistics and settings: high for a path that runs commands in pods, else medium 0.60.',
  why: 'A kubelet that answers lists the pods of its node with their settings, and may run commands in them, which no audit log shows.',
  technique: [
    { id: 'T1609', name: 'Container Administration Command' },
    { id: 'T1613', name: 'Container and Resource Discovery' },
  ],
  severity: 'high',
  confidence: 0.75,
  family: 'exec',
  falsePositives: ['Debugging of monitoring by operators'],
  calls: EXECS,
  example: 'kubectl exec -n shop cart-7d9f -- curl -sk https://10.128.0.5:10250/run/shop/cart-0/app -d cmd=id',
  match: (signal) => seenInCommand(signal, kubeletIn, READS),
});

const kubeletIn = (line: string): InCommand | undefined => {
  const text = actingText(line);
  // The ports begin alike, and few commands have that.
  if (!text.includes(':102')) return undefined;
  const paths = [...text.matchAll(KUBELET)].map(([, path = '']) => path);
  const path = paths.find((one) => RUNS.test(one)) ?? paths.find((one) => !KUBELET_MONITORING.test(one));
  if (path === undefined) return undefined;
  return { what: `calls ${quote(`/${path}`, 120)} of a kubelet`, certain: RUNS.test(path) };
};
