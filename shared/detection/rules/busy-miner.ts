import { shownShape } from '../cpu-claims.ts';
import { isFlat } from '../plateau.ts';
import { queryOf } from '../plateau-shapes.ts';
import type { CpuRule } from '../rule.ts';

/** A pod behind an alert on CPU use that is set up to mine: two kinds of evidence, each found on its own. */
export const busyMiner: CpuRule = {
  id: 'busy-miner',
  reads: 'cpu',
  title: 'Cryptocurrency miner behind high CPU use',
  sees: 'The pod behind an open incident on CPU use. Its containers start a miner, take options that only miners take, or name a mining pool or a wallet of their options (conclusive; 0.97 where the series is flat, else 0.95); or its image (0.80) or only its name (0.55) is that of a miner; or it only has what miners have and others too, such as a wallet in a variable (0.97 and conclusive where the series is flat, else 0.55). This also finds miners started before the audit log was read.',
  why: 'Its configuration says that it mines, and its CPU use confirms it.',
  technique: [
    { id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' },
    { id: 'T1204.003', name: 'User Execution: Malicious Image' },
  ],
  severity: 'critical',
  confidence: 0.97,
  family: 'spec',
  conclusive: true,
  falsePositives: ['Security training', 'Companies that mine on purpose', 'Nodes of blockchains'],
  query: queryOf('strong-plateau', 'kubernetes.io/container/cpu/limit_utilization') ?? '',
  example:
    'An alert on the CPU use of a node, and on it pod shop/web-0 with the argument stratum+tcp://pool.example.com:3333',
  match: (signal) => {
    const { context } = signal;
    if (context === undefined) return undefined;
    const { runs, image, words, name } = context.signs;
    const flat = 'shape' in context.series && isFlat(shownShape(signal));
    const use = flat ? ['its CPU use is flat, like that of a miner'] : [];
    if (runs.length > 0 || (flat && words.length > 0))
      return { because: [...runs, ...words, ...use], confidence: flat ? 0.97 : 0.95 };
    if (image.length > 0) return { because: [...image, ...use], confidence: 0.8, conclusive: false };
    const may = [...words, ...name];
    return may.length > 0 ? { because: [...may, ...use], confidence: 0.55, conclusive: false } : undefined;
  },
};
