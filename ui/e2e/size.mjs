// What a browser must load before the first page can be seen, measured on the built files: the entry page and every script and
// style sheet that it names (module preloads included), each in gzip. Lazy routes come later and are not counted.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export const BUDGET = 60 * 1024;

export function firstLoad(dist) {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(?:\.?\/)?([^"#?:]+)"/g)].map((match) => match[1]);
  const files = ['index.html', ...new Set(named.filter((name) => existsSync(join(dist, name))))];
  // An entry that imports statically pulls those files in too, whether the page names them or not.
  for (let at = 0; at < files.length; at += 1) {
    if (!files[at].endsWith('.js')) continue;
    const source = readFileSync(join(dist, files[at]), 'utf8');
    for (const [, name] of source.matchAll(/(?:^|[;}\s])(?:import|export)(?:[^"'()]*?from)?\s*["']\.\/([^"']+)["']/g)) {
      const file = join('assets', name);
      if (!files.includes(file) && existsSync(join(dist, file))) files.push(file);
    }
  }
  const sizes = files.map((file) => ({ file, gzip: gzipSync(readFileSync(join(dist, file)), { level: 9 }).length }));
  return { sizes, total: sizes.reduce((sum, { gzip }) => sum + gzip, 0) };
}

/** Everything in the folder, so that a chunk that grew out of hand is seen as well. */
export function chunks(dist) {
  return walk(dist).map((file) => ({ file: file.slice(dist.length + 1), gzip: gzipSync(readFileSync(file)).length }));
}

function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name);
    return statSync(file).isDirectory() ? walk(file) : [file];
  });
}
