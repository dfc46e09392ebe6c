// `node local/guard.ts PROGRAM ARGS...`: runs a program that is not ours, and takes it and whatever it started along
// when the stack is gone. Started as the leader of a process group of its own, with an IPC channel to the stack.
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
