// Starts a browser without a window and evaluates code in a blank page of it.
//
// Nothing but Node is needed: Chromium speaks its DevTools protocol through two pipes, and Firefox speaks Marionette,
// which is lines of JSON with their length, through a local port.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** A browser that is gone answers no call: every call that is open fails. */
class Calls {
  #open = new Map();
  #last = 0;
  #dead = null;

  make(send) {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#last;
    return new Promise((done, fail) => {
      this.#open.set(id, { done, fail });
      send(id);
    });
  }

  settle(id, error, result) {
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (call) error ? call.fail(error) : call.done(result);
  }

  end(why) {
    this.#dead = new Error(why);
    for (const call of this.#open.values()) call.fail(this.#dead);
    this.#open.clear();
  }
}

const started = (command, options, stdio) => {
  const home = mkdtempSync(join(tmpdir(), 'verdicts-'));
  const child = spawn(command, options(home), { stdio, env: { ...process.env, HOME: home } });
  const over = new Promise((done) => { child.on('exit', done); child.on('error', done); });
  const stop = async () => {
    child.kill();
    await Promise.race([over, pause(5000).then(() => child.kill('SIGKILL'))]);
    await over;
    // Its children end a little later, and write until then.
    for (let turn = 0; turn < 20; turn += 1) {
      try {
        rmSync(home, { recursive: true, force: true });
        return;
      } catch {
        await pause(250);
      }
    }
  };
  return { home, child, over, stop };
};

/** Chromium; `close` ends it and removes its profile. */
export async function chromium(command = 'chromium') {
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--mute-audio', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions', '--disable-breakpad',
    '--autoplay-policy=no-user-gesture-required', '--remote-debugging-pipe'];
  const { child, over, stop } = started(command, (home) => [...flags, `--user-data-dir=${home}`, 'about:blank'], ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']);
  const calls = new Calls();
  over.then(() => calls.end('the browser ended'));
  child.stdio[3].on('error', () => {});
  let rest = '';
  child.stdio[4].setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop();
    for (const part of parts) {
      const said = JSON.parse(part);
      if (said.id) calls.settle(said.id, said.error && new Error(said.error.message), said.result);
      else if (said.method === 'Target.targetCrashed' || said.method === 'Inspector.targetCrashed') calls.end('the page crashed');
    }
  });
  const call = (method, params = {}, sessionId) => calls.make((id) => child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0'));
  const { product } = await call('Browser.getVersion');
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  await call('Inspector.enable', {}, sessionId);
  const run = async (code, argument) => {
    const expression = `(${code})(${JSON.stringify(argument)}).then(JSON.stringify)`;
    const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
    return JSON.parse(result.value);
  };
  return { name: 'chromium', version: product.split('/').pop(), run, close: stop };
}

/** Firefox; `close` ends it and removes its profile. */
export async function firefox(command = 'firefox-esr', port = 28280 + (process.pid % 1000)) {
  const settings = { 'marionette.port': port, 'app.update.enabled': false, 'media.gmp-manager.updateEnabled': false, 'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0, 'datareporting.policy.dataSubmissionEnabled': false, 'browser.shell.checkDefaultBrowser': false,
    'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false, 'browser.aboutwelcome.enabled': false };
  const { child, over, stop } = started(command, (home) => {
    const lines = Object.entries(settings).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
    writeFileSync(join(home, 'user.js'), lines.join('\n'));
    return ['--headless', '--marionette', '--no-remote', '--profile', home, 'about:blank'];
  }, ['ignore', 'ignore', 'ignore']);
  const calls = new Calls();
  over.then(() => calls.end('the browser ended'));

  let socket = null;
  for (let turn = 0; !socket && turn < 240 && child.exitCode === null; turn += 1) {
    await pause(250);
    socket = await new Promise((done) => {
      const one = connect(port, '127.0.0.1', () => done(one));
      one.on('error', () => done(null));
    });
  }
  if (!socket) throw new Error('Firefox opened no Marionette port');
  socket.on('close', () => calls.end('the browser closed its port'));
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const colon = rest.indexOf(':');
      const length = Number(rest.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 1 || rest.length < colon + 1 + length) return;
      const said = JSON.parse(rest.subarray(colon + 1, colon + 1 + length).toString());
      rest = rest.subarray(colon + 1 + length);
      if (Array.isArray(said)) calls.settle(said[1], said[2] && new Error(`${said[2].error}: ${said[2].message}`), said[3]);
    }
  });
  const call = (name, params = {}) => calls.make((id) => {
    const text = Buffer.from(JSON.stringify([0, id, name, params]));
    socket.write(Buffer.concat([Buffer.from(`${text.length}:`), text]));
  });
  const { capabilities } = await call('WebDriver:NewSession', { capabilities: { alwaysMatch: { timeouts: { script: 60000 } } } });
  const run = async (code, argument) => {
    const script = `const done = arguments[arguments.length - 1]; (${code})(JSON.parse(arguments[0])).then(JSON.stringify)`
      + '.then(done, (error) => done(JSON.stringify({ failed: String(error) })));';
    const { value } = await call('WebDriver:ExecuteAsyncScript', { script, args: [JSON.stringify(argument)], sandbox: 'default' });
    if (value === null) throw new Error('the page crashed');
    const facts = JSON.parse(value);
    if (facts.failed) throw new Error(facts.failed);
    return facts;
  };
  const close = async () => { socket.destroy(); await stop(); };
  return { name: 'firefox', version: capabilities.browserVersion, run, close };
}
