import { strict as assert } from 'node:assert';
import { HEALTH_ALERTS } from '../../shared/deployment.ts';
import { FUNCTIONS, TOPICS } from '../../shared/model/ids.ts';
import { generated, LOCALS, nested, OUTPUTS, RESOURCES, resource, VARIABLES } from './parsed.ts';

const all = (type: string) => RESOURCES.filter((one) => one.type === type);

describe('terraform/', () => {
  it('describes every variable and output, and gives every variable a type', () => {
    for (const [name, variable] of Object.entries(VARIABLES)) {
      assert.ok(typeof variable.description === 'string' && variable.description.length > 20, name);
      assert.ok(variable.type !== undefined, name);
    }
    for (const [name, output] of Object.entries(OUTPUTS)) assert.ok(typeof output.description === 'string', name);
  });

  it('runs every function as its own account, reachable only from inside, except for the console', () => {
    const { service_account_email: account, ingress_settings: ingress } = nested(
      resource('google_cloudfunctions2_function', 'function'),
      'service_config',
    );
    assert.equal(account, `\${google_service_account.function[each.key].email}`);
    // Only the console is for people, who reach it through a load balancer.
    assert.equal(ingress, `\${each.key == "console" ? "ALLOW_INTERNAL_AND_GCLB" : "ALLOW_INTERNAL_ONLY"}`);
    assert.equal(all('google_cloudfunctions2_function').length, 1);
    for (const [type, name] of [
      ['google_cloudfunctions2_function', 'function'],
      ['google_service_account', 'function'],
    ] as const)
      assert.equal(resource(type, name).for_each, `\${local.functions}`);
    assert.deepEqual(
      Object.keys(Object(Object(generated('deployment.json')).functions)).toSorted(),
      [...FUNCTIONS].toSorted(),
    );
  });

  it('has no event trigger, which would have neither dead letter nor backoff', () => {
    assert.equal(resource('google_cloudfunctions2_function', 'function').event_trigger, undefined);
  });

  it('gives every subscription backoff, a dead letter and no expiry, and an identity', () => {
    const [push, ...others] = all('google_pubsub_subscription');
    assert.ok(push !== undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(nested(push.body, 'expiration_policy'), { ttl: '' });
    assert.deepEqual(nested(push.body, 'retry_policy'), {
      minimum_backoff: `\${local.deployment.delivery.minBackoff}s`,
      maximum_backoff: `\${local.deployment.delivery.maxBackoff}s`,
    });
    assert.ok(nested(nested(push.body, 'push_config'), 'oidc_token').service_account_email);
    const [{ content: [dead] = [] } = {}] = Object(push.body.dynamic).dead_letter_policy;
    assert.deepEqual(dead, {
      dead_letter_topic: `\${google_pubsub_topic.topic["dead-letters"].id}`,
      max_delivery_attempts: `\${local.deployment.delivery.attempts}`,
    });
  });

  it('creates every topic', () => {
    assert.equal(resource('google_pubsub_topic', 'topic').for_each, `\${local.deployment.topics}`);
    assert.deepEqual(Object.keys(Object(Object(generated('deployment.json')).topics)), [...TOPICS]);
  });

  it('makes a new bucket for evidence before the old one goes, which it does not while it holds evidence', () => {
    assert.equal(nested(resource('google_storage_bucket', 'evidence'), 'lifecycle').create_before_destroy, true);
  });

  it('names no command by npx, which asks the registry wherever Terraform runs', () => {
    const named = JSON.stringify([RESOURCES, VARIABLES, OUTPUTS]).match(/npx firebreak .{0,40}/g);
    assert.equal(named, null);
  });

  it('grants no basic role, and nothing to the public', () => {
    const text = JSON.stringify([RESOURCES, LOCALS]);
    assert.doesNotMatch(text, /roles\/(owner|editor|viewer)"/);
    assert.doesNotMatch(text, /allUsers|allAuthenticatedUsers/);
  });

  it('adds single grants, and never overwrites those of others', () => {
    for (const { type } of RESOURCES) assert.doesNotMatch(type, /_iam_(policy|binding)$/);
  });

  it("grants every role of a function to that function's own account", () => {
    const ofFunctions = RESOURCES.filter(
      ({ type, body }) =>
        /_iam_member$/.test(type) && /google_project_iam_custom_role[.](function|network)/.test(String(body.role)),
    );
    assert.deepEqual(ofFunctions.map(({ name }) => name).toSorted(), [
      'database',
      'evidence',
      'exhibit',
      'network',
      'node_account',
      'nodes',
      'project',
    ]);
    for (const { name, body } of ofFunctions) assert.equal(body.member, `\${local.members[each.value.function]}`, name);
  });

  it("grants nothing to Cloud Monitoring's account before the channels exist that make Google create it", () => {
    const { member, depends_on: after } = resource('google_pubsub_topic_iam_member', 'monitoring');
    assert.equal(member, `\${local.agents.monitoring}`);
    assert.deepEqual(after, [`\${google_monitoring_notification_channel.pubsub}`]);
    assert.equal(resource('google_monitoring_notification_channel', 'pubsub').type, 'pubsub');
  });

  it('names the alerts for people as doctor looks for them', () => {
    const forPeople = all('google_monitoring_alert_policy').filter(
      ({ body }) => body.notification_channels === `\${var.notification_channels}`,
    );
    assert.deepEqual(forPeople.map(({ body }) => body.display_name).toSorted(), [...HEALTH_ALERTS].toSorted());
  });

  it('keeps evidence and incidents when it is destroyed', () => {
    const bucket = resource('google_storage_bucket', 'evidence');
    assert.equal(bucket.force_destroy, false);
    assert.equal(bucket.public_access_prevention, 'enforced');
    assert.equal(nested(bucket, 'retention_policy').is_locked, `\${var.evidence.lock}`);
    const database = resource('google_firestore_database', 'database');
    assert.equal(database.deletion_policy, 'ABANDON');
    assert.equal(database.delete_protection_state, 'DELETE_PROTECTION_ENABLED');
  });
});
