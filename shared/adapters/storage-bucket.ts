import { type Bucket, Storage } from '@google-cloud/storage';

/** A Cloud Storage bucket, under the identity that the process runs under. */
export const openBucket = (name: string): Bucket => new Storage().bucket(name);
