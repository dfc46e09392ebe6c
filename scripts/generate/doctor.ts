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
    '# What firebreak doctor looks at',
    '',
    'It reads, and changes nothing. Each thing is ok, comes with a warning, or fails; what is not as it should be comes with the',
    'next command to type. What cannot be looked at fails: it is not said to be well. Exit 1 where anything fails.',
    '',
    '## A deployed project',
    '',
    '`firebreak doctor --project PROJECT` uses your own rights, by application default credentials, and reads with these roles:',
    '',
    markdownTable(['check', 'what holds', 'role for it'], about('project')),
    '',
    'It finds out for itself what is deployed: clusters, bucket and topics are those that the functions are told of. The policy and',
    'the rules that should be in force are those of `--policy` and `--rules`; roles in the clusters are held against what',
    '`firebreak rbac` prints with the same `--owner`, `--protect` and `--namespace`. Rights that a folder or an organization',
    'grants, and Data Access logs that it turns on, are not seen.',
    '',
    '## The stack on one machine',
    '',
    'Without `--project`, while `firebreak local` runs:',
    '',
    markdownTable(['check', 'what holds'], about('local')),
    '',
  ];
  return new Map([['docs/doctor.md', text.join('\n')]]);
};
