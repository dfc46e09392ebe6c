import { toldOfText } from '../told-of-text.ts';
import { type PlainCommand, plainCommands } from './command.ts';
import { isSecurityTool } from './security-tools.ts';

/** Programs that end processes by their names; the words that they are given are names of processes. */
const ENDS: ReadonlySet<string> = new Set(['pkill', 'killall']);
/** Services of a machine that watch or guard it, besides those that `isSecurityTool` knows. */
const GUARDS =
  /(?:^|[\s/])(?:auditd|apparmor|ufw|firewalld|fail2ban|clamav-daemon|osqueryd|wazuh-agent)(?:\.service)?(?=\s|$)/;

/** What a command switches off, as the end of a sentence, and how that is told. */
const SIGNS: ReadonlyArray<{ what: string; program: string; is: RegExp }> = [
  { what: 'removes the rules of the packet filter', program: 'iptables', is: /\s(?:-F|--flush|-f)(?:\s|$)/i },
  { what: 'removes the rules of the packet filter', program: 'nft', is: /\sflush\s{1,8}ruleset\b/ },
  { what: 'switches the packet filter off', program: 'ufw', is: /\sdisable\b/ },
  { what: 'switches SELinux off', program: 'setenforce', is: /\s(?:0|permissive)\b/ },
  { what: 'switches the audit of the kernel off', program: 'auditctl', is: /\s(?:-e\s{0,4}0|-d)(?:\s|$)/ },
];
/** The record of what was typed. */
const HISTORY =
  /\bunset\s{1,8}histfile\b|\bhistfile=(?:\/dev\/null)?(?:\s|$)|(?:^|[\s/])history\s{1,8}-c\b|(?:^|[\s/])(?:rm|shred|ln|truncate)\s[^\n]{0,120}\.(?:bash|ash|zsh|sh)_history\b/;

/** What watches or guards a machine and is switched off by a command line, as the end of a sentence. */
export const guardRemovedIn = toldOfText((line): string | undefined => {
  for (const command of plainCommands(line)) {
    const what = removedBy(command);
    if (what !== undefined) return what;
  }
  return undefined;
});

const removedBy = ({ programs, text }: PlainCommand): string | undefined => {
  const sign = SIGNS.find(({ program, is }) => programs.includes(program) && is.test(text));
  if (sign !== undefined) return sign.what;
  const ends = programs.some((one) => ENDS.has(one));
  const stops = programs.includes('systemctl') && /\s(?:stop|disable|mask)\s/.test(text);
  if ((ends || stops) && (GUARDS.test(text) || text.split(/\s+/).some(isSecurityTool)))
    return 'ends a program that watches or guards the machine';
  return HISTORY.test(text) ? 'removes the record of what was typed' : undefined;
};
