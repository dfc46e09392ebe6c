import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { commandsFor } from '../../../shared/decision/commands.ts';

/** The words of a command, as a shell reads them. */
const wordsOf = (command: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');

describe('what a person would type for a target', () => {
  it('names the principal in one word, whatever its name', () => {
    for (const principal of ['ana@example.com', "o'brien@example.com", "a'b'c@p1.iam.gserviceaccount.com"]) {
      const commands = commandsFor({ project: 'p1', location: 'europe-west1', cluster: 'c1', principal }).map(wordsOf);
      assert.ok(
        commands.some((words) => words.includes(`protoPayload.authenticationInfo.principalEmail="${principal}"`)),
      );
      assert.deepEqual(commands.at(-1), ['kubectl', 'auth', 'can-i', '--list', '--as', principal]);
    }
  });
});
