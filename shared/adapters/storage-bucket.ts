import { type Bucket, Storage } from '@google-cloud/storage';

/** A bucket of Cloud Storage, under the identity the process runs as. */
export const openBucket = (name: string): Bucket => new Storage().bucket(name);
