import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFunction } from '../../local/processes.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/model/ids.ts';

const root = new URL('../../', import.meta.url);
const DOC = readFileSync(new URL('docs/functions.md', root), 'utf8');

type Start = { env: Record<string, string>; source: string };
type Example = Start & ({ topic: string; data: string; writes: string } | { path: string; answers: string });

const need = (what: string, found: string | undefined): string => {
  assert.ok(found !== undefined && found !== '', `docs/functions.md: no ${what}`);
  return found;
};

/** The commands for one function, as the document gives them. */
const exampleOf = (name: FunctionName): Example => {
  const section = need(`section ${name}`, DOC.split(`\n## ${name}\n`)[1]).split('\n## ')[0] ?? '';
  const start = need(`start of ${name}`, /^ {4}(FIREBREAK_.*?) npx functions-framework/m.exec(section)?.[1]);
  const env = [...start.matchAll(/(FIREBREAK_[A-Z_]+)=(?:'([^']*)'|(\S+))/g)].map(([, key = '', quoted, plain]) => [
    key,
    quoted ?? plain ?? '',
  ]);
  const given = {
    env: Object.fromEntries(env),
    source: need(`source of ${name}`, /--source=(\S+)/.exec(section)?.[1]),
  };
  const path = /^ {4}curl -i http:\/\/127\.0\.0\.1:8080(\/\S*)$/m.exec(section)?.[1];
  if (path !== undefined)
    return { ...given, path, answers: need(`answer of ${name}`, /^Answers: `(.*)`$/m.exec(section)?.[1]) };
  const [, topic, data] = /^ {4}push (\S+) '(.*)'$/m.exec(section) ?? [];
  return {
    ...given,
    topic: need(`topic of ${name}`, topic),
    data: need(`message of ${name}`, data),
    writes: need(`log line of ${name}`, /^Writes: `(.*)`$/m.exec(section)?.[1]),
  };
};

const push = async (address: string, { topic, data }: { topic: string; data: string }): Promise<Response> =>
  fetch(new URL(`/projects/p1/topics/firebreak-${topic}`, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      subscription: 'projects/p1/subscriptions/s',
      message: { messageId: '1', data: Buffer.from(data).toString('base64') },
    }),
  });

describe('each function alone, started as the document says', function () {
  this.timeout(60_000);
  for (const name of FUNCTIONS) {
    it(`${name} handles the documented event or request`, async () => {
      const example = exampleOf(name);
      const dir = await mkdtemp(join(tmpdir(), 'firebreak alone '));
      const logFile = join(dir, 'log');
      const source = fileURLToPath(new URL(example.source, root));
      const alone = await startFunction({ name, source, env: example.env, logFile });
      try {
        if ('path' in example) {
          const response = await fetch(new URL(example.path, alone.address));
          assert.equal(response.status, 200);
          assert.ok((await response.text()).includes(example.answers));
          return;
        }
        const response = await push(alone.address, example);
        const log = await readFile(logFile, 'utf8');
        assert.equal(response.status, 204, log);
        assert.ok(log.includes(example.writes), `${example.writes} is not in:\n${log}`);
      } finally {
        await alone.stop();
        await rm(dir, { recursive: true });
      }
    });
  }
});
