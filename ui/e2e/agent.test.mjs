// A cluster joins: the token is made in the browser and shown once; with a real API server the agent comes in by it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from './cases.mjs';
import { start, stop } from './processes.mjs';

const who = (world) => ({ storage: world.alice ?? world.admin });

async function joinToken(page, cluster, { approval = false } = {}) {
  await page.goto('/settings/clusters');
  await page.getByRole('button', { name: 'Join a cluster' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Cluster name').fill(cluster);
  if (approval) await dialog.getByLabel('Somebody approves each agent').check();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await page.getByRole('heading', { name: 'Run this in the cluster' }).waitFor();
  const secret = (await dialog.getByRole('group', { name: 'Token' }).textContent()).trim();
  const command = (await dialog.getByRole('group', { name: 'Command' }).textContent()).trim();
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  return { secret, command };
}

test('a join token is made, shown once, listed and removed', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  const { secret, command } = await joinToken(page, 'browser-test-cluster', { approval: true });
  assert.ok(secret.length > 20, 'a token that cannot be guessed');
  assert.match(command, /agent/);
  assert.ok(!(await page.content()).includes(secret), 'the secret left the page');
  const row = page.getByRole('row', { name: /browser-test-cluster/ });
  await row.getByText('needed', { exact: true }).waitFor();
  await page.reload();
  await row.waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await row.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(one.complaints, []);
  await one.close();
});

const POD = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'browser-test-newcomer', namespace: 'default' },
  spec: { automountServiceAccountToken: false, hostNetwork: true, containers: [{ name: 'shell', image: 'busybox', securityContext: { privileged: true } }] },
});

test('a real agent joins, shows its cluster and its changes, and is revoked', ['plane', 'admin', 'kubeconfig'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  const { secret } = await joinToken(page, 'kube', { approval: true });
  const folder = await mkdtemp(join(tmpdir(), 'rampart-ui-agent-'));
  const [token, ca] = [join(folder, 'token'), join(world.plane.folder, 'data', 'tls', 'authority.crt')];
  await writeFile(token, secret, { mode: 0o600 });
  const agent = start(world.plane.binary, ['agent', '--server', world.base, '--token-file', token, '--ca', ca, '--data', join(folder, 'data'), '--kubeconfig', world.kubeconfig]);
  const kubectl = (...words) => execFileSync(process.env.KUBECTL ?? 'kubectl', ['--kubeconfig', world.kubeconfig, ...words], { input: POD, stdio: ['pipe', 'ignore', 'pipe'] });
  try {
    // The page was open before the agent came: it shows it by itself, and that it waits.
    const row = page.getByRole('row', { name: /kube Waits for approval/ });
    await row.waitFor({ timeout: 60_000 });
    await row.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('row', { name: /kube Joined/ }).waitFor({ timeout: 30_000 });

    await page.goto('/clusters/kube');
    await page.getByRole('heading', { name: 'kube', level: 1 }).waitFor();
    await page.goto('/findings?cluster=kube');
    await page.locator('main tr[data-row]').first().waitFor({ timeout: 90_000 });
    await page.goto('/findings?cluster=kube&q=browser-test-newcomer');
    await page.getByText('Live', { exact: true }).waitFor();
    const began = Date.now();
    kubectl('create', '-f', '-');
    await page.locator('main tr[data-row]').first().waitFor({ timeout: 60_000 });
    console.log(`         a pod made by kubectl was on the open page after ${((Date.now() - began) / 1000).toFixed(1)} s`);

    await page.goto('/settings/clusters');
    await page.getByRole('row', { name: /kube Joined/ }).getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: /kube Revoked/ }).waitFor();
    assert.deepEqual(one.complaints, []);
  } catch (error) {
    throw new Error(`${error.message}\nthe agent said:\n${agent.output.slice(-2000)}`, { cause: error });
  } finally {
    try {
      kubectl('delete', 'pod', 'browser-test-newcomer', '--ignore-not-found', '--wait=false');
    } catch {
      // The server may be gone already; it is the caller's.
    }
    await stop(agent);
    await rm(folder, { recursive: true, force: true });
    await one.close();
  }
});
