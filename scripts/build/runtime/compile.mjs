import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { keep, load } from './load.mjs';

// Keeps the code that V8 makes of this package, for load.mjs: `npm run gcp-build`, which the build of the service runs
// with the Node.js that will run the function. Every function that is called here is in it. The function is started for
// nobody, with the clients of production, and a server in this process for a cloud in which there is nothing. It never
// fails a build: what is not kept is compiled when it is needed.

const ENOUGH_MS = 20_000;
const folder = import.meta.dirname;
const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'firebreak-'));
const file = (called, text) => {
  writeFileSync(join(scratch, called), text);
  return join(scratch, called);
};

const keepNothing = (thrown) => {
  process.stdout.write(`no code of V8 is kept, the function will start more slowly: ${String(thrown)}\n`);
  process.exit(0);
};
process.on('uncaughtException', keepNothing);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const addressOf = async (server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${server.address().port}`;
};

/** Nothing is there, as each service says it. */
const answerOf = (url, body) => {
  if (url.includes(':publish')) return [200, { messageIds: ['1'] }];
  if (!url.includes(':batchGet')) return [404, { error: { code: 404, message: 'not found' } }];
  return [200, JSON.parse(body).documents.map((missing) => ({ missing, readTime: '2026-01-01T00:00:00Z' }))];
};
const web = createServer(async (request, response) => {
  const [status, answer] = answerOf(request.url, Buffer.concat(await request.toArray()).toString());
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
});

const settings = (http) => ({
  GOOGLE_CLOUD_PROJECT: 'nobody',
  METADATA_SERVER_DETECTION: 'none',
  PUBSUB_EMULATOR_HOST: http,
  FIRESTORE_EMULATOR_HOST: http,
  STORAGE_EMULATOR_HOST: `http://${http}`,
  FIREBREAK_CONTAINER_ENDPOINT: `http://${http}`,
  FIREBREAK_COMPUTE_ENDPOINT: `http://${http}`,
  FIREBREAK_MONITORING_ENDPOINT: `http://${http}`,
  FIREBREAK_TOKEN: 'none',
  FIREBREAK_PROJECT: 'nobody',
  FIREBREAK_BUS: 'pubsub',
  FIREBREAK_STORE: 'firestore:incidents',
  FIREBREAK_MEMORY_STORE: 'firestore:memory',
  FIREBREAK_EVIDENCE: 'gs://nobody-evidence',
  FIREBREAK_CLUSTERS: '[{"project":"nobody","location":"europe-west1","cluster":"c1"}]',
  FIREBREAK_CONSOLE_OPERATOR: 'nobody',
  FIREBREAK_POLICY: file('policy.yaml', '# of nobody\nmode: dry-run\n'),
  FIREBREAK_RULES: file('rules.yaml', '# of nobody\ndomains: []\n'),
});

/** An event that is none, which is answered before anything is done. */
const ask = async () => {
  const address = await addressOf(getTestServer(name.replace(/^firebreak-/, '')));
  const response = await fetch(`http://${address}/projects/nobody/topics/firebreak-nothing`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subscription: 's', message: { messageId: '1', data: 'e30=' } }),
    signal: AbortSignal.timeout(ENOUGH_MS),
  });
  await response.text();
};

try {
  for (const key of Object.keys(process.env)) if (key.startsWith('FIREBREAK_')) delete process.env[key];
  Object.assign(process.env, settings(await addressOf(web)));
  const { started, callEach } = load(join(folder, 'main.js'));
  const ports = await started;
  await ask();
  await Promise.race([callEach(ports), sleep(ENOUGH_MS)]);
  for (const chunk of readdirSync(join(folder, 'chunks')).filter((one) => one.endsWith('.js'))) {
    load(join(folder, 'chunks', chunk));
  }
  keep();
} catch (thrown) {
  keepNothing(thrown);
}
process.exit(0);
