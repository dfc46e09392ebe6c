// `node local/guard.ts PROGRAM ARGS...`: runs a foreign program, and kills it and all its child processes when the
// stack ends. Started as the leader of its own process group, with an IPC channel to the stack.
import { spawn } from 'node:child_process';

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('usage: guard.ts PROGRAM ARGS...');

process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
const child = spawn(program, args, { stdio: 'inherit' });
child.on('error', (error) => {
  process.stderr.write(`${program} does not start: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));
