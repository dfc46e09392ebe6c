import { evidenceContract } from '../contracts/evidence.ts';
import { makeMemoryEvidence } from './memory-evidence.ts';

describe('kit/memory-evidence', () => {
  evidenceContract('memory', async () => {
    const evidence = makeMemoryEvidence();
    return { evidence, another: () => evidence, close: async () => {} };
  });
});
