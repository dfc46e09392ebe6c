import { strict as assert } from 'node:assert';
import { targetOf } from '../../cli/target-argument.ts';
import { Malformed } from '../../shared/errors.ts';

const place = { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop' };
const { namespace: _, ...around } = place;

describe('a target on the command line', () => {
  it('is a kind and a name, as in kubectl', () => {
    for (const kind of ['pod', 'po', 'pods', 'Pod']) {
      assert.deepEqual(targetOf(`${kind}/cart-7d9f`, place), { ...place, pod: 'cart-7d9f' });
    }
    const kinds = {
      deploy: 'Deployment',
      sts: 'StatefulSet',
      daemonsets: 'DaemonSet',
      cj: 'CronJob',
      rc: 'ReplicationController',
      'deployment.apps': 'Deployment',
      'statefulsets.v1.apps': 'StatefulSet',
      'job.batch': 'Job',
    };
    for (const [written, kind] of Object.entries(kinds)) {
      assert.deepEqual(targetOf(`${written}/cart`, place), { ...place, workload: { kind, name: 'cart' } });
    }
  });

  it('takes no namespace if its kind has none: whoever gives one means less than the node', () => {
    assert.deepEqual(targetOf('node/gke-c1-a', around), { ...around, node: 'gke-c1-a' });
    assert.deepEqual(targetOf('instance/4512345678901234567', around), { ...around, instance: '4512345678901234567' });
    for (const word of ['node/gke-c1-a', 'instance/4512345678901234567'])
      assert.throws(
        () => targetOf(word, place),
        /^Malformed: \S+ is in no namespace, .* leave out --namespace, or name a pod/,
      );
  });

  it('is an incident if it has no slash', () => {
    assert.equal(targetOf('shop-cart-3f2a-1', place), undefined);
  });

  it('is refused in one sentence if it is not a valid target', () => {
    const wrong: ReadonlyArray<[argument: string, sentence: RegExp]> = [
      ['pod/', /pod: not a valid pod name/],
      ['pod/a/b', /pod: not a valid pod name/],
      ['pod/../../x', /pod: not a valid pod name/],
      ['deploy/Cart', /workload\.name: not a valid workload name/],
      ['Rollout/cart', /^Rollout\/cart: a controller of this kind is contained through its pods: use pod\/NAME\.$/],
      ['Rollout.v1/cart', /contained through its pods/],
      ['svc/cart', /not a kind that can be contained/],
      ['constructor/cart', /not a kind that can be contained/],
      ['/cart', /not a kind that can be contained/],
      ['instance/vm-1', /: not a valid instance id, which is a number: use node\/NAME, or the id that gcloud shows\.$/],
    ];
    assert.throws(
      () => targetOf('pod/cart', { ...place, cluster: 'gke_p1_europe-west1_c1' }),
      /pod\/cart: cluster: not a valid cluster name: write it as `gcloud container clusters list` shows it\./,
    );
    for (const [argument, sentence] of wrong) {
      assert.throws(
        () => targetOf(argument, argument.startsWith('instance/') ? around : place),
        (thrown) => thrown instanceof Malformed && sentence.test(thrown.message),
        argument,
      );
    }
  });

  it('names the missing flags if the place is incomplete', () => {
    assert.throws(() => targetOf('pod/a', { project: 'p1' }), /add --cluster, --location and --namespace\.$/);
    // Nothing looks for a VM in every cluster of a project.
    assert.throws(() => targetOf('instance/451', { project: 'p1' }), /add --cluster and --location\.$/);
    assert.throws(() => targetOf('node/a', { project: 'p1', cluster: 'c1' }), /add --location\./);
  });
});
