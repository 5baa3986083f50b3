import type { Fault } from './fault.ts';
import { MAIN, ofMain, PAGE_SCRIPT } from './fault.ts';

const inApp = (title: string): Fault['likely'] => ({ spec: 'app.spec.ts', title });
const secrets = (title: string): Fault['likely'] => ({ spec: 'hostile/secrets.spec.ts', title });
const shell = (title: string): Fault['likely'] => ({ spec: 'shell.spec.ts', title });

const TOLD = secrets('nothing main sends to the window, the desktop or the log');
const FILES = secrets('no file contains a readable token or keychain secret');
const COPIED =
  'return copied.ok ? {\n\t\tok: true,\n\t\tvalue: { untilAt: handed.value.expiresAt }';
const FORMATTED = 'const text = formatToken(FORMATS$1[format], toTokenJson(handed.value));';
const PUSHED = 'window.contents.send("app:changed", snapshot);';

/** Keeps tokens in the main process, and unreadable on disk. */
export const SECRET_FAULTS: readonly Fault[] = [
  {
    name: 'key-as-it-is',
    what: "the vault's key is stored in plain form, not encrypted by the keychain",
    likely: FILES,
    edits: [
      {
        file: MAIN,
        find: 'const sealed = await safeStorage.encryptStringAsync(text);',
        put: 'await safeStorage.encryptStringAsync(text);\n\t\tconst sealed = Buffer.from(text);',
      },
      {
        file: MAIN,
        find: 'const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed));\n\t\treturn result;',
        put: 'return Buffer.from(sealed).toString();',
      },
    ],
  },
  {
    name: 'plain-vault',
    what: 'sessions are written unencrypted',
    likely: FILES,
    edits: [
      {
        file: MAIN,
        find: 'const nonce = randomBytes(NONCE_BYTES);',
        put: 'const nonce = randomBytes(NONCE_BYTES);\n\treturn Buffer.concat([nonce, text, Buffer.alloc(TAG_BYTES)]);',
      },
      {
        file: MAIN,
        find: 'const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);',
        put: 'const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);\n\treturn body;',
      },
    ],
  },
  {
    name: 'no-keyring',
    what: 'a keychain without a keyring behind it is used without asking',
    likely: {
      spec: 'unlock/unlock.spec.ts',
      title: 'a new vault asks for a passphrase or for consent',
    },
    // Two checks, each of which is enough alone: the backend's name, and the mark on what it encrypted.
    edits: [
      {
        file: MAIN,
        find: 'if (this.#parts.keychain.backend === "basic_text") return false;',
        put: '',
      },
      {
        file: MAIN,
        find: 'if (isSealedWithoutKeyring(sealed, process.platform)) throw new Error("no keyring behind safeStorage");',
        put: '',
      },
    ],
  },
  ofMain(['token-in-snapshot', 'the snapshot that the window requests holds a token'], TOLD, [
    'accountPage: accountManagementUrl(server, "device-list")?.href ?? null,',
    'accountPage: accountManagementUrl(server, "device-list")?.href ?? null, token: account.state.tokens?.access.reveal(),',
  ]),
  {
    name: 'token-in-push',
    what: 'a snapshot that is sent to the window holds a token',
    likely: TOLD,
    edits: [
      { file: MAIN, find: FORMATTED, put: `${FORMATTED}\n\tglobalThis.lastCopied = text;` },
      {
        file: MAIN,
        find: PUSHED,
        put: 'window.contents.send("app:changed", { ...snapshot, lastCopied: globalThis.lastCopied });',
      },
    ],
  },
  ofMain(['token-in-reply', 'the reply to a copy holds the token'], TOLD, [
    COPIED,
    'return copied.ok ? {\n\t\tok: true,\n\t\tvalue: { untilAt: handed.value.expiresAt, text }',
  ]),
  ofMain(['token-in-log', 'a copied token is logged'], TOLD, [
    FORMATTED,
    `${FORMATTED}\n\tprocess.stderr.write(text);`,
  ]),
  ofMain(['unredacted', 'exchanges are shown with their secrets'], TOLD, [
    'return SECRET_FIELDS.has(name.toLowerCase());',
    'return false;',
  ]),
  ofMain(
    ['code-in-notification', 'a notification holds the code'],
    inApp('the app signs in, copies a token'),
    [
      'if (state.step !== "confirming") return [];',
      'if (state.step === "waiting") return [{ key: id, title: "Your code", body: state.userCode }];\n\t\tif (state.step !== "confirming") return [];',
    ],
  ),
  ofMain(
    ['clipboard-time', 'a copied token stays on the clipboard'],
    secrets('a copied token is cleared after its time'),
    ['if (forMs !== null) this.#clock.sleep(', 'if (forMs === 0) this.#clock.sleep('],
  ),
  ofMain(
    ['clipboard-quit', 'a copied token stays on the clipboard when Keyfob quits'],
    secrets('a copied token is cleared when Keyfob quits'),
    ['(desktop.endClipboard(), CLIPBOARD_LIMIT_MS', '(Promise.resolve(), CLIPBOARD_LIMIT_MS'],
  ),
  ofMain(
    ['clipboard-theirs', "other programs' clipboard contents are cleared as well"],
    secrets('a copied token is cleared after its time'),
    ['if (await this.#holds(ours.hash)) await this.#port.clear();', 'await this.#port.clear();'],
  ),
  ofMain(
    ['clipboard-mark', "copied text isn't marked as concealed"],
    secrets('everything copied is marked as concealed'),
    ['concealed ? concealingMarks(process.platform) : []', '[]'],
  ),
  ofMain(
    ['screen-lock', 'locking the screen has no effect'],
    secrets('a copied token is cleared when the screen is locked'),
    ['powerMonitor.on("lock-screen", lock);', ''],
  ),
];

/** What users are promised of the tray, the window and the start. */
export const SHELL_FAULTS: readonly Fault[] = [
  ofMain(
    ['second-start', 'a second start shows nothing'],
    inApp('a second instance shows the window of the first'),
    ['start.isAskedFor = true;', 'return;'],
  ),
  ofMain(
    ['tray-click', 'a click on the tray icon never closes the window'],
    { spec: 'system/system.spec.ts', title: 'the tray icon opens and closes the window' },
    ['return isFocused || justLeft ? "hide" : "show";', 'return "show";'],
  ),
  {
    name: 'autostart',
    what: "start at login isn't set up",
    likely: inApp('start at login writes the desktop file'),
    edits: [
      { file: MAIN, find: 'await writeFile(plan.path, plan.content);', put: '' },
      {
        file: MAIN,
        find: /app\.setLoginItemSettings\(\{\s*openAtLogin,/,
        put: 'app.setLoginItemSettings({',
      },
    ],
  },
  ofMain(
    ['hidden-start', 'a window opens although it should stay hidden'],
    shell('no window opens until the person asks for it'),
    ['if (!isHidden && !(wanted.startHidden', 'if (!(wanted.startHidden'],
  ),
  ofMain(
    ['tray', "the tray isn't redrawn after a change"],
    inApp('the app signs in, copies a token'),
    ['tray?.draw(snapshot.app);', ''],
  ),
  {
    name: 'countdown',
    what: 'the countdown of a code is three seconds off',
    likely: shell("a code's countdown and its ring agree with main's clock"),
    edits: [
      {
        file: PAGE_SCRIPT,
        find: /Math\.floor\(\((\w+)-(\w+)\)\/(\w+)\)\)(?=,\w+=Math\.max\()/,
        put: 'Math.floor(($1-$2)/$3)+3)',
      },
    ],
  },
  ofMain(
    ['notification', "the user isn't told that the server ended a session"],
    shell('a session ended by the server is notified once'),
    ['notification.show();', ''],
  ),
  ofMain(
    ['notification-stays', 'a notification stays although nothing is left to do'],
    shell('a session ended by the server is notified once'),
    ['this.#shown.get(key)?.close();', ''],
  ),
];
