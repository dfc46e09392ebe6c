#!/usr/bin/env node
// The one file that an old Node.js must be able to read: plain JavaScript, no dependency.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const MAJOR = 24;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Where Node.js keeps what it compiles, which is half of the time of a short command. */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/firebreak', import.meta.url));

const here = async () => {
  // An old Node.js does not have it, so it cannot be imported above.
  const { enableCompileCache } = await import('node:module');
  // Set for the functions that `local` and `demo` start, too. Where the folder cannot be written, nothing is kept.
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const [{ main }, { processIo }] = await Promise.all([import('./main.ts'), import('./io.ts')]);
  process.exitCode = await main(process.argv.slice(2), processIo());
};

/** The Node.js that the lock file brought for this machine; undefined where it brought none. */
const lockedNode = () => {
  if (process.platform !== 'linux') return undefined;
  const path = fileURLToPath(new URL(`../node_modules/node-linux-${process.arch}/bin/node`, import.meta.url));
  return existsSync(path) ? path : undefined;
};

const rerun = (node) => {
  // Listened for before the other one starts: a signal in between would end this process alone.
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both processes already: passing it on would make it two.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('error', (error) => {
    process.stderr.write(`firebreak: ${node} does not start: ${error.message}. Run npm ci again.\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 1 : (constants.signals[signal] ?? 1));
  });
};

if (Number.parseInt(process.versions.node, 10) >= MAJOR) {
  await here();
} else {
  const node = lockedNode();
  if (node === undefined) {
    process.stderr.write(
      `firebreak: this is Node.js ${process.versions.node}, and ${MAJOR} or newer is needed: install it, or run npm ci on Linux.\n`,
    );
    process.exitCode = 1;
  } else {
    rerun(node);
  }
}
