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

/** The records of the system itself: those of an application are emptied by whoever runs it. */
const RECORDS =
  '/var/log/(?:\\*(?=\\s|$)|audit|containers|pods|journal|(?:syslog|messages|auth\\.log|secure|wtmp|btmp|lastlog|kern\\.log)\\b)';
const WIPED = new RegExp(
  `(?:^|[\\s/])(?:rm|shred|truncate|unlink)\\s[^\\n]{0,120}${RECORDS}|(?<![>\\d&])>(?!>)\\|?\\s{0,8}\\S{0,60}${RECORDS}`,
);
/** A folder over that of a process hides it from who looks at what runs. */
const HIDDEN = /(?:^|[\s/])mount\s[^\n]{0,120}\s\/proc\/(?:\d{1,9}|\$[\w{}$]{1,40})\/?\s{0,8}$/;
/** Programs that look for processes by name, whose answer `kill` takes. */
const FINDS: ReadonlySet<string> = new Set(['pgrep', 'pidof']);

/** What watches or guards a machine and is switched off by a command line, as the end of a sentence. */
export const guardRemovedIn = toldOfText((line): string | undefined => {
  const commands = plainCommands(line);
  for (const command of commands) {
    const what = removedBy(command);
    if (what !== undefined) return what;
  }
  const kills = commands.some(({ programs }) => programs.includes('kill'));
  const found = commands.some((one) => one.programs.some((program) => FINDS.has(program)) && namesGuard(one));
  return kills && found ? ENDED : undefined;
});

const ENDED = 'ends a program that watches or guards the machine';
const namesGuard = ({ text }: { text: string }): boolean => GUARDS.test(text) || text.split(/\s+/).some(isSecurityTool);

const removedBy = ({ programs, text }: PlainCommand): string | undefined => {
  const sign = SIGNS.find(({ program, is }) => programs.includes(program) && is.test(text));
  if (sign !== undefined) return sign.what;
  const ends = programs.some((one) => ENDS.has(one));
  const stops = programs.includes('systemctl') && /\s(?:stop|disable|mask)\s/.test(text);
  if ((ends || stops) && namesGuard({ text })) return ENDED;
  if (WIPED.test(text)) return 'removes the records of the system';
  if (HIDDEN.test(text)) return 'hides a process from who looks at what runs';
  return HISTORY.test(text) ? 'removes the record of what was typed' : undefined;
};
