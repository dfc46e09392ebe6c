import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { keep, load } from './load.mjs';

// Keeps the code that V8 makes of this package, for load.mjs: `npm run gcp-build`, which the build of the service runs with the
// Node.js that will run the function. Every function that is called here is in it. The function is started for nobody: on memory, with a bus
// that nobody listens to. It never fails a build: what is not kept is compiled when it is needed.

const scratch = mkdtempSync(join(tmpdir(), 'firebreak-'));
const file = (name, text) => {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
};
const SETTINGS = {
  FIREBREAK_PROJECT: 'nobody',
  FIREBREAK_BUS: 'rest:http://127.0.0.1:9',
  FIREBREAK_STORE: 'memory',
  FIREBREAK_MEMORY_STORE: 'memory',
  FIREBREAK_EVIDENCE: `folder:${scratch}`,
  FIREBREAK_CLUSTERS: '[{"project":"nobody","location":"europe-west1","cluster":"c1"}]',
  FIREBREAK_CONSOLE_OPERATOR: 'nobody',
  FIREBREAK_TOKEN: 'none',
  FIREBREAK_POLICY: file('policy.yaml', '# of nobody\nmode: dry-run\n'),
  FIREBREAK_RULES: file('rules.yaml', '# of nobody\ndomains: []\n'),
};

const folder = import.meta.dirname;
const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** An event that is none, which is answered before anything is done. */
const ask = async () => {
  const server = getTestServer(name.replace(/^firebreak-/, '')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const message = { messageId: '1', data: 'e30=' };
  const response = await fetch(`http://127.0.0.1:${server.address().port}/projects/nobody/topics/firebreak-nothing`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subscription: 's', message }),
    signal: AbortSignal.timeout(30_000),
  });
  await response.text();
};

try {
  for (const key of Object.keys(process.env)) if (key.startsWith('FIREBREAK_')) delete process.env[key];
  Object.assign(process.env, SETTINGS);
  await load(join(folder, 'main.js')).started;
  await ask();
  for (const chunk of readdirSync(join(folder, 'chunks')).filter((one) => one.endsWith('.js'))) {
    load(join(folder, 'chunks', chunk));
  }
  keep();
} catch (thrown) {
  process.stdout.write(`no code of V8 is kept, the function will start more slowly: ${String(thrown)}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
