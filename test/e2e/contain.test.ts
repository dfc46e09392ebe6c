import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport } from '../../cli/read-report.ts';
import type { Stack } from '../../local/stack.ts';
import { evidenceOf } from '../../local/stores-of.ts';
import { SHOP_NODES } from '../../local/world/seed.ts';
import { makeFolderEvidence } from '../../shared/adapters/evidence-folder.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { hashLine } from '../../shared/views/report-facts.ts';
import { reportMarkdown } from '../../shared/views/report-md.ts';
import {
  CONTAIN,
  type Desk,
  endOf,
  nodeSubjectOf,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../kit/containment.ts';
import { notGivenBack } from '../kit/step.ts';
import { changesBy, expireLeases, isCarriedOut, stackFor, until } from './kit.ts';

const ID = 'i-1';

const open = async (desk: Desk, tier: 'quarantine' | 'isolate'): Promise<void> => {
  await openIncident(desk, ID, [await subjectOf(desk, podNamed(desk, 'shop', 'cart'))], tier);
};

const carriedOut = ({ stores }: Stack): Promise<Incident> =>
  until(async () => {
    const incident = await stores.incidents.get(ID);
    return isCarriedOut(incident) && incident;
  });

const twice = (changes: string[]): string[] => changes.filter((change, at) => changes.indexOf(change) !== at);

// `contain` as a process, against the simulated services, through the real client libraries.
describe('contain, end to end', function () {
  this.timeout(120_000);

  it('isolates a pod and its node, and gives back on release what was there', async () => {
    await using run = await stackFor({ functions: ['contain'] });
    const { stack, desk } = run;
    await open(desk, 'isolate');
    await stack.publish('containment', { incident: ID });
    const contained = await carriedOut(stack);
    assert.equal(contained.state, 'contained');
    await setGoal(desk, ID, 'released');
    await stack.publish('containment', { incident: ID });
    assert.equal((await carriedOut(stack)).state, 'released');
    assert.deepEqual(notGivenBack(stack), []);
  });

  it('keeps evidence of a node before it deletes the host, which report and console find afterwards', async () => {
    await using run = await stackFor({ functions: ['contain', 'console'] });
    const { stack, desk } = run;
    const node = await nodeSubjectOf(desk, SHOP_NODES['europe-west1-b'][0]);
    await openIncident(desk, ID, [node], 'delete-host', { requested: true });
    await stack.publish('containment', { incident: ID });
    const { journal } = await carriedOut(stack);
    const ends = (step: string) =>
      journal.flatMap((e) => (e.step === step ? [`${e.subject} ${e.state} ${e.proof}`] : []));
    assert.deepEqual(ends('delete-host'), [`${node.host.node} applied proven`]);
    assert.deepEqual(ends('capture-evidence'), [`${node.host.node}#objects applied proven`]);

    const at = evidenceOf(stack.dir);
    const open = async () => makeFolderEvidence({ root: at });
    const reached = { project: stack.project, local: true, bus: stack, stores: stack.stores, evidence: { at, open } };
    const facts = await readReport({ ...reached, close: async () => undefined }, ID, Date.now());
    const kept = facts.manifests.flatMap((one) => ('kept' in one ? one.kept : assert.fail(one.unread)));
    assert.ok(kept.length >= 6);
    for (const exhibit of kept) {
      const key = 'sha256' in exhibit ? String(exhibit.key) : assert.fail(`${exhibit.name} is missing`);
      assert.equal(hash('sha256', await readFile(join(at, key))), exhibit.sha256, key);
    }
    const printed = execFileSync('/bin/sh', ['-c', hashLine(facts) ?? assert.fail('no line')], { encoding: 'utf8' });
    assert.ok(
      kept.some((one) => 'sha256' in one && printed.startsWith(String(one.sha256))),
      printed,
    );
    const disable = 'gcloud iam service-accounts disable c1-nodes@p1.iam.gserviceaccount.com --project=p1';
    assert.ok(reportMarkdown(facts).includes(disable));
    const page = await fetch(`${stack.addresses.functions.console}/incidents/${ID}`);
    const text = await page.text();
    assert.ok(text.includes(disable) && text.includes('https://www.googleapis.com/auth/cloud-platform'), text);
  });

  it('makes each change once, however often and in whatever order the message arrives', async () => {
    await using run = await stackFor({ functions: ['contain'] });
    const { stack, desk } = run;
    stack.broker?.setFaults({
      copies: () => 5,
      pick: (length) => length - 1,
      dropReply: ({ attempt }) => attempt === 1,
    });
    await open(desk, 'isolate');
    await stack.publish('containment', { incident: ID });
    assert.equal((await carriedOut(stack)).state, 'contained');
    await stack.idle();
    const once = changesBy(stack, CONTAIN);
    assert.ok(once.length > 15, `${once.length} changes`);
    assert.deepEqual(twice(once), []);
    await stack.publish('containment', { incident: ID });
    await stack.idle();
    assert.deepEqual(changesBy(stack, CONTAIN), once);
  });

  for (const [step, tier] of [
    ['start-snapshots', 'quarantine'],
    ['quarantine-pod', 'quarantine'],
    ['deny-node-network', 'isolate'],
  ] as const) {
    it(`finishes after a kill in ${step}, brought back by the tick, and changes nothing twice`, async () => {
      await using run = await stackFor({ functions: ['operate', 'contain'] });
      const { stack, desk } = run;
      await open(desk, tier);
      await stack.publish('containment', { incident: ID });
      await until(async () => (await stack.stores.incidents.get(ID))?.journal.some((entry) => entry.step === step));
      await stack.kill('contain', 'SIGKILL');
      await stack.up('contain');
      await stack.idle();
      await expireLeases(desk, ID);
      const incident = await carriedOut(stack);
      assert.equal(incident.state, 'contained');
      assert.deepEqual(twice(changesBy(stack, CONTAIN)), []);
      assert.deepEqual(
        endOf(incident).filter((line) => !/: (applied|skipped) /.test(line)),
        [],
      );
    });
  }
});
