import { addressOf, usualFour } from '../addresses.ts';
import { toldOfText } from '../told-of-text.ts';
import { actingText, COMMAND_START, type InCommand } from './command.ts';

/** The server that gives a VM, or a pod with the node's identity, its tokens. */
const SERVER = /169\.254\.169\.254|metadata\.google\.internal(?![\w-])|computemetadata\/v1|metadata-flavor/;
const ADDRESSES = ['169.254.169.254', 'fd20:ce::254'].map(addressOf);
/** What may be an address in a spelling that nobody uses by accident: the usual one is in `SERVER`. */
const FOUR = /(?<![\w.-])(?:0x[0-9a-f]{1,16}|\d{1,16})(?:\.(?:0x[0-9a-f]{1,16}|\d{1,16})){0,3}(?![\w-]|\.\w)/g;
const SIX = /(?<![\w:.])[0-9a-f]{0,4}:[0-9a-f:.]{1,60}/g;
/** Paths of that server that give away an identity. */
const IDENTITY = /service-accounts\/[^\s]{1,200}\/(?:token|identity)\b|attributes\/kube-env|instance\/attributes/;

/** The client of Google Cloud shows the token that this server gives it. */
const CLIENT = new RegExp(
  `${COMMAND_START}gcloud\\s[^\\n;|&]{0,120}?\\bauth\\s{1,8}(?:application-default\\s{1,8})?print-(?:access|identity)-token\\b`,
);

/**
 * What a command line asks of the cloud's metadata server; undefined for nothing. The client of Google Cloud, which
 * people and builds also use to log in elsewhere, is not `certain`.
 */
export const metadataIn = toldOfText((line): InCommand | undefined => {
  const text = actingText(line);
  if (!SERVER.test(text) && !hasAddress(text))
    return CLIENT.test(text) ? { what: 'prints a token of its account in the cloud', certain: false } : undefined;
  const what = IDENTITY.test(text)
    ? 'requests an identity from the cloud metadata server'
    : 'queries the cloud metadata server';
  return { what, certain: true };
});

/** Whether a text has an address of the server in any spelling. curl also takes dots that are written as in URLs. */
const hasAddress = (text: string): boolean => {
  const plain = text.replaceAll('%2e', '.');
  return (
    (plain.match(FOUR) ?? []).some((one) => isServer(usualFour(one))) ||
    (plain.match(SIX) ?? []).some((one) => isServer(one))
  );
};

const isServer = (written: string | undefined): boolean => {
  const address = written === undefined ? undefined : addressOf(written);
  return address !== undefined && ADDRESSES.some((one) => one?.bits === address.bits && one.value === address.value);
};
