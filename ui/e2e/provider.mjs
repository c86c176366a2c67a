// The identity provider of the repository's end-to-end tests (npm `oidc-provider` behind TLS), with a CA that the plane is told of.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, stop, until } from './processes.mjs';

const SOURCE = new URL('../../e2e/oidc/', import.meta.url).pathname;

export const CLIENT = 'rampart';
export const SECRET = 'e2e-secret-of-the-client';

/** Why no provider can be had, or null. */
export function lacking() {
  if (!existsSync(join(SOURCE, 'provider.mjs'))) return 'no provider in e2e/oidc';
  return existsSync(join(SOURCE, 'node_modules/oidc-provider')) ? null : 'npm packages of e2e/oidc (npm ci there)';
}

export class Provider {
  /** Keys first: the plane must trust the certificate from its start on. */
  static async keys() {
    const provider = new Provider();
    provider.folder = await mkdtemp(join(tmpdir(), 'rampart-idp-'));
    provider.key = join(provider.folder, 'key.pem');
    provider.certificate = join(provider.folder, 'certificate.pem');
    provider.authority = join(provider.folder, 'authority.pem');
    const authorityKey = join(provider.folder, 'authority-key.pem');
    const make = (...words) => execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', ...words], { stdio: 'ignore' });
    make('-subj', '/CN=authority of a test', '-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', authorityKey, '-out', provider.authority);
    make('-subj', '/CN=identity provider of a test', '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE',
      '-CA', provider.authority, '-CAkey', authorityKey, '-keyout', provider.key, '-out', provider.certificate);
    return provider;
  }

  async start(redirectUri, people) {
    this.program = start('node', [join(SOURCE, 'provider.mjs'), this.key, this.certificate, redirectUri]);
    const line = await until(this.program, 'address of the provider', (output) => output.match(/^\{"issuer".*$/m)?.[0]);
    this.issuer = JSON.parse(line).issuer;
    await this.people(people);
  }

  /** Says which groups each person is in. */
  people(groups) {
    const text = JSON.stringify(groups);
    return new Promise((resolve, reject) => {
      request(`${this.issuer}/-/people`, { method: 'PUT', rejectUnauthorized: false, headers: { 'content-length': Buffer.byteLength(text) } }, (response) => {
        response.resume().on('end', resolve);
      })
        .on('error', reject)
        .end(text);
    });
  }

  async end() {
    if (this.program) await stop(this.program);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What a person does on the provider's own pages: name, password, consent. */
export async function signIn(page, name) {
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any password will do');
  await page.locator('button[type=submit]').click();
  const consent = page.locator('input[name=prompt][value=consent]');
  await Promise.race([consent.waitFor({ state: 'attached' }), page.waitForURL((url) => url.pathname === '/')]).catch(() => {});
  if (await consent.count()) await page.locator('button[type=submit]').click();
}
