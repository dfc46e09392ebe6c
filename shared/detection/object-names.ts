import { at, type Loose, text } from '../kubernetes/loose.ts';
import type { PodSpec } from '../kubernetes/pod-spec.ts';
import { toldOfText } from '../told-of-text.ts';
import type { CallSignal } from './calls.ts';

/** The name of a written object, or the beginning of a name that the server completes. */
export const objectNameOf = ({ call, request, response }: CallSignal): string | undefined =>
  call.name ?? nameIn(request) ?? nameIn(response);

const nameIn = (body: Loose | undefined): string | undefined =>
  text(at(body, 'metadata', 'name')) ?? text(at(body, 'metadata', 'generateName'));

/** An image without version and digest. */
export const withoutVersion = (image: string): string => {
  const version = image.search(/[:@]/);
  return version < 0 ? image : image.slice(0, version);
};

/** The name of an image in lower case, such as `kube-hunter` for `docker.io/aquasec/kube-hunter:0.6@sha256:...`. */
export const imageName = toldOfText((image): string => {
  const bounded = image.slice(0, 1024);
  return withoutVersion(bounded.slice(bounded.lastIndexOf('/') + 1)).toLowerCase();
});

/** The names of the images of a pod, without registry, version and digest. */
export const imageNamesOf = ({ containers }: PodSpec): string[] =>
  containers.flatMap(({ image }) => (image === undefined ? [] : [imageName(image)]));

/**
 * Makes a test whether a name contains one of the words as a whole part: `xmrig` is in `my-xmrig-2`, but not in
 * `xmrigger`. The words must be in lower case.
 */
export const wordFinder = (words: readonly string[]): ((name: string) => boolean) => {
  const parts = words.map((word) => word.split(/[-._]/).join('[-._]'));
  const pattern = new RegExp(`(?:^|[-._])(?:${parts.join('|')})(?:$|[-._])`);
  return (name) => pattern.test(name.toLowerCase());
};
