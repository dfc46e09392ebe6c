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
    '`firebreak doctor` reads, and changes nothing. Each check is ok, gives a warning, or fails. A warning or failure comes with the',
    'next command to type. A check that cannot be carried out fails. The exit code is 1 if anything fails.',
    '',
    '## A deployed project',
    '',
    '`firebreak doctor --project PROJECT` uses your own permissions, by application default credentials, and needs these roles to read:',
    '',
    markdownTable(['check', 'what must be true', 'role needed'], about('project')),
    '',
    'It finds out what is deployed: clusters, bucket and topics are those in the settings of the functions. The policy and the rules',
    'that should be in force are those of `--policy` and `--rules`. Roles in the clusters are compared with what `firebreak rbac`',
    'prints with the same `--owner` and `--protect`. It does not see permissions that a folder or an organization grants, or Data',
    'Access logs that one of these turns on.',
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
