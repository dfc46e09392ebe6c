import { strict as assert } from 'node:assert';
import { localStack } from '../../../../shared/doctor/checks/local-stack.ts';

describe('firebreak doctor: local-stack', () => {
  const running = { isRunning: true, pid: 4711, startedAt: '2026-11-03T03:00:00.000Z' };

  it('is ok if every part answers', () => {
    const parts = [{ name: 'decide', url: 'http://127.0.0.1:8081', answers: true }];
    assert.deepEqual(localStack.judge({ ...running, parts }), [
      { status: 'ok', subject: 'stack', says: 'runs as process 4711 since 2026-11-03T03:00:00.000Z' },
      { status: 'ok', subject: 'decide', says: 'answers at http://127.0.0.1:8081' },
    ]);
  });

  it('reports a part that does not answer, and one that was not announced', () => {
    const parts = [
      { name: 'bus', url: 'http://127.0.0.1:8085', answers: false },
      { name: 'decide', url: undefined, answers: false },
    ];
    const told = localStack.judge({ ...running, parts }).filter(({ status }) => status !== 'ok');
    assert.deepEqual(
      told.map(({ status, subject }) => [status, subject]),
      [
        ['fail', 'bus'],
        ['fail', 'decide'],
      ],
    );
  });

  it('reports that the stack has ended, and does not judge its parts', () => {
    const parts = [{ name: 'bus', url: 'http://127.0.0.1:8085', answers: false }];
    assert.deepEqual(localStack.judge({ ...running, isRunning: false, parts }), [
      { status: 'fail', subject: 'stack', says: 'has stopped (process 4711)', next: 'firebreak local' },
    ]);
  });
});
