// The real plane: `rampart serve` on a free port, over copies of the example clusters in a temporary folder.
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request as https } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, start, stop, until } from './processes.mjs';

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname;

export class Plane {
  /** `more` are further arguments of `rampart serve`. */
  static async start(binary, clusters, more = []) {
    const plane = new Plane();
    plane.binary = binary;
    plane.more = more;
    plane.environment = {};
    plane.folder = await mkdtemp(join(tmpdir(), 'rampart-ui-'));
    plane.clusters = join(plane.folder, 'clusters');
    await mkdir(plane.clusters);
    plane.names = clusters;
    for (const name of clusters) await cp(join(EXAMPLES, name), join(plane.clusters, name), { recursive: true });
    plane.port = await freePort();
    plane.base = `https://127.0.0.1:${plane.port}`;
    await plane.up();
    plane.link = await until(plane.program, 'the sign-in link', (output) => output.match(/https:\/\/\S*first-run\S*/)?.[0]);
    return plane;
  }

  async up() {
    const args = ['serve', '--data', join(this.folder, 'data'), '--listen', `127.0.0.1:${this.port}`, ...this.more];
    for (const name of this.names) args.push('--cluster', `${name}=${join(this.clusters, name)}`);
    // Settings of whoever runs the tests must not reach the plane.
    const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('RAMPART_')));
    this.program = start(this.binary, args, { env: { ...clean, ...this.environment } });
    await until(this.program, 'answer of /readyz', () => this.call('GET', '/readyz').then(({ status }) => status === 200, () => false), 60);
  }

  /** Stops the plane and starts it again over the same data, as an operator does; `signal` SIGKILL is the power cut. */
  async restart(signal = 'SIGTERM') {
    await stop(this.program, signal);
    await this.up();
  }

  /** A call beside the browser: what a script with a token, or a curious user with a copied cookie, would send. */
  call(method, path, { body, headers = {} } = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const call = https(
        `${this.base}${path}`,
        { method, rejectUnauthorized: false, headers: { ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }), ...headers } },
        (response) => {
          let output = '';
          response.setEncoding('utf8').on('data', (part) => {
            output += part;
          });
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: output, json: () => JSON.parse(output) }));
        },
      );
      call.on('error', reject).end(text);
    });
  }

  async end() {
    await stop(this.program);
    await rm(this.folder, { recursive: true, force: true });
  }
}
