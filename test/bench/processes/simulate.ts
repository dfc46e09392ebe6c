import { createReadStream, createWriteStream } from 'node:fs';
import { devNull } from 'node:os';
import { createInterface } from 'node:readline';
import { makeIo } from '../../../cli/io.ts';
import { main } from '../../../cli/main.ts';

// Runs `firebreak simulate` on a file of recorded events, or JSON.parse on its lines. Prints ms, and the peak memory.

const [, , what, file = ''] = process.argv;

const simulate = async (path: string): Promise<void> => {
  const sink = () => createWriteStream(devNull);
  const io = makeIo({ stdin: process.stdin, stdout: sink(), stderr: sink(), env: {}, cwd: process.cwd() });
  const code = await main(['simulate', path], io);
  if (code !== 0) throw new Error(`simulate ended with ${code}`);
};

const parse = async (): Promise<void> => {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }))
    JSON.parse(line);
};

// Loads everything that a process loads only once, so that it is not part of the measurement.
if (what === 'simulate') await simulate(devNull);
const began = performance.now();
await (what === 'simulate' ? simulate(file) : parse());
const ms = performance.now() - began;
process.stdout.write(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1024 }));
