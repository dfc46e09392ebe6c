import { strict as assert } from 'node:assert';
import { THREAT_FILTER } from '../../../../shared/deployment.ts';
import { resource } from '../../../terraform/parsed.ts';
import { APPLY, type Json, tellsOf, unreadable } from '../broken.ts';
import { type Deployment, healthy } from '../deployment.ts';
import { grant } from '../deployment-parts.ts';
import { examineProject, statusesOf } from '../kit.ts';

const ACCOUNT = 'service-org-123456789@gcp-sa-scc-notification.iam.gserviceaccount.com';
const TOPIC = 'firebreak-threat';

/** Security Command Center as Terraform sets it up. */
const setUp = (d: Deployment): Json => {
  const feed = {
    name: 'projects/123456789012/locations/global/notificationConfigs/firebreak-threat',
    pubsubTopic: `projects/p1/topics/${TOPIC}`,
    serviceAccount: ACCOUNT,
    streamingConfig: { filter: THREAT_FILTER },
  };
  d.threatFeeds = [{ ...feed, name: 'other', pubsubTopic: 'projects/p1/topics/other' }, feed];
  d.policies[`topics/${TOPIC}`] = { bindings: [grant('roles/pubsub.publisher', `serviceAccount:${ACCOUNT}`)] };
  return feed;
};

const verdictsOf = async (deployment: Deployment) => {
  const { examined } = await examineProject(deployment, { checks: ['threat-feed'] });
  return examined.flatMap(({ verdicts }) => verdicts);
};

describe('firebreak doctor: threat-feed', () => {
  it('is content with the feed that Terraform sets up', async () => {
    const deployment = healthy();
    setUp(deployment);
    assert.deepEqual(await verdictsOf(deployment), [
      { status: 'ok', subject: 'firebreak-threat', says: `sends findings to ${TOPIC}` },
    ]);
  });

  it('is content without Security Command Center, whose API may then be off', async () => {
    const deployment = healthy();
    deployment.refused.set('threats /', 403);
    assert.deepEqual(await statusesOf(deployment, 'threat-feed'), ['ok']);
  });

  it('expects the filter that Terraform sets', () => {
    const { streaming_config: streaming } = resource('google_scc_v2_project_notification_config', 'threat');
    assert.deepEqual(streaming, [{ filter: THREAT_FILTER }]);
  });
});

tellsOf('threat-feed', [
  {
    what: 'a feed that is gone',
    status: 'fail',
    subject: TOPIC,
    says: /has no notification config of Security Command Center/,
    next: APPLY,
    breaks: (d) => {
      setUp(d);
      d.threatFeeds = [];
    },
  },
  {
    what: 'a feed that may not publish',
    status: 'fail',
    subject: TOPIC,
    says: /may not publish to firebreak-threat/,
    next: APPLY,
    breaks: (d) => {
      setUp(d);
      d.policies[`topics/${TOPIC}`] = { bindings: [] };
    },
  },
  {
    what: 'a feed with another filter',
    status: 'warn',
    subject: TOPIC,
    says: /has another filter/,
    next: APPLY,
    breaks: (d) => Object.assign(setUp(d), { streamingConfig: { filter: 'severity="CRITICAL"' } }),
  },
  {
    ...unreadable('threats /', 'roles/securitycenter.notificationConfigViewer'),
    breaks: (d) => {
      setUp(d);
      d.refused.set('threats /', 403);
    },
  },
]);
