import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new certificate for 127.0.0.1 that is its own CA, as PEM; undefined where there is no openssl. */
export const makeCertificate = (): { key: string; cert: string } | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-ca-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const what = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  try {
    if (spawnSync('openssl', [...what, '-keyout', key, '-out', cert, ...subject]).status !== 0) return undefined;
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
