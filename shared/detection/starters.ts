/**
 * A program that starts another. `takes`: its one-letter options that take the next word as their value. `operands`:
 * how many words stand before the started program.
 */
export type Starter = { takes?: string; operands?: number };

/** Programs, and words of a shell, that start another program. */
const STARTERS: ReadonlyMap<string, Starter> = new Map<string, Starter>([
  // As somebody else.
  ['sudo', { takes: 'ughpCrtTUDR' }],
  ['doas', { takes: 'uC' }],
  ['runuser', { takes: 'ugG' }],
  ['pkexec', {}],
  ['gosu', { operands: 1 }],
  ['su-exec', { operands: 1 }],
  ['setuidgid', { operands: 1 }],
  ['s6-setuidgid', { operands: 1 }],
  ['setpriv', {}],
  // Elsewhere.
  ['chroot', { operands: 1 }],
  ['nsenter', { takes: 'tSGW' }],
  ['unshare', { takes: 'SGRw' }],
  ['proxychains', { takes: 'f' }],
  ['proxychains4', { takes: 'f' }],
  ['torsocks', {}],
  ['torify', {}],
  // With more or less of the machine.
  ['nice', { takes: 'n' }],
  ['ionice', { takes: 'cnpPu' }],
  ['chrt', { takes: 'TPD', operands: 1 }],
  ['taskset', { operands: 1 }],
  ['numactl', { takes: 'CNmpi' }],
  ['cpulimit', { takes: 'lpe' }],
  ['prlimit', {}],
  ['setarch', { operands: 1 }],
  // For a time, in the background, or over and over.
  ['time', { takes: 'fo' }],
  ['timeout', { takes: 'sk', operands: 1 }],
  ['nohup', {}],
  ['setsid', {}],
  ['systemd-run', { takes: 'pMuHEtG' }],
  ['screen', { takes: 'SctTpehrRxX' }],
  ['watch', { takes: 'n' }],
  ['flock', { takes: 'wE', operands: 1 }],
  ['strace', { takes: 'oepsuEPI' }],
  ['xargs', { takes: 'IELnPsda' }],
  ['stdbuf', { takes: 'ioe' }],
  ['unbuffer', {}],
  // As the first process of a container.
  ['tini', { takes: 'pe' }],
  ['tini-static', { takes: 'pe' }],
  ['docker-init', { takes: 'pe' }],
  ['dumb-init', { takes: 'r' }],
  ['catatonit', {}],
  // By the shell, the system or another program.
  ['exec', { takes: 'a' }],
  ['command', {}],
  ['builtin', {}],
  ['source', {}],
  ['.', {}],
  ['env', { takes: 'uC' }],
  ['busybox', {}],
  ['toybox', {}],
]);

/** How a program of this name is given the program to start; undefined where it starts none. */
export const starterOf = (name: string): Starter | undefined =>
  STARTERS.get(name) ?? (/^ld-(?:linux|musl)/.test(name) ? {} : undefined);

/** Long options that take the next word as their value. */
export const LONG_TAKES =
  /^--(?:user|group|target|signal|kill-after|limit|adjustment|class|classdata|max-args|max-procs|setuid|setgid|reuid|regid|chdir|unset|interval|rewrite|preload)$/;
