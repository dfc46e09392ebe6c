import { responseTampered } from '../../../../shared/detection/rules/response-tampered.ts';
import { adminCases } from '../admin-cases.ts';

const HIGH = { severity: 'high', confidence: 0.6 } as const;

const OPERATE = 'serviceAccount:firebreak-operate@p1.iam.gserviceaccount.com';
const GRANT = { method: 'google.iam.v1.IAMPolicy.SetIamPolicy', resourceName: 'projects/p1/topics/firebreak-requests' };
const GIVEN = { severity: 'high', confidence: 0.7 } as const;
const given = (member: string) => ({ action: 'ADD', role: 'roles/pubsub.publisher', member }) as const;

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
        ['messages that go elsewhere', { method: 'google.pubsub.v1.Subscriber.ModifyPushConfig' }],
        ['a subscription that is changed', { method: 'google.pubsub.v1.Subscriber.UpdateSubscription' }],
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
        ['a right to command it', { ...GRANT, bindingDeltas: [given('user:eve@example.com')] }, GIVEN],
        ['the same, to everybody', { ...GRANT, bindingDeltas: [given('allUsers')] }, GIVEN],
        [
          'an account of another project with such a name',
          { ...GRANT, bindingDeltas: [given('serviceAccount:firebreak-operate@p2.iam.gserviceaccount.com')] },
          GIVEN,
        ],
        ['a right that it needs', { ...GRANT, bindingDeltas: [{ ...given(OPERATE), action: 'REMOVE' }] }, GIVEN],
        [
          'a right over an identity',
          {
            service: 'iam.googleapis.com',
            method: 'google.iam.admin.v1.SetIAMPolicy',
            resourceName: 'projects/-/serviceAccounts/104857600000000000000',
            request: { resource: 'projects/p1/serviceAccounts/firebreak-contain@p1.iam.gserviceaccount.com' },
            bindingDeltas: [{ action: 'ADD', role: 'roles/iam.serviceAccountUser', member: 'user:eve@example.com' }],
          },
          GIVEN,
        ],
        [
          'a right to command it, by infrastructure code',
          {
            ...GRANT,
            principal: 'deployer@p1.iam.gserviceaccount.com',
            bindingDeltas: [given('group:oncall@example.com')],
          },
          HIGH,
        ],
        [
          'its policy',
          {
            service: 'secretmanager.googleapis.com',
            method: 'google.cloud.secretmanager.v1.SecretManagerService.DeleteSecret',
            resourceName: 'projects/p1/secrets/firebreak-policy',
          },
        ],
        ['by infrastructure code', { principal: 'deployer@p1.iam.gserviceaccount.com' }, HIGH],
      ],
      misses: [
        ['rights of its own accounts', { ...GRANT, bindingDeltas: [given(OPERATE)] }],
        [
          'rights of services of Google',
          {
            ...GRANT,
            bindingDeltas: [
              given('serviceAccount:service-12@gcp-sa-pubsub.iam.gserviceaccount.com'),
              given('serviceAccount:service-org-12@gcp-sa-scc-notification.iam.gserviceaccount.com'),
            ],
          },
        ],
        [
          'a right that somebody else loses',
          { ...GRANT, bindingDeltas: [{ ...given('user:ben@example.com'), action: 'REMOVE' }] },
        ],
        ['a policy without what changed', { ...GRANT, request: { policy: { bindings: [] } } }],
        [
          'rights over another topic',
          { ...GRANT, resourceName: 'projects/p1/topics/orders', bindingDeltas: [given('user:eve@example.com')] },
        ],
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
