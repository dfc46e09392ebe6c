/** The address of a pool in the protocol that miners speak. */
export const POOL = /stratum[12]?(?:\+[a-z]{2,6})?:\/\/[\w.$[{%-]/;
/** The protocol alone, which people also search for. */
export const STRATUM = /stratum[12]?\+(?:tcp|ssl|tls|udp)/;

/** Options that only miners take. */
export const MINER_OPTIONS =
  /--(?:donate-level|donate-over-proxy|cpu-max-threads-hint|cpu-priority[= ][0-5]\b|randomx-[a-z0-9]|nicehash\b|rig-id[= ])|(?:--algo(?:rithm)?[= ]|\s-a ?)(?:rx\/|cn(?:-[a-z]{1,12})?\/|argon2\/|randomx|cryptonight|kawpow|etchash|ethash|ghostrider|yespower|verushash|autolykos|astrobwt|kheavyhash)|--coin[= ](?:monero|xmr|dero|zephyr|ravencoin|wownero)\b|(?:--url[= ]|\s-o ?)daemon\+https?:\/\/|(?:--url[= ]|\s-o ?)pool\.[a-z0-9.-]{1,200}:\d{2,5}\b/;

/** The same in the JSON of a miner's settings. */
export const MINER_SETTINGS =
  /\bdonate-(?:level|over-proxy)["']?\s{0,4}:|\balgo["']?\s{0,4}:\s{0,4}["']?(?:rx\/|cn\/|cryptonight)/;
