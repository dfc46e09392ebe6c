import { toldOfText } from '../told-of-text.ts';
import { actingText, type InCommand, programsOf } from './command.ts';

/** Tools that look for ways out of a container and into a cluster, by their file names. */
const ATTACK: ReadonlySet<string> = new Set([
  ...['peirates', 'kdigger', 'deepce', 'linpeas', 'amicontained', 'kube-hunter', 'kubeletctl', 'botb', 'kubesploit'],
  ...['kubeletmein', 'pspy', 'traitor', 'mimipenguin', 'lazagne', 'unix-privesc-check', 'linenum', 'lse'],
]);
const SCANNERS: ReadonlySet<string> = new Set([
  ...['nmap', 'masscan', 'zmap', 'zgrab', 'rustscan', 'fscan', 'naabu', 'pnscan', 'nikto'],
  ...['hydra', 'medusa', 'crackmapexec', 'netexec', 'sqlmap'],
]);
const TUNNELS: ReadonlySet<string> = new Set([
  ...['ngrok', 'chisel', 'frpc', 'tmate', 'gs-netcat', 'ligolo', 'ligolo-agent', 'revsocks', 'rathole'],
  ...['gsocket', 'sshx', 'cloudflared'],
]);
/** An SSH client that lets its server in, or forwards whatever it is asked to. */
const SSH_BACK = /(?:^|[\s/;|&({])ssh\s[^\n;|&]{0,160}?\s?-[a-z]{0,8}[rd]\s{0,4}(?:[\w.*[\]:]{1,80}:)?\d{2,5}\b/;
/** The container kit shares its name with another tool: only its own commands count. */
const KIT = /(?:^|[\s/;|&({])cdk[\w.-]{0,24}\s{1,8}(?:eva(?:luate)?|run|auto-escape|kcurl|ectl|probe|ucurl|dcurl)\b/;

/** The tool that a command line starts; undefined for none. `certain`: it has no use but to attack clusters. */
export const attackToolIn = toldOfText((line): InCommand | undefined => {
  const programs = programsOf(line).map((name) =>
    name.replace(/(?:[-_.]?(?:v?\d[\w.-]{0,24}|linux[\w.-]{0,24}))?(?:\.sh|\.py)?$/, ''),
  );
  const started = (tools: ReadonlySet<string>): string | undefined => programs.find((name) => tools.has(name));
  const text = actingText(line);
  const attack = started(ATTACK) ?? (KIT.test(text) ? 'cdk' : undefined);
  if (attack !== undefined) return { what: `starts ${attack}, a tool for attacking clusters`, certain: true };
  const scanner = started(SCANNERS);
  if (scanner !== undefined)
    return { what: `starts ${scanner}, which scans networks or guesses passwords`, certain: false };
  const tunnel = started(TUNNELS) ?? (SSH_BACK.test(text) ? 'ssh' : undefined);
  return tunnel === undefined ? undefined : { what: `opens a tunnel by ${tunnel}`, certain: false };
});
