import { strict as assert } from 'node:assert';
import { isGoogleAgent, strangerOf } from '../../../shared/detection/members.ts';

const OURS = { domains: ['example.com'] };
const UNKNOWN = { domains: [] };
const ANA = 'ana@example.com';

describe('members of an access policy', () => {
  const strangers: Array<[string, readonly string[], string | undefined, string | undefined]> = [
    ['allUsers', [], undefined, 'public'],
    ['user:eve@gmail.com', ['example.com'], ANA, 'outside'],
    ['user:eve@example.net', ['example.com'], ANA, 'outside'],
    ['user:eve@evilexample.com', ['example.com'], ANA, 'outside'],
    ['user:ben@EXAMPLE.com', ['example.com'], ANA, undefined],
    ['group:ops@mail.example.com', ['example.com'], ANA, undefined],
    ['domain:example.net', ['example.com'], ANA, 'outside'],
    ['user:eve@example.net', [], ANA, 'elsewhere'],
    ['user:ben@example.com', [], ANA, undefined],
    ['user:ben@example.com', [], 'deploy@p1.iam.gserviceaccount.com', undefined],
    ['user:ben@example.com', [], undefined, undefined],
    ['serviceAccount:a@p2.iam.gserviceaccount.com', ['example.com'], ANA, undefined],
  ];
  for (const [member, domains, caller, expected] of strangers) {
    it(`${member} is ${expected ?? 'no stranger'} to ${caller ?? 'nobody'} if ${domains.join() || 'no domain'} is ours`, () =>
      assert.equal(strangerOf(member, { domains }, caller), expected));
  }

  it('are compared with our domains before the caller', () => {
    assert.equal(strangerOf('user:ben@example.com', OURS, 'eve@example.net'), undefined);
    assert.equal(strangerOf('user:ben@example.com', UNKNOWN, 'eve@example.net'), 'elsewhere');
  });

  it("are Google's services only by names that nobody else can have", () => {
    for (const agent of [
      '123@cloudservices.gserviceaccount.com',
      'service-12@gcp-sa-logging.iam.gserviceaccount.com',
      'service-org-12@gcp-sa-scc-notification.iam.gserviceaccount.com',
    ])
      assert.ok(isGoogleAgent(agent), agent);
    for (const other of [
      '123-compute@developer.gserviceaccount.com',
      'service-12@p1.iam.gserviceaccount.com',
      'service-12@gcp-sa-logging.iam.gserviceaccount.com.example.net',
    ])
      assert.ok(!isGoogleAgent(other), other);
  });
});
