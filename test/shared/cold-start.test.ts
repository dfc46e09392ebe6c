import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const WIRING = new URL('../../shared/wiring.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The packages that are loaded until a function is wired. */
const loadedBy = async (wire: string, env: Record<string, string>): Promise<string[]> => {
  const script = `
    import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({ load: (url, context, next) => {
      const [, name] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*node_modules)/.exec(url) ?? [];
      if (name !== undefined) packages.add(name);
      return next(url, context);
    } });
    const { ${wire} } = await import(${JSON.stringify(WIRING)});
    await ${wire}();
    console.error(JSON.stringify([...packages]));
  `;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, METADATA_SERVER_DETECTION: 'none', ...env },
  });
  const names: unknown = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
  assert.ok(Array.isArray(names));
  return names.map(String);
};

const ENV = {
  FIREBREAK_PROJECT: 'p1',
  FIREBREAK_BUS: 'rest:http://127.0.0.1:1',
  FIREBREAK_STORE: 'memory',
  FIREBREAK_MEMORY_STORE: 'memory',
  FIREBREAK_CLUSTERS: '[{"project":"p1","location":"europe-west1","cluster":"c1"}]',
  FIREBREAK_EVIDENCE: 'folder:/tmp/none',
  FIREBREAK_MONITORING_ENDPOINT: 'http://127.0.0.1:1',
  FIREBREAK_TOKEN: 'local',
};
const SDK = '@opentelemetry/sdk-trace';

describe('the packages that a function loads at its start', () => {
  for (const wire of ['wireDetectCryptomining', 'wireContain', 'wireNotify']) {
    it(`do not include OpenTelemetry if spans are sent nowhere: ${wire}`, async () => {
      const names = await loadedBy(wire, ENV);
      assert.ok(names.includes('zod'), names.join());
      assert.deepEqual(
        names.filter((name) => name.startsWith('@opentelemetry/') && !/\/(api|core|semantic-conventions)$/.test(name)),
        [],
      );
    });
  }

  it('include OpenTelemetry if an endpoint is set, by our own variable or by the standard one', async () => {
    for (const name of ['FIREBREAK_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'])
      assert.ok((await loadedBy('wireDecide', { ...ENV, [name]: 'http://127.0.0.1:4318' })).includes(SDK), name);
  });
});
