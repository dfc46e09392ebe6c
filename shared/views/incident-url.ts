/** Where the console shows an incident; undefined without a console. What is no incident leads to all of them. */
export const incidentUrl = (consoleUrl: string | undefined, incident: string): string | undefined => {
  if (consoleUrl === undefined) return undefined;
  return /^i-[0-9a-z-]{1,80}$/.test(incident) ? `${consoleUrl}/incidents/${incident}` : `${consoleUrl}/`;
};
