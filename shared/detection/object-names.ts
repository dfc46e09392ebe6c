import { at, type Loose, text } from '../kubernetes/loose.ts';
import type { PodSpec } from '../kubernetes/pod-spec.ts';
import { toldOfText } from '../told-of-text.ts';
import type { CallSignal } from './calls.ts';

/** What a written object is called: its name, or the beginning that a server completes. */
export const objectNameOf = ({ call, request, response }: CallSignal): string | undefined =>
  call.name ?? nameIn(request) ?? nameIn(response);

const nameIn = (body: Loose | undefined): string | undefined =>
  text(at(body, 'metadata', 'name')) ?? text(at(body, 'metadata', 'generateName'));

/** An image without version and digest. */
export const withoutVersion = (image: string): string => {
  const version = image.search(/[:@]/);
  return version < 0 ? image : image.slice(0, version);
};

/** `kube-hunter` of `docker.io/aquasec/kube-hunter:0.6@sha256:...`, in lower case. */
export const imageName = toldOfText((image): string => {
  const bounded = image.slice(0, 1024);
  return withoutVersion(bounded.slice(bounded.lastIndexOf('/') + 1)).toLowerCase();
});

/** The names of the images of a pod, without registry, version and digest. */
export const imageNamesOf = ({ containers }: PodSpec): string[] =>
  containers.flatMap(({ image }) => (image === undefined ? [] : [imageName(image)]));

/** Finds one of the words as a part of a name: `my-xmrig-2` has `xmrig`, `xmrigger` has not. Words are in lower case. */
export const wordFinder = (words: readonly string[]): ((name: string) => boolean) => {
  const parts = words.map((word) => word.split(/[-._]/).join('[-._]'));
  const pattern = new RegExp(`(?:^|[-._])(?:${parts.join('|')})(?:$|[-._])`);
  return (name) => pattern.test(name.toLowerCase());
};
