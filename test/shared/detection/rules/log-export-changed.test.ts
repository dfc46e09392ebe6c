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
          'a sink into another project',
          {
            method: 'google.logging.v2.ConfigServiceV2.CreateSink',
            resourceName: 'projects/p1/sinks/copy',
            request: { sink: { destination: 'pubsub.googleapis.com/projects/p2/topics/copy' } },
          },
          { severity: 'medium', confidence: 0.5 },
        ],
        [
          'a sink into another project, by infrastructure code',
          {
            method: 'google.logging.v2.ConfigServiceV2.CreateSink',
            principal: 'terraform@p1.iam.gserviceaccount.com',
            request: { sink: { destination: 'logging.googleapis.com/projects/p2' } },
          },
          { severity: 'medium', confidence: 0.3 },
        ],
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
        [
          'a sink into the same project',
          {
            method: 'google.logging.v2.ConfigServiceV2.CreateSink',
            request: { sink: { destination: 'bigquery.googleapis.com/projects/p1/datasets/logs' } },
          },
        ],
        [
          'a sink into a bucket, whose project nobody knows',
          {
            method: 'google.logging.v2.ConfigServiceV2.CreateSink',
            request: { sink: { destination: 'storage.googleapis.com/logs-of-shop' } },
          },
        ],
        ['settings that are read', { method: 'google.logging.v2.ConfigServiceV2.GetSettings' }],
        ['a bucket that is made in the background', { method: 'google.logging.v2.ConfigServiceV2.CreateBucketAsync' }],
        ['a view', { method: 'google.logging.v2.ConfigServiceV2.DeleteView' }],
      ],
    },
  );
});
