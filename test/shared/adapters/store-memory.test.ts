import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { docStoreContract } from '../../contracts/doc-store.ts';
import { docShapesContract } from '../../contracts/doc-store-shapes.ts';
import { type OpenBackend, rawStoreContract, sweepingContract } from '../../contracts/raw-store.ts';

const open: OpenBackend = async (now) => {
  const raw = makeMemoryStore({ now });
  return { raw, another: () => raw, close: async () => {} };
};

describe('store-memory', () => {
  rawStoreContract('memory', open);
  docStoreContract('memory', open);
  docShapesContract('memory', open);
  sweepingContract('memory', open);
});
