import { plainPath } from './plain-path.ts';

/** Of a node: whoever writes there, or reads there, has the node. */
const HIGH = /^\/$|\.sock$|^\/var\/lib\/kubelet(\/|$)|^\/etc\/kubernetes(\/|$)|^\/home\/kubernetes(\/|$)/;

/** What agents of a node mount to read, and what the image of most nodes keeps from being written. */
const LOW = /^\/(usr(\/local)?(\/s?bin|\/lib)?|s?bin|lib|boot|var\/lib\/docker\/containers)$/;

/** Folders that hold one of those below, or of those above. */
const HOLDING = ['etc', 'var', 'var/lib', 'var/spool', 'home', 'home/[^/]+', 'dev', 'sys', 'sys/fs', 'run'];
/** These, and all within. */
const WITHIN = [
  'proc',
  'root',
  'home/[^/]+/[.]ssh',
  'run/(docker|containerd|crio)',
  'sys/fs/cgroup',
  'var/lib/(docker|containerd|containers)',
  'var/spool/cron',
  'etc/(shadow|gshadow|passwd|sudoers([.]d)?|ssh|cron[a-z.]*|systemd|pam[.]d|init[.]d|ld[.]so[.]preload)',
  '(usr/)?lib/systemd',
];
const MEDIUM = new RegExp(`^/(((${HOLDING.join('|')})$)|((${WITHIN.join('|')})(/|$)))|^/dev/(sd|nvme|vd|dm-|mem|kmem)`);

/** How much of its node a path gives away. */
export type Sensitivity = 'high' | 'medium' | 'low';

/** How much of its node a hostPath gives away; undefined for paths that agents mount every day, such as logs. */
export const sensitivityOf = (path: string): Sensitivity | undefined => {
  const plainPath = normalized(path.slice(0, 4096));
  if (HIGH.test(plainPath)) return 'high';
  if (LOW.test(plainPath)) return 'low';
  return MEDIUM.test(plainPath) ? 'medium' : undefined;
};

/** What mounting the worst of some paths claims; undefined where none gives anything away. */
export const claimOfPaths = (
  paths: readonly string[],
): { paths: string[]; severity: Sensitivity; confidence?: number } | undefined => {
  const graded = paths.flatMap((path) => {
    const grade = sensitivityOf(path);
    return grade === undefined ? [] : [{ path, grade }];
  });
  const [severity] = GRADES.filter((one) => graded.some(({ grade }) => grade === one));
  if (severity === undefined) return undefined;
  return { paths: graded.map(({ path }) => path), severity, ...(severity === 'low' ? { confidence: 0.4 } : {}) };
};
const GRADES = ['high', 'medium', 'low'] as const;

/** Where a node of Container-Optimized OS keeps what it writes: `/var` and `/home` are in it under their own names. */
const STATEFUL = /^\/mnt\/stateful_partition(?=\/|$)/;

/** `/var/run/` is `/run`, and neither `//` nor `/x/..` hides a path. */
const normalized = (path: string): string =>
  (plainPath(`/${path}`).replace(STATEFUL, '') || '/').replace(/^\/var\/run(?=\/|$)/, '/run');
