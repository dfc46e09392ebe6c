import { type Bucket, Storage } from '@google-cloud/storage';

/** A bucket of a stand-in: storage-bucket.ts has those of the service. */
export const bucketAt = (endpoint: string, name: string): Bucket =>
  new Storage({ apiEndpoint: endpoint, projectId: 'p1' }).bucket(name);
