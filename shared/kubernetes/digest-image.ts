import { z } from 'zod';

/** An image that is named by its digest, with or without a tag, so that nobody can put another one in its place. */
export const digestImage = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._:/-]{0,200}(:[A-Za-z0-9._-]{1,128})?@sha256:[0-9a-f]{64}$/,
    'expected an image by digest, such as registry.example.com/tools/debian@sha256:...',
  );
