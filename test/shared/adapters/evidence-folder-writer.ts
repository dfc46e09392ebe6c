import { makeFolderEvidence } from '../../../shared/adapters/evidence-folder.ts';

const evidence = makeFolderEvidence({ root: process.argv[2] ?? '' });
for (let i = 0; i < 10_000; i++) {
  await evidence.put(`k${i}`, Buffer.alloc(1_000_000, i));
  process.stdout.write('.');
}
