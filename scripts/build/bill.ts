import type { Package } from './packages.ts';

/** What is built, as the bill of materials names it. */
type Subject = { name: string; version: string; license: string };

const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/**
 * A bill of materials in the form of CycloneDX. It names no time and no serial number, so that the same checkout gives
 * the same bytes.
 */
export const billOf = ({ name, version, license }: Subject, packages: readonly Package[]): unknown => {
  const components = new Map(
    packages.map((one) => [
      purlOf(one.name, one.version),
      { type: 'library', name: one.name, version: one.version, licenses: [{ expression: one.license }] },
    ]),
  );
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version, licenses: [{ expression: license }] } },
    components: [...components]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([purl, component]) => ({ 'bom-ref': purl, ...component, purl })),
  };
};
