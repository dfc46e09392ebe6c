import { toldOfText } from '../told-of-text.ts';
import { actingText, type InCommand, type PlainCommand, plainCommands } from './command.ts';
import { hostAccessIn } from './host-access.ts';
import { straightPath } from './plain-path.ts';

type Way = { what: string; path?: string };

const WAYS: ReadonlyArray<{ what: string; path: RegExp }> = [
  { what: 'writes keys that may log in by SSH', path: /\/\.ssh\/authorized_keys2?$/ },
  { what: 'writes jobs of cron', path: /\/etc\/(?:ana)?cron(?:tab$|\.[a-z]+\/)|\/var\/spool\/cron\// },
  { what: 'writes a service that starts with the system', path: /\/systemd\/system\/|\/etc\/(?:init\.d\/|rc\.local$)/ },
  { what: 'writes a static pod of the kubelet', path: /\/etc\/kubernetes\/manifests(?:\/|$)/ },
  { what: 'makes every program load a library', path: /\/etc\/ld\.so\.preload$/ },
  { what: 'changes the users of the system', path: /\/etc\/(?:passwd|shadow|sudoers(?:\.d\/.{1,200})?)$/ },
];
/** Where a container has these files of its own; with anything before it, a path leads into a mounted file system. */
const OWN = /^(?:~|\$home|\$\{home\}|\/(?:root|home|etc|var|lib|usr|run|opt|data|srv)(?=\/))/;

/** A page that runs whatever its visitors ask for. */
const WEB_SHELL =
  /<\?(?:php|=)[^\n]{0,200}?\b(?:system|exec|shell_exec|passthru|popen|proc_open|eval|assert)\s?\(\s?(?:base64_decode\s?\(\s?)?\$_(?:get|post|request|cookie|server)\b|<\?(?:php|=)[^\n]{0,200}?`\$_(?:get|post|request|cookie)/;
const AS_PAGE: Way = { what: 'writes a page that runs what its visitors ask for' };

const REDIRECTED = />{1,2}\|?\s{0,8}([^\s;|&<>]{1,400})/g;
/** Programs that write the file that they are given last. */
const INTO_LAST: ReadonlySet<string> = new Set(['cp', 'mv', 'ln', 'install', 'rsync', 'scp']);
/** Programs that write any file that they are given, and what tells that they do. */
const INTO_ANY: ReadonlyArray<readonly [program: string, writes: RegExp]> = [
  ['tee', /tee/],
  ['dd', /\bof=/],
  ['sed', /\s-[a-z]{0,6}i|--in-place/],
  ['curl', /\s-[a-z]{0,6}o|--output/],
  ['wget', /\s-[a-z]{0,6}o|--output/],
];

/** The way back that a command line leaves; undefined for none. `certain`: in the files of the node. */
export const persistenceIn = toldOfText((line): InCommand | undefined => {
  const commands = plainCommands(line);
  const found = [...commands.flatMap(wayBy), ...(WEB_SHELL.test(actingText(line)) ? [AS_PAGE] : [])];
  const [first] = found;
  if (first === undefined) return undefined;
  const onNode = found.find(({ path }) => path !== undefined && !OWN.test(path)) ?? (hostAccessIn(line) && first);
  return { what: (onNode ?? first).what, certain: onNode !== undefined };
});

const wayBy = (command: PlainCommand): Way[] => {
  const ways = writtenBy(command).flatMap((path): Way[] => {
    const way = WAYS.find((one) => one.path.test(path));
    return way === undefined ? [] : [{ what: way.what, path }];
  });
  if (ways.length > 0) return ways;
  if (command.programs.includes('crontab') && INSTALLS_CRONTAB.test(command.text))
    return [{ what: 'writes jobs of cron' }];
  if (command.programs.some((program) => USERS.has(program))) return [{ what: 'changes the users of the system' }];
  if (command.programs.includes('chmod') && SETUID.test(command.text))
    return [{ what: 'lets everybody run a program as its owner' }];
  if (command.programs.some((program) => LOGINS.has(program)) && !TRIES.test(command.text))
    return [{ what: 'starts a server for logins by SSH' }];
  return ENABLES.test(command.text) ? [{ what: 'enables a service that starts with the system' }] : [];
};

/** `crontab FILE` and `crontab -`, but neither `crontab -l` nor `-r`. */
const INSTALLS_CRONTAB = /(?:^|[\s/])crontab(?:\s{1,8}-u\s{0,8}\S{1,60})?\s{1,8}(?:-(?=\s|$)|[^-\s])/;
/** Programs that add users, or change their passwords. */
const USERS: ReadonlySet<string> = new Set(['useradd', 'adduser', 'usermod', 'chpasswd']);
/** Programs that let people log in, and the option by which one only checks its settings. */
const LOGINS: ReadonlySet<string> = new Set(['sshd', 'dropbear']);
const TRIES = /\s-(?:t|V)(?:\s|$)/i;
/** The bit by which a program has its owner's rights, in words or in digits. */
const SETUID =
  /(?:^|[\s/])chmod\s(?:-\S{1,20}\s{1,4}){0,3}(?:(?:[go]{0,2}[ua][go]{0,2})?[+=][rwxt]{0,4}s|0?[4-7][0-7]{3}(?=\s))/;
const ENABLES = /(?:^|[\s/])systemctl\s(?:-\S{1,60}\s{1,8}){0,6}enable\s/;

/** The paths that a command writes. */
const writtenBy = ({ text, programs }: PlainCommand): string[] => {
  const words = text.trim().split(/\s+/);
  const given = programs.some((program) => INTO_LAST.has(program)) ? words.slice(-1) : [];
  const any = INTO_ANY.some(([program, writes]) => programs.includes(program) && writes.test(text));
  const redirected = [...text.matchAll(REDIRECTED)].map(([, path = '']) => path);
  return [...given, ...(any ? words.map((word) => word.replace(/^of=/, '')) : []), ...redirected].map(straightPath);
};
