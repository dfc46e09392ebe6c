import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { commandsFor } from '../../../shared/decision/commands.ts';

/** The words into which a shell splits a command. */
const wordsOf = (command: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');

describe('the commands suggested for a target', () => {
  it('quote the principal as one word, whatever characters it contains', () => {
    for (const principal of ['ana@example.com', "o'brien@example.com", "a'b'c@p1.iam.gserviceaccount.com"]) {
      const commands = commandsFor({ project: 'p1', location: 'europe-west1', cluster: 'c1', principal }).map(wordsOf);
      assert.ok(
        commands.some((words) => words.includes(`protoPayload.authenticationInfo.principalEmail="${principal}"`)),
      );
      assert.deepEqual(commands.at(-1), ['kubectl', 'auth', 'can-i', '--list', '--as', principal]);
    }
  });

  it("disables a service account in the account's own project", () => {
    const commands = commandsFor({ project: 'p1', principal: 'deploy@p2.iam.gserviceaccount.com' });
    assert.ok(
      commands.includes("gcloud iam service-accounts disable 'deploy@p2.iam.gserviceaccount.com' --project 'p2'"),
    );
  });
});
