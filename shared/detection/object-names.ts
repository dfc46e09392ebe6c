import { at, text } from '../kubernetes/loose.ts';
import type { PodSpec } from '../kubernetes/pod-spec.ts';
import type { CallSignal } from './calls.ts';

/** What a written object is called: its name, or the beginning that a server completes. */
export const objectNameOf = ({ call, request, response }: CallSignal): string | undefined =>
  call.name ??
  [request, response]
    .flatMap((body) => [at(body, 'metadata', 'name'), at(body, 'metadata', 'generateName')])
    .map(text)
    .find((name) => name !== undefined);

/** `kube-hunter` of `docker.io/aquasec/kube-hunter:0.6@sha256:...`, in lower case. */
export const imageName = (image: string): string =>
  (image.slice(0, 1024).split('/').at(-1) ?? '').replace(/[:@].*$/s, '').toLowerCase();

/** The names of the images of a pod, without registry, version and digest. */
export const imageNamesOf = ({ containers }: PodSpec): string[] =>
  containers.flatMap(({ image }) => (image === undefined ? [] : [imageName(image)]));

/** Whether a name has the word as one of its parts: `my-xmrig-2` has `xmrig`, `xmrigger` has not. */
export const hasWord = (name: string, word: string): boolean =>
  `-${name.toLowerCase().replace(/[._]/g, '-')}-`.includes(`-${word}-`);
