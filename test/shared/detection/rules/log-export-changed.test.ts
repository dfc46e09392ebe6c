import { logExportChanged } from '../../../../shared/detection/rules/log-export-changed.ts';
import { adminCases } from '../admin-cases.ts';

describe('log-export-changed', () => {
  adminCases(
    logExportChanged,
    {
      service: 'logging.googleapis.com',
      method: 'google.logging.v2.ConfigServiceV2.DeleteSink',
      resourceName: 'projects/p1/sinks/firebreak-audit-log',
    },
    {
      fires: [
        [
          'by where it leads',
          {
            method: 'google.logging.v2.ConfigServiceV2.UpdateSink',
            resourceName: 'projects/p1/sinks/x',
            request: { sink: { destination: 'pubsub.googleapis.com/projects/p1/topics/firebreak-audit-log' } },
          },
        ],
        ['a sink of somebody else', { resourceName: 'projects/p1/sinks/siem' }, { severity: 'high', confidence: 0.8 }],
        [
          'an exclusion',
          { method: 'google.logging.v2.ConfigServiceV2.CreateExclusion', resourceName: 'projects/p1/exclusions/x' },
          { severity: 'high', confidence: 0.8 },
        ],
        [
          'logs that are deleted',
          { method: 'google.logging.v2.LoggingServiceV2.DeleteLog', resourceName: 'projects/p1/logs/x' },
          { severity: 'high', confidence: 0.8 },
        ],
        [
          'a bucket that keeps less, in the background',
          {
            method: 'google.logging.v2.ConfigServiceV2.UpdateBucketAsync',
            resourceName: 'projects/p1/locations/global/buckets/_Default',
            request: { bucket: { retentionDays: 1 }, updateMask: 'retention_days' },
          },
          { severity: 'high', confidence: 0.8 },
        ],
        [
          'a sink that new projects do not get any more',
          {
            method: 'google.logging.v2.ConfigServiceV2.UpdateSettings',
            resourceName: 'folders/1/settings',
            request: { settings: { disableDefaultSink: true }, updateMask: 'disable_default_sink' },
          },
          { severity: 'high', confidence: 0.8 },
        ],
        [
          'a description',
          {
            method: 'google.logging.v2.ConfigServiceV2.UpdateSink',
            resourceName: 'projects/p1/sinks/siem',
            request: { updateMask: 'description' },
          },
          { severity: 'high', confidence: 0.6 },
        ],
        [
          'what is left out',
          {
            method: 'google.logging.v2.ConfigServiceV2.UpdateSink',
            resourceName: 'projects/p1/sinks/siem',
            request: { updateMask: 'exclusions' },
          },
          { severity: 'high', confidence: 0.8 },
        ],
      ],
      misses: [
        ['a sink that is made', { method: 'google.logging.v2.ConfigServiceV2.CreateSink' }],
        ['settings that are read', { method: 'google.logging.v2.ConfigServiceV2.GetSettings' }],
        ['a bucket that is made in the background', { method: 'google.logging.v2.ConfigServiceV2.CreateBucketAsync' }],
        ['a view', { method: 'google.logging.v2.ConfigServiceV2.DeleteView' }],
      ],
    },
  );
});
