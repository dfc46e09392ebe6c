import { toldOfText } from '../told-of-text.ts';
import { actingText, COMMAND_START, type InCommand } from './command.ts';

const NAME = '(?:ba|da|z|k|a|c|tc)?sh';
const SHELL = `(?:\\S{0,60}/)?${NAME}\\b`;
const SHELL_WORD = /(?:^|[\s/'"=;|&(])(?:ba|da|z|k|a|c|tc)?sh\b|cmd\.exe|powershell/;
const NETCAT = /(?:^|[\s/;|&(])(?:nc|ncat|netcat|nc\.traditional|nc\.openbsd)\s/;
const NETCAT_RUNS = new RegExp(
  `(?:^|[\\s/;|&(])(?:nc|ncat|netcat|nc\\.traditional|nc\\.openbsd)\\s[^\\n;|&]{0,200}?(?:(?:-[a-z]{0,8}[ec]|--exec|--sh-exec|--lua-exec)[ =]\\s{0,4}(?:${SHELL}|/|cmd\\.exe|powershell|python[\\d.]{0,4}\\b|perl\\b|busybox\\b)|(?<=\\s)-[a-z]{0,8}[ec](?:/|${NAME}\\b|cmd\\.exe))`,
);
const CONNECTS = '(?:(?:nc|ncat|netcat|telnet|openssl\\s{1,8}s_client)\\s|curl\\s[^|\\n]{0,60}\\btelnet://)';
const PIPED = new RegExp(
  `\\b${CONNECTS}[^|\\n]{1,200}\\|\\s{0,8}${SHELL}[^|\\n]{0,80}\\|\\s{0,8}(?:\\S{0,60}/)?${CONNECTS}`,
);

/** The shell has no script of its own, so it runs what it is sent. */
const FED = new RegExp(
  `\\b${CONNECTS}[^|\\n]{1,200}\\|\\s{0,8}${SHELL}(?:\\s{1,8}-[is]{1,2}\\b)?\\s{0,8}(?:$|[\\n;|&)}>]|\\d>)`,
);

/** The shell takes its orders from a descriptor, from a device, or from a line that it read. */
const WIRED = [
  /\b(?:ba|da|z|k|a|c|tc)sh\s{1,8}-[a-z]{0,6}i\b[^\n;|]{0,80}[<>]&?\s{0,8}\/dev\/(?:tcp|udp)\//,
  /\bsh\s{1,8}-[a-z]{0,6}i|0\s?[<>]&\s?\d|\b(?:ba|da|z|k|a|c|tc)?sh\s{0,8}\d?<&\s?\d|<&\d{1,3}\s{0,8}>&|\|\s{0,8}(?:\/\S{0,40}\/)?(?:ba|da|z|k|a)?sh\b|\bwhile\s{1,8}read\b/,
  new RegExp(`${COMMAND_START}${NAME}(?:\\s{1,8}-[abd-z]{1,8}){0,4}\\s{0,8}0?<>?\\s{0,8}/dev/(?:tcp|udp)/`),
  new RegExp(
    `${COMMAND_START}(?:${NAME}(?:\\s{1,8}-[a-z]{1,8}){0,4}|eval|source|\\.)\\s{1,8}[$<]\\(\\)\\s{0,8}(?:[$<]\\()?[^\\n;|&]{0,80}<\\s{0,8}/dev/(?:tcp|udp)/`,
  ),
  /(?:^|[\s;|&({])(?:source|\.)\s{1,8}\/dev\/(?:tcp|udp)\//,
  /\b(?:ba|da|z|k|a|c|tc)?sh\b(?:[^\n;|&]|(?<=>)&){0,80}>&?\s{0,8}\/dev\/(?:tcp|udp)\/(?:[^\n;|&]|(?<=>)&){1,200}<&\s?\d/,
];
const DEVICE = /\/dev\/(?:tcp|udp)\/([^/\s]{1,255})\//g;
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0)$/;
const MAX_DEVICES = 64;

/**
 * A named shell, or Perl's replacement for one: a socket as standard input, or a loop that runs the lines of the
 * socket.
 */
const PERL_SHELL =
  /(?:^|[\s/'"=;|&(])(?:ba|da|z|k|a|c|tc)?sh\b|fdopen|while\s?\(?[^\n<]{0,30}<[$\w]{0,20}>|system\s?\(?\$_|qx\W{0,4}\$_/;

type Sign = InCommand & { all: RegExp[] };

/** In the order in which they are reported: the most certain first. */
const SIGNS: readonly Sign[] = [
  { what: 'netcat runs a program for its peer', certain: true, all: [NETCAT_RUNS] },
  { what: 'a shell reads from one connection and writes to another', certain: true, all: [PIPED] },
  { what: 'a shell runs what it reads from a network connection', certain: true, all: [FED] },
  {
    what: 'a named pipe connects a shell to a network connection',
    certain: true,
    all: [
      /\b(?:mkfifo|mknod)\b/,
      SHELL_WORD,
      new RegExp(`${NETCAT.source}|\\btelnet\\s|\\bopenssl\\s{1,8}s_client\\b`),
    ],
  },
  {
    what: 'socat runs a shell for its peer',
    certain: true,
    all: [
      /\bsocat\d?\b/,
      /\b(?:exec|system|shell):["']?[^\s,"']{0,80}sh\b/,
      /\b(?:tcp|tcp4|tcp6|udp|udp4|sctp|openssl|ssl|proxy|socks4a?|socks5|vsock)(?:-connect|-listen|-l)?:/,
    ],
  },
  {
    what: 'Python connects a shell to a socket',
    certain: true,
    all: [
      /\bsocket\b/,
      /\bconnect(?:_ex)?\s?\(|\bbind\s?\(|create_connection/,
      /\bdup2\b|pty\.spawn|subprocess|os\.(?:system|popen|exec)/,
      // To wait for a database and then start a program is no shell.
      new RegExp(`\\bdup2\\b|pty\\.spawn|\\bfileno\\b|\\brecv|\\bmakefile\\b|shell\\s?=\\s?true|${SHELL_WORD.source}`),
    ],
  },
  {
    what: 'Perl connects a shell to a socket',
    certain: true,
    all: [/\bperl\b/, /socket/, /\bexec\b|\bsystem\b|`\$/, PERL_SHELL],
  },
  {
    what: 'PHP connects a shell to a socket',
    certain: true,
    all: [
      /\bp?fsockopen\b|\bsocket_connect\b|\bstream_socket_client\b/,
      /\b(?:exec|shell_exec|proc_open|system|passthru|popen)\s?\(|<&\s?\d/,
    ],
  },
  {
    what: 'Ruby connects a shell to a socket',
    certain: true,
    all: [/\btcpsocket\b|\bsocket\.tcp\b/, /\bexec\b|\bspawn\b|popen|\bsh -i|`#\{/],
  },
  {
    what: 'Node.js connects a shell to a socket',
    certain: true,
    all: [/child_process/, /net\.(?:socket|connect)|\.(?:connect|createconnection)\s?\(/, SHELL_WORD],
  },
  {
    what: 'Node.js runs what it reads from a socket',
    certain: true,
    all: [/child_process/, /\bnet\)?\.(?:connect|createconnection)\s?\(/, /\bexec(?:sync)?\s?\(/],
  },
  {
    what: 'Tcl runs what it reads from a socket',
    certain: true,
    all: [/\btclsh/, /\bset\s\S{1,20}\s\[?socket\s/, /\bexec\b/],
  },
  { what: 'Go connects a program to a socket', certain: true, all: [/\bnet\.dial\(/, /\bexec\.command\(/] },
  {
    what: 'awk reads commands from a network connection',
    certain: true,
    all: [/\/inet\/(?:tcp|udp)\//, /\bgetline\b/],
  },
  { what: 'Lua runs commands from a socket', certain: true, all: [/\bsocket\b/, /io\.popen|os\.execute/] },
  { what: 'zsh itself opens a network connection', certain: true, all: [/zsh\/net\/tcp/, /\bztcp\b/] },
  {
    what: 'PowerShell runs commands from a socket',
    certain: true,
    all: [/net\.sockets\.tcpclient/, /\biex\b|invoke-expression/],
  },
  { what: 'Python opens a terminal for a shell', certain: false, all: [/pty\.spawn/] },
];

/**
 * The reverse shell that a command line opens, where the shell reads its input from a connection for `certain`;
 * undefined where it opens none. A probe of a port (`</dev/tcp/db/5432`)
 * is reported as uncertain; a connection to this very host is not reported.
 */
export const reverseShellIn = toldOfText((line): InCommand | undefined => {
  const text = actingText(line);
  const hosts = [...text.matchAll(DEVICE)].slice(0, MAX_DEVICES).map((match) => match[1] ?? '');
  const away = hosts.some((host) => !LOCAL.test(host));
  if (away && WIRED.some((wired) => wired.test(text)))
    return { what: 'a shell takes its commands from a network connection', certain: true };
  const sign = SIGNS.find(({ all }) => all.every((pattern) => pattern.test(text)));
  if (sign !== undefined) return { what: sign.what, certain: sign.certain };
  return away ? { what: 'the shell itself opens a connection to another host', certain: false } : undefined;
});
