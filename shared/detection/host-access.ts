import { toldOfText } from '../told-of-text.ts';
import { actingText, COMMAND_START, type InCommand, programsOf, startersIn, withoutQuotes } from './command.ts';

const DISK = '/dev/(?:sd|vd|xvd|nvme|dm-|mapper/|disk/|root\\b)';

/** In the order in which they are reported: the most certain first. */
const SIGNS: ReadonlyArray<InCommand & { sign: RegExp }> = [
  {
    what: 'makes the kernel of the node run a program outside of the container',
    certain: true,
    sign: /\brelease_agent\b|\bnotify_on_release\b|>{1,2}\s{0,8}\S{0,60}\/(?:kernel\/(?:core_pattern|modprobe|uevent_helper)|uevent_helper|binfmt_misc\/register)\b|kernel\.(?:core_pattern|modprobe)=/,
  },
  {
    what: 'loads a module into the kernel of the node',
    certain: true,
    sign: new RegExp(`${COMMAND_START}(?:insmod|modprobe)\\s{1,8}[^\\s-]`),
  },
  {
    what: 'mounts a disk of the node',
    certain: true,
    sign: new RegExp(`${COMMAND_START}mount\\s[^\\n;|&]{0,200}(?:${DISK}|\\b(?:label|uuid)=)`),
  },
  {
    what: 'mounts control groups of the node',
    certain: true,
    sign: new RegExp(`${COMMAND_START}mount\\s[^\\n;|&]{0,80}-t\\s{0,8}cgroup2?\\b`),
  },
  {
    what: 'reads or writes a disk of the node beside its file system',
    certain: true,
    sign: new RegExp(
      `${COMMAND_START}(?:(?:debugfs|cat|strings|xxd)\\s[^\\n;|&]{0,80}|dd\\s[^\\n;|&]{0,120}\\b[io]f=)${DISK}|/dev/k?mem\\b`,
    ),
  },
  {
    what: 'makes a device file for a disk',
    certain: true,
    sign: new RegExp(`${COMMAND_START}mknod\\s[^\\n;|&]{1,120}\\sb\\s{1,8}\\d`),
  },
  { what: 'makes the kernel of the node crash or restart', certain: true, sign: />\s{0,8}\S{0,60}\/sysrq-trigger\b/ },
  {
    what: 'speaks to the container runtime of the node',
    certain: true,
    sign: /\/(?:docker|containerd|crio|cri-dockerd|dockershim|podman)\.sock\b/,
  },
  {
    what: 'enters namespaces of the node',
    certain: false,
    sign: new RegExp(
      `${COMMAND_START}nsenter\\s[^\\n;|&]{0,120}?(?:-[a-z]{0,8}t\\s{0,4}1\\b|--target[= ]1\\b|proc/1/ns/)|\\bsetns\\([^\\n]{0,80}proc/1/ns/`,
    ),
  },
  {
    what: 'changes its root directory',
    certain: false,
    sign: new RegExp(`${COMMAND_START}chroot\\s{1,8}(?:-\\S{1,60}\\s{1,8}){0,4}/|\\bchroot\\(\\s?/`),
  },
  {
    what: 'starts a container that has the whole file system of its host',
    certain: false,
    sign: new RegExp(`${COMMAND_START}(?:docker|podman|nerdctl)\\s[^\\n;|&]{0,160}\\s(?:-v|--volume)[= ]\\s{0,4}/:/`),
  },
  { what: 'uses the files of the first process', certain: false, sign: /\/proc\/1\/(?:root|cwd)(?:\/|\b)/ },
  {
    what: 'takes new namespaces, in which it is root',
    certain: false,
    sign: new RegExp(
      `${COMMAND_START}unshare\\s[^\\n;|&]{0,80}?(?:-[a-z]{0,8}[ur][a-z]{0,8}|--user|--map-root-user)\\b`,
    ),
  },
];
/** Programs that may stand before a shell with a script, where the commands of a line do not show them. */
const BEFORE = /nsenter|chroot|unshare/i;
/** Clients of container runtimes, as they are on every node and in hardly any image. */
const CLIENTS = ['crictl', 'ctr', 'nerdctl'];

/**
 * The way in which a command line leaves its container, or prepares to; undefined for none. `certain`: people at work
 * on a node have no use for it.
 */
export const hostAccessIn = toldOfText((line): InCommand | undefined => {
  const text = BEFORE.test(withoutQuotes(line)) ? `${actingText(line)}\n${startersIn(line)}` : actingText(line);
  const sign = SIGNS.find((one) => one.sign.test(text));
  if (sign !== undefined) return { what: sign.what, certain: sign.certain };
  const client = programsOf(line).find((one) => CLIENTS.includes(one));
  return client === undefined
    ? undefined
    : { what: `starts ${client}, a client of the node's container runtime`, certain: false };
});
