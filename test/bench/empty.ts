import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FRAMEWORK } from '../../scripts/build/bundle.ts';
import { ROOT } from '../../scripts/steps.ts';
import type { Subject } from './start.ts';

const CODE = {
  /** Does nothing. */
  empty: '',
  /** Parses the body of the message, as every function of Firebreak must. */
  parsing: `
  const { message } = event.data;
  JSON.parse(Buffer.from(message.data, 'base64').toString('utf8'));`,
};

/** A plain function on the framework, as a package beside the measured ones, for comparison. */
export const plainFunction = (folder: string, kind: keyof typeof CODE): Subject => {
  const source = join(folder, kind);
  const link = join(source, 'node_modules', FRAMEWORK);
  mkdirSync(dirname(link), { recursive: true });
  writeFileSync(join(source, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  writeFileSync(
    join(source, 'index.js'),
    `import { cloudEvent } from '${FRAMEWORK}';\ncloudEvent('${kind}', async (event) => {${CODE[kind]}\n});\n`,
  );
  try {
    symlinkSync(resolve(ROOT, 'node_modules', FRAMEWORK), link, 'dir');
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  }
  return { source, target: kind };
};
