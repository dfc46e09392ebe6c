import { join } from 'node:path';
import { ROOT } from '../../scripts/steps.ts';
import { startServer } from '../kit/listening.ts';
import { PRODUCTION_SETTINGS } from '../kit/production-settings.ts';

/** The variables that Terraform sets, with the shipped files. */
export const PRODUCTION = {
  ...PRODUCTION_SETTINGS,
  FIREBREAK_POLICY: join(ROOT, 'config', 'policy.yaml'),
  FIREBREAK_RULES: join(ROOT, 'config', 'rules.yaml'),
} as const;

/** A bus that accepts every message and delivers none. */
export const startSink = async (): Promise<{ url: string; stop(): Promise<void> }> => {
  let taken = 0;
  const { url, stop } = await startServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const { messages }: { messages: unknown[] } = JSON.parse(body);
      const messageIds = messages.map((_, n) => `${taken + n}`);
      taken += messages.length;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ messageIds }));
    });
  });
  return { url, stop };
};

/** Production's variables, except for a bus and stores on this machine, which answer at once. */
export const onThisMachine = (bus: string): Record<string, string> => ({
  ...PRODUCTION,
  FIREBREAK_BUS: `rest:${bus}`,
  FIREBREAK_STORE: 'memory',
  FIREBREAK_MEMORY_STORE: 'memory',
  FIREBREAK_TOKEN: 'none',
});
