import { toldOfText } from '../told-of-text.ts';
import { actingText } from './command.ts';

/**
 * The server that gives a VM, or a pod with the node's identity, its tokens: by name, and by every spelling of its
 * address.
 */
const SERVER =
  /169\.254\.169\.254|metadata\.google\.internal(?![\w-])|computemetadata\/v1|metadata-flavor|\b0xa9fea9fe\b|\b2852039166\b|\b0251\.0376\.0251\.0376\b|fd20:ce::254|::ffff:a9fe:a9fe/;
/** Paths of that server that give away an identity. */
const IDENTITY = /service-accounts\/[^\s]{1,200}\/(?:token|identity)\b|attributes\/kube-env|instance\/attributes/;

/** What a command line asks of the cloud's metadata server, as the end of a sentence; undefined for nothing. */
export const metadataIn = toldOfText((line): string | undefined => {
  const text = actingText(line);
  if (!SERVER.test(text)) return undefined;
  return IDENTITY.test(text)
    ? 'requests an identity from the cloud metadata server'
    : 'queries the cloud metadata server';
});
