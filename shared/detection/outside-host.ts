import { networkOf, usualFour } from '../addresses.ts';

const URL_WORD =
  /^(?:https?|s?ftps?|scp|tftp|telnet|gopher):\/\/(?:[^/@]{1,120}@)?(\[[0-9a-f:.]{2,45}\]|[^/:?#]{1,253})[^?#]{0,2000}/i;
const BARE_WORD = /^((?:\d{1,3}\.){3}\d{1,3}|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6})(?::\d{1,5}|\/)/i;
/** Names that resolve within a cluster or a machine. */
const NEAR = /(?:^|\.)(?:localhost|svc|local|internal|localdomain)$/i;

/** The host in a word that is a URL, or a host with a port or a path, outside the cluster; undefined for any other. */
export const outsideHostIn = (word: string): string | undefined => {
  const written = (URL_WORD.exec(word)?.[1] ?? BARE_WORD.exec(word)?.[1])?.replace(/^\[|\]$/g, '').toLowerCase();
  if (written === undefined) return undefined;
  // An address as one number, or in hexadecimal, is still an address.
  const host = usualFour(written) ?? written;
  const network = networkOf(host);
  if (network !== undefined) return network === 'public' ? host : undefined;
  return host.includes('.') && !NEAR.test(host) ? host : undefined;
};
