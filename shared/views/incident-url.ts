/**
 * The console's address for an incident; undefined without a console. Any other id gives the address of the list of
 * incidents.
 */
export const incidentUrl = (consoleUrl: string | undefined, incident: string): string | undefined => {
  if (consoleUrl === undefined) return undefined;
  return /^i-[0-9a-z-]{1,80}$/.test(incident) ? `${consoleUrl}/incidents/${incident}` : `${consoleUrl}/`;
};
