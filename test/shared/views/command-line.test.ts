import { strict as assert } from 'node:assert';
import { commandLine, requestLine } from '../../../shared/views/command-line.ts';

describe('a command line that people are shown', () => {
  it('names the deployment, so that it can be copied as it stands', () => {
    assert.equal(commandLine({ project: 'p1' }, 'dead-letters'), 'firebreak dead-letters --project p1');
    assert.equal(
      requestLine({ project: 'p1' }, 'approve', 'i-1', '--plan', 'b7d0'),
      'firebreak approve i-1 --plan b7d0 --project p1 --reason "..."',
    );
  });

  it('quotes what a shell would read otherwise', () => {
    assert.equal(commandLine({ project: 'p1;id' }, '$(id)'), "firebreak '$(id)' --project 'p1;id'");
  });
});
