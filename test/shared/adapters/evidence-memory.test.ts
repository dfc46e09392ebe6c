import { makeMemoryEvidence } from '../../../shared/adapters/evidence-memory.ts';
import { evidenceContract } from '../../contracts/evidence.ts';

describe('evidence-memory', () => {
  evidenceContract('memory', async () => {
    const evidence = makeMemoryEvidence();
    return { evidence, another: () => evidence, close: async () => {} };
  });
});
