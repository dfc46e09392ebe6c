import { at, text } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import type { CallSignal } from '../calls.ts';
import { shownDeed } from '../claim.ts';
import { claimOfPaths } from '../host-paths.ts';

/** The fields in which a PersistentVolume names a path of a node. */
const PATHS = [
  ['spec', 'hostPath', 'path'],
  ['spec', 'local', 'path'],
];

/** A volume that is a part of a node. Whoever claims it mounts that part, though no pod spec shows the path. */
export const sensitiveVolume = callRule({
  id: 'sensitive-volume',
  title: 'PersistentVolume on a sensitive host path',
  sees: 'A PersistentVolume that is written with a sensitive hostPath or local path, graded as in sensitive-host-path.',
  why: 'A pod that claims the volume gets the path of the node, but its spec only names a claim, which every policy admits.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1552', name: 'Unsecured Credentials' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'spec',
  falsePositives: ['Test clusters with data on their nodes'],
  // The source of a volume never changes. An update comes from whoever binds the volume and shows the whole object.
  calls: [{ resources: ['core/persistentvolumes'], verbs: ['create', 'patch'] }],
  example: 'kubectl apply of a PersistentVolume with {hostPath: {path: /}}',
  match: (signal) => {
    const claim = claimOfPaths(pathsOf(signal));
    if (claim === undefined) return undefined;
    const { paths, ...graded } = claim;
    const of = [...new Set(paths)].map((path) => quote(path)).join(' and ');
    return {
      ...graded,
      because: [`${shownDeed(signal, 'wrote', 'write')}, which is ${of} of a node`],
    };
  },
});

/** The paths as requested and, for a created volume, also as in the response. */
const pathsOf = (signal: CallSignal): string[] =>
  PATHS.flatMap((path) => [
    text(writtenAt(signal, ...path)) ?? [],
    (signal.call.verb === 'create' ? text(at(signal.response, ...path)) : undefined) ?? [],
  ]).flat();
