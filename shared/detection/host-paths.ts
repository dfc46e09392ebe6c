/** Of a node: whoever writes there, or reads there, has the node. */
const HIGH = /^\/$|\.sock$|^\/var\/lib\/kubelet(\/|$)|^\/etc\/kubernetes(\/|$)|^\/home\/kubernetes(\/|$)/;
const MEDIUM =
  /^\/(etc|proc|root|var|run|run\/(docker|containerd|crio)|var\/lib|home|dev|sys\/fs\/cgroup|etc\/(shadow|passwd|ssh|cron\.d|systemd)|var\/lib\/(docker|containerd))$|^\/(proc|root|sys\/fs\/cgroup|run\/(docker|containerd|crio))\/|^\/dev\/(sd|nvme|vd|dm-|mem|kmem)/;

/** How much of its node a hostPath gives away; undefined for paths that agents mount every day, such as logs. */
export const sensitivityOf = (path: string): 'high' | 'medium' | undefined => {
  const plainPath = normalized(path.slice(0, 4096));
  if (HIGH.test(plainPath)) return 'high';
  return MEDIUM.test(plainPath) ? 'medium' : undefined;
};

/** `/var/run/` is `/run`, and neither `//` nor `/x/..` hides a path. */
const normalized = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`.replace(/^\/var\/run(?=\/|$)/, '/run');
};
