import { type Bucket, Storage } from '@google-cloud/storage';

/** A bucket at a stand-in for Cloud Storage; storage-bucket.ts opens those of the real service. */
export const bucketAt = (endpoint: string, name: string): Bucket =>
  new Storage({ apiEndpoint: endpoint, projectId: 'p1' }).bucket(name);
