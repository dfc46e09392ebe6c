import { toldOfText } from './told-of-text.ts';

/** An IP address as a number, with the length of its family: 32 or 128 bits. */
export type Address = { bits: 32 | 128; value: bigint };
/** All addresses whose first `prefix` bits are those of this one. */
export type AddressRange = Address & { prefix: number };

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** Reads an address in its usual notation; IPv4 mapped into IPv6 becomes IPv4. Undefined where it is no address. */
export const addressOf = (text: string): Address | undefined => {
  if (text.length > 64) return undefined;
  const four = fourOf(text);
  if (four !== undefined) return { bits: 32, value: four };
  const six = sixOf(text.replace(/%.*$/, ''));
  if (six === undefined) return undefined;
  return six >> 32n === 0xffffn ? { bits: 32, value: six & 0xffff_ffffn } : { bits: 128, value: six };
};

/** Reads `203.0.113.0/24`, `2001:db8::/32` or one address, without the bits that it has beyond its prefix. */
export const networkAround = (text: string): AddressRange | undefined => {
  const [, written = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = addressOf(written);
  if (address === undefined) return undefined;
  if (length === undefined) return { ...address, prefix: address.bits };
  // The prefix of IPv4 mapped into IPv6 counts from the left of the IPv6 address.
  const lead = written.includes(':') ? 128 - address.bits : 0;
  const isSix = Number(length) < lead;
  const { bits, value }: Address = isSix ? { bits: 128, value: (0xffffn << 32n) | address.value } : address;
  const prefix = Number(length) - (isSix ? 0 : lead);
  if (prefix > bits) return undefined;
  const rest = BigInt(bits - prefix);
  return { bits, value: (value >> rest) << rest, prefix };
};

/** The same, but undefined where the address has bits beyond its prefix. */
export const rangeOf = (text: string): AddressRange | undefined => {
  const network = networkAround(text);
  const address = addressOf(text.split('/', 1)[0] ?? '');
  return network?.bits === address?.bits && network?.value === address?.value ? network : undefined;
};

/** Whether all of a range is in a network that the internet does not route. */
export const isPrivateRange = (range: AddressRange): boolean =>
  PRIVATE.some((network) => network.prefix <= range.prefix && isWithin(range, network));

/** Whether an address lies within a range. */
export const isWithin = (address: Address, range: AddressRange): boolean => {
  const rest = BigInt(range.bits - range.prefix);
  return address.bits === range.bits && address.value >> rest === range.value >> rest;
};

const fourOf = (text: string): bigint | undefined => {
  const four = numberOf(text);
  return four === undefined ? undefined : BigInt(four);
};

/** An IPv4 address as a number. */
const numberOf = (text: string): number | undefined => {
  const [, a, b, c, d] = IPV4.exec(text) ?? [];
  if (d === undefined) return undefined;
  const parts = [Number(a), Number(b), Number(c), Number(d)];
  return parts.some((part) => part > 255) ? undefined : parts.reduce((value, part) => value * 256 + part, 0);
};

const PART = /^(?:0x[0-9a-f]{1,16}|\d{1,16})$/i;

/**
 * An IPv4 address in any spelling that the C library, and so every program, takes: of one to four numbers, each
 * decimal, octal or hexadecimal, of which the last fills the rest (`169.16689662`). In its usual notation; undefined
 * for any other text.
 */
export const usualFour = (text: string): string | undefined => {
  const parts = text.split('.', 5).map(partOf);
  const [last, ...heads] = parts.toReversed();
  if (parts.length > 4 || last === undefined || last >= 256 ** (4 - heads.length)) return undefined;
  if (heads.some((head) => head === undefined || head > 255)) return undefined;
  const value = heads.toReversed().reduce<number>((sum, head = 0, index) => sum + head * 256 ** (3 - index), last);
  return [3, 2, 1, 0].map((place) => Math.floor(value / 256 ** place) % 256).join('.');
};

const partOf = (text: string): number | undefined => {
  if (!PART.test(text)) return undefined;
  if (!/^0\d/.test(text)) return Number(text);
  return /[89]/.test(text) ? undefined : Number.parseInt(text, 8);
};

const sixOf = (text: string): bigint | undefined => {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const known = head.length + (tail?.length ?? 0);
  if (halves.length === 1 ? known !== 8 : known > 7) return undefined;
  const groups = [...head, ...Array<bigint>(8 - known).fill(0n), ...(tail ?? [])];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
};

const groupsOf = (text: string): bigint[] | undefined => {
  if (text === '') return [];
  const parts = text.split(':');
  const four = fourOf(parts.at(-1) ?? '');
  const hex = four === undefined ? parts : parts.slice(0, -1);
  if (!hex.every((part) => GROUP.test(part))) return undefined;
  const groups = hex.map((part) => BigInt(`0x${part}`));
  return four === undefined ? groups : [...groups, four >> 16n, four & 0xffffn];
};

/** Networks that the internet does not route: private, shared, link-local, loopback, reserved. */
const PRIVATE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '240.0.0.0/4',
  '::/127',
  'fc00::/7',
  'fe80::/10',
].flatMap((text) => rangeOf(text) ?? []);

/** The IPv4 ones by first and last address, which is fast: nearly every entry has a caller, and most are IPv4. */
const PRIVATE_FOUR = PRIVATE.flatMap(({ bits, value, prefix }) =>
  bits === 32 ? [{ first: Number(value), last: Number(value) + 2 ** (32 - prefix) - 1 }] : [],
);

/** Words that audit logs write in place of an address, for callers within Google's network or a private one. */
const WORDS = ['gce-internal-ip', 'private'];

/** Whether a caller's address is private or public; undefined where it is no address. */
export const networkOf = toldOfText((callerIp): 'private' | 'public' | undefined => {
  if (WORDS.includes(callerIp)) return 'private';
  const four = numberOf(callerIp);
  if (four !== undefined)
    return PRIVATE_FOUR.some(({ first, last }) => first <= four && four <= last) ? 'private' : 'public';
  const address = addressOf(callerIp);
  if (address === undefined) return undefined;
  return PRIVATE.some((range) => isWithin(address, range)) ? 'private' : 'public';
});
