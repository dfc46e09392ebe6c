import { CHECKS } from '../../shared/doctor/registry.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

const about = (where: 'project' | 'local'): string[][] =>
  CHECKS.filter((check) => check.about.includes(where)).map(({ id, does, role }) =>
    where === 'project' ? [`\`${id}\``, does, role === undefined ? 'none' : `\`${role}\``] : [`\`${id}\``, does],
  );

/** `docs/doctor.md`: the checks of `firebreak doctor`. */
export const doctorFiles = (): Files => {
  const text = [
    GENERATED_NOTE,
    '',
    '# What firebreak doctor checks',
    '',
    'It only reads, and changes nothing. Each check is ok, gives a warning, or fails; a warning or failure comes with the',
    'next command to type. A check that cannot be carried out fails. The exit code is 1 if any check fails.',
    '',
    '## A deployed project',
    '',
    '`firebreak doctor --project PROJECT` uses your own rights, by application default credentials, and reads with these roles:',
    '',
    markdownTable(['check', 'what must be true', 'role for it'], about('project')),
    '',
    'It finds out by itself what is deployed: it takes clusters, bucket and topics from the settings of the functions. The policy and',
    'the rules that should be in force are those of `--policy` and `--rules`; roles in the clusters are compared with what',
    '`firebreak rbac` prints with the same `--owner`, `--protect` and `--namespace`. Rights that a folder or an organization',
    'grants, and Data Access logs that it turns on, are not seen.',
    '',
    '## The stack on one machine',
    '',
    'Without `--project`, while `firebreak local` runs:',
    '',
    markdownTable(['check', 'what must be true'], about('local')),
    '',
  ];
  return new Map([['docs/doctor.md', text.join('\n')]]);
};
