// Programs that a run starts: each is waited for by what it prints or answers, and stopped by its process id at the end.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const running = new Set();

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  const program = { child, output: '', ended: null };
  const take = (bytes) => {
    program.output += bytes;
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  child.on('error', (error) => {
    program.ended = error.message;
  });
  child.on('exit', (code, signal) => {
    program.ended ??= signal ?? `exit code ${code}`;
    running.delete(program);
  });
  running.add(program);
  return program;
}

/** Waits until `look(output)` gives something. */
export async function until(program, what, look, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look(program.output);
    if (found) return found;
    if (program.ended !== null) throw new Error(`ended (${program.ended}) before ${what}:\n${program.output.slice(-3000)}`);
    if (Date.now() > end) throw new Error(`no ${what} after ${seconds} s:\n${program.output.slice(-3000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function stop(program, signal = 'SIGTERM') {
  if (program.ended !== null) return;
  const gone = new Promise((resolve) => program.child.once('exit', resolve));
  program.child.kill(signal);
  const hard = setTimeout(() => program.child.kill('SIGKILL'), 8000);
  await gone;
  clearTimeout(hard);
}

export async function stopAll() {
  await Promise.all([...running].reverse().map((program) => stop(program)));
}
