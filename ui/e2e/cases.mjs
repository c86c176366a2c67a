// The list of cases and what became of each. A case that lacks something real is skipped aloud, never counted as passed.
const cases = [];

/** Registers a case; `needs` names parts of the world (see run.mjs) without which it is skipped. */
export function test(name, needs, run) {
  cases.push({ name, needs, run });
}

export class Skip extends Error {}

export function skip(reason) {
  throw new Skip(reason);
}

export async function runAll(world, only) {
  const result = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, needs, run } of cases) {
    if (only && !new RegExp(only, 'i').test(name)) continue;
    const lacking = needs.filter((need) => !world[need]);
    const began = Date.now();
    try {
      if (lacking.length) throw new Skip(`needs ${lacking.map((need) => world.absent[need] ?? need).join(' and ')}`);
      await run(world);
      result.passed += 1;
      console.log(`ok       ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      if (error instanceof Skip) {
        result.skipped += 1;
        console.log(`SKIPPED  ${name}: ${error.message}`);
      } else {
        result.failed += 1;
        console.log(`FAILED   ${name}\n${indent(error.stack ?? String(error))}`);
        await world.keep?.(name);
      }
    }
  }
  return result;
}

function indent(text) {
  return text.split('\n').slice(0, 25).map((line) => `         ${line}`).join('\n');
}
