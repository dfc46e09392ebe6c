import { toldOfText } from '../told-of-text.ts';
import { plainCommands } from './command.ts';
import { straightPath } from './plain-path.ts';
import { readLists } from './read-lists.ts';

type Kind = { what: string; path: RegExp };

const KINDS: readonly Kind[] = [
  // The certificate of the authority and the name of the namespace are not secret.
  {
    what: 'the token of a service account, or another mounted secret',
    path: /\/run\/secrets\/(?!kubernetes\.io\/serviceaccount\/(?:ca\.crt|namespace)\b)[^\s/;|&]{1,200}\/[^\s;|&]|\bkubernetes\.io\/serviceaccount\/token\b|(?:\/[a-z.]{0,16}[*?][^\s/;|&]{0,16}){3,6}\/t(?:oken|[*?])/,
  },
  { what: 'the password hashes of the system', path: /(?:^|[\s/])etc\/g?shadow\b/ },
  { what: 'the directory of the kubelet', path: /\/var\/lib\/kubelet\b/ },
  {
    what: "another process's environment",
    path: /\/proc\/(?:[^\s/;|&]{1,60}\/){1,3}env(?:iron\b|[a-z]{0,4}[*?])|\$\{?\w{1,30}\}?\/environ(?![\w.-])/,
  },
  {
    what: 'Kubernetes credentials',
    path: /\.kube\/config\b|\/etc\/(?:srv\/)?kubernetes\/(?:pki|admin\.conf|kubelet\.conf|kubeconfig)|\/var\/lib\/kube-proxy\/kubeconfig|\/home\/kubernetes\/kube-env/,
  },
  {
    what: 'cloud credentials',
    path: /application_default_credentials\.json|\.config\/gcloud\/|\.aws\/credentials\b|\.azure\/[^\s]{0,40}token/,
  },
  { what: 'a private key', path: /\.ssh\/id_|\bid_(?:rsa|ed25519|ecdsa)\b(?!\.pub)|\btls\.key\b/ },
  // Keys of package sources are public, and licences are for everybody who has the program.
  {
    what: 'a private key',
    path: /(?<=[\s=@])[~/](?![^\s;|&]{0,200}(?:\bgpg\b|\bapt\b|\bpub|licen[cs]e))[^\s;|&:]{0,200}\.(?:key|p12|pfx)(?=$|[\s;|&)])/,
  },
  { what: 'credentials of other services', path: /\.docker\/config\.json|\.git-credentials\b|\.pgpass\b|\.netrc\b/ },
];
const PEM = /[\w.-]{1,60}\.pem\b/g;
/** Programs that show facts about a file without reading it. */
const TELL: ReadonlySet<string> = new Set(['ls', 'stat', 'test', '[', '[[', 'df', 'du', 'mount', 'readlink']);

/** The folder of mounted secrets as a whole, or a pattern for it. `kubectl cp` reads folders by tar. */
const MOUNTS = /\/run\/(?:secrets(?:\/kubernetes\.io(?:\/serviceaccount)?)?\/?(?=$|[\s;|&*>)])|s[a-z]{0,6}[?*[])/;
/** Programs that do not read what is in a folder. */
const PASS: ReadonlySet<string> = new Set([
  ...TELL,
  ...['find', 'tree', 'cd', 'pushd', 'echo', 'rm', 'rmdir', 'mkdir', 'chmod', 'chown', 'umount', 'findmnt', 'realpath'],
]);
/** Names under which files with credentials are searched for. */
const SOUGHT =
  /-i?(?:name|path)\s{1,8}\S{0,100}(?:\btoken|\bsecrets?|\bcredentials?|\bkubeconfig|\.kube|\.aws|\.key|\.p12|\.jks)\*?(?=$|[\s;|&)])/;

/**
 * The secret that a command line reads, as the end of a sentence; undefined for none. A command that only lists files
 * reads none.
 */
export const credentialsIn = toldOfText((line): string | undefined => {
  const commands = plainCommands(line).map((one) => ({ ...one, text: straight(one.text) }));
  const reading = commands.filter((one) => one.programs.length === 0 || !isOnly(TELL, one)).map(({ text }) => text);
  const kind = KINDS.find(({ path }) => reading.some((part) => path.test(part)));
  if (kind !== undefined) return `reads ${kind.what}`;
  if (commands.some((one) => !isOnly(PASS, one) && MOUNTS.test(one.text))) return 'reads all mounted secrets';
  const lists = readLists(commands).map(({ text }) => text);
  const listed = KINDS.find(({ path }) => lists.some((part) => path.test(part)));
  if (listed !== undefined) return `reads ${listed.what}`;
  if (lists.some((part) => MOUNTS.test(part))) return 'reads all mounted secrets';
  if (lists.some((part) => SOUGHT.test(part))) return 'searches for files with credentials and reads them';
  const key = reading.flatMap((part) => part.match(PEM) ?? []).some((name) => /key|priv/.test(name));
  return key ? 'reads a private key' : undefined;
});

/** Whether a command starts no program but these. */
const isOnly = (known: ReadonlySet<string>, { programs }: { programs: readonly string[] }): boolean =>
  programs.every((one) => known.has(one));

/** The text with detours removed from its paths. */
const straight = (text: string): string => {
  if (!/\/[./]/.test(text)) return text;
  return text.split(' ').map(straightPath).join(' ');
};
