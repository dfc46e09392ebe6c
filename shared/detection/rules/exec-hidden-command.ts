import { callRule } from '../call-rule.ts';
import { actingText, BEHIND_BAR } from '../command.ts';
import { EXECS, seenInCommand } from '../exec.ts';

/** Programs that turn text into other text. */
const TURNS =
  'base(?:64|32)\\s[^\\n|;&]{0,40}?(?:-[a-z]{0,4}d[a-z]{0,2}|--decode)\\b|xxd\\s[^\\n|;&]{0,40}?-[a-z]{0,4}r|openssl\\s[^\\n|;&]{0,60}?\\s-d\\b|rev\\b|uudecode\\b|tr\\s{1,4}[^\\s-]';
/** What runs the text that it is given. */
const RUNS = `${BEHIND_BAR}(?:(?:ba|da|z|k|a)?sh|python[\\d.]{0,4}|perl)(?![\\w.-])`;
const PIPED = new RegExp(`(?:^|[\\s/|(])(?:${TURNS})[^\\n;&]{0,80}\\|\\s{0,8}${RUNS}`);
const TURNED = new RegExp(`(?:^|[\\s/|(])(?:${TURNS})`);
/** A program on the command line that runs what it decodes itself. */
const IN_PROGRAM =
  /\b(?:exec|eval|system)[\s(][^\n]{0,80}?(?:b64decode|base64_decode|decode_base64|atob|fromhex|unhexlify|decompress)[\s(]/;
const SUBSTITUTED = /\b(?:eval|(?:ba|da|z|k|a)?sh\s{1,8}-[a-z]{0,4}c)\s[^\n;&]{0,40}[$<]\(\)/;

/** A command, run in a container through the API, whose text is hidden until it runs. */
export const execHiddenCommand = callRule({
  id: 'exec-hidden-command',
  title: 'Hidden command run in a pod',
  sees: 'An exec whose command decodes or turns around a text, with base64, xxd, openssl, rev or tr, and gives it to a shell or a scripting language; or such a language that decodes a text and runs it.',
  why: 'Nobody encodes a command by hand, except to hide from those who read the log. What it really does was not checked.',
  technique: [
    { id: 'T1027.010', name: 'Obfuscated Files or Information: Command Obfuscation' },
    { id: 'T1140', name: 'Deobfuscate/Decode Files or Information' },
  ],
  severity: 'medium',
  confidence: 0.55,
  family: 'exec',
  falsePositives: ['Programs that send scripts to pods, encoded so that no quotes get lost'],
  calls: EXECS,
  example: 'kubectl exec -n shop cart-7d9f -- sh -c "echo aWQ= | base64 -d | sh"',
  match: (signal) =>
    seenInCommand(signal, (line) => {
      const text = actingText(line);
      const runs = IN_PROGRAM.test(text) || PIPED.test(text) || (SUBSTITUTED.test(text) && TURNED.test(text));
      return runs ? 'decodes a text and runs it' : undefined;
    }),
});
