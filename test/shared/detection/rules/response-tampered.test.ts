import { responseTampered } from '../../../../shared/detection/rules/response-tampered.ts';
import { adminCases } from '../admin-cases.ts';

const HIGH = { severity: 'high', confidence: 0.6 } as const;

describe('response-tampered', () => {
  adminCases(
    responseTampered,
    {
      service: 'pubsub.googleapis.com',
      method: 'google.pubsub.v1.Subscriber.DeleteSubscription',
      resourceName: 'projects/p1/subscriptions/firebreak-decide-findings',
    },
    {
      fires: [
        [
          'a topic',
          { method: 'google.pubsub.v1.Publisher.DeleteTopic', resourceName: 'projects/p1/topics/firebreak-findings' },
        ],
        [
          'a function',
          {
            service: 'run.googleapis.com',
            method: 'google.cloud.run.v2.Services.DeleteService',
            resourceName: 'projects/p1/locations/europe-west1/services/firebreak-decide',
          },
        ],
        [
          'the tick',
          {
            service: 'cloudscheduler.googleapis.com',
            method: 'google.cloud.scheduler.v1.CloudScheduler.PauseJob',
            resourceName: 'projects/p1/locations/europe-west1/jobs/firebreak-tick',
          },
        ],
        [
          'an identity, by its address in the request',
          {
            service: 'iam.googleapis.com',
            method: 'google.iam.admin.v1.DisableServiceAccount',
            resourceName: 'projects/-/serviceAccounts/104857600000000000000',
            request: { name: 'projects/p1/serviceAccounts/firebreak-contain@p1.iam.gserviceaccount.com' },
          },
        ],
        [
          'a firewall rule of cut nodes',
          {
            service: 'compute.googleapis.com',
            method: 'v1.compute.firewalls.delete',
            resourceName: 'projects/p1/global/firewalls/firebreak-default-37a8ee-deny-ingress',
          },
        ],
        ['by infrastructure code', { principal: 'deployer@p1.iam.gserviceaccount.com' }, HIGH],
      ],
      misses: [
        ['of somebody else', { resourceName: 'projects/p1/subscriptions/orders' }],
        ['a name that only contains ours', { resourceName: 'projects/p1/subscriptions/not-firebreak-decide' }],
        [
          'another deployment of a function',
          { service: 'run.googleapis.com', method: 'google.cloud.run.v2.Services.UpdateService' },
        ],
        [
          'a firewall rule that is made',
          {
            service: 'compute.googleapis.com',
            method: 'v1.compute.firewalls.insert',
            resourceName: 'projects/p1/global/firewalls/firebreak-default-37a8ee-deny-ingress',
          },
        ],
      ],
    },
  );
});
