// The browser tests. RAMPART_BIN names the real binary: its plane is started over copies of the example clusters and everything
// runs against it. Without it the same pages run against the mock of development, and what only a real plane can show is skipped
// aloud. See README.md beside this file for the variables.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, person, program } from './browser.mjs';
import { runAll } from './cases.mjs';
import { Plane } from './plane.mjs';
import { freePort, start, stopAll, until } from './processes.mjs';
import * as idp from './provider.mjs';

const HERE = new URL('..', import.meta.url).pathname;
// In this order: signing in makes the people that later cases are, and the last one turns the clock.
const FILES = ['signin', 'size', 'lifecycle', 'live', 'roles', 'settings', 'agent', 'keyboard', 'table', 'pages', 'expiry'];
const only = process.argv[2];
const world = {
  site: true,
  dist: existsSync(join(HERE, 'dist/index.html')) ? join(HERE, 'dist') : null,
  shots: process.env.RAMPART_E2E_SHOTS ?? join(tmpdir(), 'rampart-ui-shots'),
  kubeconfig: process.env.RAMPART_E2E_KUBECONFIG || null,
  binary: process.env.RAMPART_BIN || null,
  absent: {
    dist: 'ui/dist (npm run build)',
    plane: 'the real plane (RAMPART_BIN)',
    provider: idp.lacking() ?? 'an identity provider beside the real plane',
    kubeconfig: 'a Kubernetes API server (RAMPART_E2E_KUBECONFIG)',
    mock: 'the mock (run without RAMPART_BIN)',
  },
};

async function main() {
  const executable = program();
  if (!executable) {
    console.log('no Chromium found: install it (apt-get install chromium) or name it in CHROMIUM');
    return { passed: 0, failed: 1, skipped: 0 };
  }
  await mkdir(world.shots, { recursive: true });
  world.browser = await open(executable);
  if (world.binary) await real();
  else await mocked();
  world.person = (options) => person(world.browser, world.base, options);
  // What people saw when something failed.
  world.keep = async (name) => {
    let at = 0;
    for (const context of world.browser.contexts()) {
      for (const page of context.pages()) await page.screenshot({ path: join(world.shots, `failed-${name.replaceAll(/\W+/g, '-').slice(0, 60)}-${(at += 1)}.png`) }).catch(() => {});
      await context.close();
    }
  };
  for (const name of FILES) await import(`./${name}.test.mjs`);
  const result = await runAll(world, only);
  console.log(`screenshots are in ${world.shots}`);
  return result;
}

async function real() {
  if (!idp.lacking()) world.provider = await idp.Provider.keys();
  world.plane = await Plane.start(world.binary, ['shop', 'legacy'], world.provider ? ['--identity-ca', world.provider.authority] : []);
  world.base = world.plane.base;
  const people = { alice: ['security'], bob: ['security', 'on-call'], vera: ['readers'], olga: ['on-call'] };
  await world.provider?.start(`${world.base}/api/v1/auth/oidc/callback`, people);
  console.log(`plane of ${world.binary} at ${world.base}`);
}

async function mocked() {
  const port = await freePort();
  if (!world.dist) throw new Error('build the pages first: npm run build');
  // The preview serves what was built, under the plane's content security policy.
  const vite = start('node', [join(HERE, 'node_modules/vite/bin/vite.js'), 'preview', '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
    cwd: HERE,
    env: { ...process.env, RAMPART_MOCK: process.env.RAMPART_MOCK ?? 'small' },
  });
  world.base = `http://127.0.0.1:${port}`;
  world.mock = true;
  // Whoever comes is signed in already; what the mock plays decides what they may.
  const nobody = { cookies: [], origins: [] };
  Object.assign(world, { admin: nobody, vera: nobody });
  world.play = (state) => fetch(`${world.base}/__mock/state?set=${state}`, { method: 'POST' });
  await until(vite, 'the preview server', () => fetch(world.base).then(({ ok }) => ok, () => false));
  console.log(`mock plane at ${world.base}; set RAMPART_BIN for the real one`);
}

let result;
try {
  result = await main();
} catch (error) {
  console.log(error.stack ?? String(error));
  result = { passed: 0, failed: 1, skipped: 0 };
} finally {
  await world.browser?.close().catch(() => {});
  await world.plane?.end().catch(() => {});
  await world.provider?.end().catch(() => {});
  await stopAll();
}
if (result.skipped) console.log(`${result.skipped} skipped`);
console.log(`${result.passed} passed, ${result.failed} failed`);
process.exit(result.failed ? 1 : 0);
