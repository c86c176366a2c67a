// Every page: nothing serious for axe in light and dark, nothing sticks out, nobody complains on the console; pictures to look at.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { overflow, serious } from './accessibility.mjs';
import { test } from './cases.mjs';

const SIZES = [
  { width: 360, height: 740 },
  { width: 1280, height: 900 },
  { width: 3840, height: 2160 },
];

const PAGES = [
  ['home', '/'],
  ['clusters', '/clusters'],
  ['cluster', async (world, page) => firstLink(page, '/clusters', 'a[href^="/clusters/"]')],
  ['compliance', '/compliance'],
  ['compliance-table', '/compliance?view=table'],
  ['control', '/compliance/rbac'],
  ['control-unknown', '/compliance/cis_kubernetes'],
  ['namespaces', async (world, page) => `${await firstLink(page, '/clusters', 'a[href^="/clusters/"]')}?tab=namespaces`],
  ['groups', '/findings?by=cause'],
  ['findings', '/findings'],
  ['finding', async (world, page) => firstLink(page, '/findings', 'main a[href^="/findings/"]')],
  ['workload', async (world, page) => firstLink(page, await firstLink(page, '/findings', 'main a[href^="/findings/"]'), 'main a[href^="/workloads/"]')],
  ['rules', '/rules'],
  ['rule', async (world, page) => firstLink(page, '/rules', 'main tbody a[href^="/rules/"]')],
  ['waivers', '/waivers'],
  ['waivers-in-force', '/waivers?state=approved'],
  ['reports', '/reports'],
  ['frameworks', '/frameworks'],
  ['framework', async (world, page) => firstLink(page, '/frameworks', 'main a[href^="/frameworks/"]')],
  ['trail', '/trail'],
  ['settings', '/settings'],
  ['settings-clusters', '/settings/clusters'],
  ['settings-identity', '/settings/identity'],
  ['settings-roles', '/settings/roles'],
  ['settings-tokens', '/settings/tokens'],
  ['settings-notifications', '/settings/notifications'],
  ['device', '/device?code=ABCD-EFGH'],
  ['not-found', '/no/such/page'],
];

/** What stands where the address needs a name: the first one that the list links to. */
async function firstLink(page, list, selector) {
  await page.goto(list);
  const link = page.locator(selector).first();
  await link.waitFor();
  return link.getAttribute('href');
}

async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton'), undefined, { timeout: 10_000 });
  await page.waitForTimeout(150);
}

for (const [name, where] of PAGES) {
  test(`page ${name}: axe, width, console, light and dark`, ['site', 'admin'], async (world) => {
    const problems = [];
    let address = typeof where === 'string' ? where : null;
    for (const scheme of ['light', 'dark']) {
      const one = await world.person({ scheme, storage: world.alice ?? world.admin });
      try {
        address ??= await where(world, one.page);
        for (const size of SIZES) {
          await one.page.setViewportSize(size);
          await one.page.goto(address);
          await settled(one.page);
          const place = `${scheme} ${size.width}`;
          // Contrast and names do not depend on the width, so axe looks at two of three.
          if (size.width !== 3840) for (const found of await serious(one.page)) problems.push(`${place}: ${found}`);
          for (const found of await one.page.locator('.state.error').allInnerTexts()) problems.push(`${place}: an error is shown: ${found}`);
          for (const found of await overflow(one.page)) problems.push(`${place}: sticks out: ${found}`);
          await one.page.screenshot({ path: join(world.shots, `${name}-${scheme}-${size.width}.png`), fullPage: size.width === 360 });
        }
        for (const complaint of one.complaints) problems.push(`${scheme} console: ${complaint}`);
      } finally {
        await one.close();
      }
    }
    assert.deepEqual([...new Set(problems)], []);
  });
}
