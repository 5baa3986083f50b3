import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concealingMarks } from '../../../main/desktop/system/concealed-formats.ts';
import type { CopyFormat } from '../../../preload/contract.ts';
import { expect } from '../../e2e/fixture.ts';
import { snapshotOf, signIn, startLogin, test } from '../flow/signed-in.ts';

test('nothing main sends to the window, the desktop or the log contains a token', async ({
  page,
  host,
  homeserver,
}) => {
  await page.evaluate(() => {
    const pushed: unknown[] = [];
    Object.assign(window, { pushed });
    window.keyfob.onChanged((snapshot) => pushed.push(snapshot));
    window.keyfob.onExchange((exchange) => pushed.push(exchange));
  });
  const { id } = await signIn(page, homeserver);
  const answers = await page.evaluate(async (accountId) => {
    const { keyfob } = window;
    const formats: CopyFormat[] = ['token', 'header', 'env', 'curl', 'json'];
    const copies = await Promise.all(formats.map((name) => keyfob.copyAccount(accountId, name)));
    const exchanges = await keyfob.listExchanges();
    const curls = await Promise.all(exchanges.map((exchange) => keyfob.copyCurl(exchange.id)));
    const others = [await keyfob.refreshAccount(accountId), await keyfob.checkAccount(accountId)];
    return { copies, exchanges: await keyfob.listExchanges(), curls, others };
  }, id);
  const pushed = await page.evaluate(() => (window as unknown as { pushed: unknown[] }).pushed); // put there above
  const told = JSON.stringify([
    answers,
    pushed,
    await snapshotOf(page),
    await host.tray(),
    await host.notifications(),
    host.stderr(),
    await page.content(),
  ]);
  const heard = homeserver.issuedSecrets().filter((secret) => told.includes(secret));
  expect([homeserver.issuedSecrets().length > 4, pushed.length > 4, heard]).toEqual([
    true,
    true,
    [],
  ]);
});

test('no file contains a readable token or keychain secret', async ({
  page,
  host,
  homeserver,
  electron,
  userData,
}) => {
  const { id } = await signIn(page, homeserver);
  await page.evaluate((accountId) => window.keyfob.copyAccount(accountId, 'token'), id);
  // The keychain is first tested with a single byte, which is in many files by chance.
  const sealed = (await host.sealed()).filter(({ length }) => length > 16);
  await electron.close();
  const secrets = [...homeserver.issuedSecrets(), ...sealed];
  const readable = filesUnder(userData).filter((file) => {
    const content = readFileSync(file);
    return secrets.some((secret) =>
      [secret, Buffer.from(secret).toString('base64')].some((text) => content.includes(text)),
    );
  });
  expect([sealed.length > 0, secrets.length > 3, readable]).toEqual([true, true, []]);
});

test('everything copied is marked as concealed', async ({ page, host, homeserver }) => {
  const { id } = await startLogin(page, homeserver);
  await page.evaluate((loginId) => window.keyfob.copyCode(loginId), id);
  const account = await signIn(page, homeserver);
  await page.evaluate((accountId) => window.keyfob.copyAccount(accountId, 'token'), account.id);
  const marks = concealingMarks(process.platform).map(
    ({ format }) => `electron application/osclipboard;format="${format}"`,
  );
  const marked = ['text/plain', ...marks];
  expect([marks.length > 0, await host.copiedFormats()]).toEqual([true, [marked, marked]]);
});

test('a copied token is cleared after its time; what another program copied stays', async ({
  page,
  host,
  homeserver,
}) => {
  await page.evaluate(() => window.keyfob.changeSettings({ clipboardMs: 500 }));
  const { id } = await signIn(page, homeserver);
  const copy = () =>
    page.evaluate((accountId) => window.keyfob.copyAccount(accountId, 'token'), id);
  await copy();
  const token = homeserver.sessions()[0]?.accessToken;
  await expect.poll(() => host.copied()).toEqual([token, null]);
  await page.evaluate(() => window.keyfob.changeSettings({ clipboardMs: 3_600_000 }));
  await copy();
  await host.setClipboard('something of theirs');
  await host.power('lock-screen');
  await expect.poll(async () => (await snapshotOf(page)).shell.copied).toBeNull();
  expect(await host.clipboard()).toBe('something of theirs');
});

test('a copied token is cleared when the screen is locked', async ({ page, host, homeserver }) => {
  const { id } = await signIn(page, homeserver);
  await page.evaluate((accountId) => window.keyfob.copyAccount(accountId, 'token'), id);
  const token = homeserver.sessions()[0]?.accessToken;
  await host.power('lock-screen');
  await expect.poll(() => host.copied()).toEqual([token, null]);
  expect((await host.window())?.visible).toBe(false);
});

test('a copied token is cleared when Keyfob quits', async ({
  page,
  host,
  electron,
  homeserver,
}) => {
  const { id } = await signIn(page, homeserver);
  await page.evaluate((accountId) => window.keyfob.copyAccount(accountId, 'token'), id);
  await electron.evaluate(({ app, clipboard }) => {
    // An app that has exited can't be queried, so it reports what it leaves behind.
    app.on('will-quit', (event) => {
      event.preventDefault();
      void clipboard.readText().then((text) => {
        process.stderr.write(`left behind: "${text}"\n`);
        app.exit();
      });
    });
  });
  const closed = electron.waitForEvent('close');
  await host.clickMenu('quit');
  await closed;
  await expect.poll(() => host.stderr()).toContain('left behind: ""');
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
