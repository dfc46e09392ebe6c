import { plainPath } from './plain-path.ts';

/** Paths that give whoever writes or reads there the whole node. */
const HIGH = /^\/$|\.sock$|^\/var\/lib\/kubelet(\/|$)|^\/etc\/(srv\/)?kubernetes(\/|$)|^\/home\/kubernetes(\/|$)/;

/** Paths that node agents mount to read, and that the image of most nodes protects from writes. */
const LOW = /^\/(usr(\/local)?(\/s?bin|\/lib)?|s?bin|lib|boot|var\/lib\/docker\/containers)$/;

/** Folders that contain a path of `WITHIN` or of `HIGH`: they themselves, not everything within. */
const HOLDING = [
  'etc',
  'var',
  'var/lib',
  'var/spool',
  'home',
  'home/[^/]+',
  'dev',
  'sys',
  'sys/fs',
  'run',
  'mnt',
  'etc/srv',
];
/** Folders with everything within them. */
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

/** How much of its node access to a path gives away. */
export type Sensitivity = 'high' | 'medium' | 'low';

/** The sensitivity of a hostPath; undefined for paths that agents mount every day, such as logs. */
export const sensitivityOf = (path: string): Sensitivity | undefined => {
  const plain = normalized(path.slice(0, 4096));
  if (HIGH.test(plain)) return 'high';
  if (LOW.test(plain)) return 'low';
  return MEDIUM.test(plain) ? 'medium' : undefined;
};

/** The claim for mounting these paths, by the worst of them; undefined where none is sensitive. */
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

/**
 * Where a node of Container-Optimized OS keeps its writable data: `/var` and `/home` are also found below this folder.
 */
const STATEFUL = /^\/mnt\/stateful_partition(?=\/|$)/;

/** A path in plain form: `/var/run/` becomes `/run/`, and neither `//` nor `/x/..` hides anything. */
const normalized = (path: string): string =>
  (plainPath(`/${path}`).replace(STATEFUL, '') || '/').replace(/^\/var\/run(?=\/|$)/, '/run');
