import type { Fault } from './fault.ts';
import { MAIN, ofMain, PAGE, PRELOAD } from './fault.ts';

const guards = (title: string): Fault['likely'] => ({ spec: 'hostile/guards.spec.ts', title });

const waysOut = (title: string): Fault['likely'] => ({
  spec: 'hostile/hostile-ways-out.spec.ts',
  title,
});

const ONE_NAME = guards('the page gets one additional global');
const POLICIES = guards('two content security policies apply');
const PERMISSIONS = guards('every permission and device is denied');
const ANSWERED = guards('only our window gets replies');

/** Keeps the page where it is, and isolated. */
export const PAGE_FAULTS: readonly Fault[] = [
  ofMain(['navigation', 'the page may navigate'], guards('the page cannot navigate'), [
    'if (!(event.url === UNLOCK_ADDRESS && contents.getURL() === UNLOCK_ADDRESS)) event.preventDefault();',
    '',
  ]),
  ofMain(
    ['frame-navigation', 'a frame in the page may navigate'],
    guards('a frame cannot navigate'),
    ['if (!event.isMainFrame) event.preventDefault();', ''],
  ),
  ofMain(['windows', 'the page may open windows'], guards('the page cannot open another window'), [
    'contents.setWindowOpenHandler(() => ({ action: "deny" }));',
    'contents.setWindowOpenHandler(() => ({ action: "allow" }));',
  ]),
  ofMain(['permission-request', 'a permission that a page requests is granted'], PERMISSIONS, [
    'setPermissionRequestHandler((_contents, _permission, decide) => decide(false))',
    'setPermissionRequestHandler((_contents, _permission, decide) => decide(true))',
  ]),
  ofMain(['permission-check', 'every permission counts as already granted'], PERMISSIONS, [
    'setPermissionCheckHandler(() => false)',
    'setPermissionCheckHandler(() => true)',
  ]),
  ofMain(['devices', 'USB, HID and serial devices are open to the page'], PERMISSIONS, [
    'setDevicePermissionHandler(() => false)',
    'setDevicePermissionHandler(() => true)',
  ]),
  {
    name: 'policy-in-page',
    what: 'the page itself has no content policy',
    likely: POLICIES,
    edits: [{ file: PAGE, find: /<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, put: '' }],
  },
  ofMain(
    ['policy-in-answer', 'the response that delivers the page has no content policy'],
    POLICIES,
    ['"content-security-policy": policy,', ''],
  ),
  ofMain(['trusted-types', 'the content policy lets text become markup'], POLICIES, [
    `"require-trusted-types-for 'script'",`,
    '',
  ]),
  ofMain(
    ['request-filter', 'every request is allowed'],
    guards("only the app's own files are loaded"),
    ['decide({ cancel: !mayLoad(details.url) })', 'decide({})'],
  ),
  ofMain(['downloads', 'the page may save files'], waysOut('the page cannot save a file'), [
    'defaultSession.on("will-download", refuseDownload);',
    '',
  ]),
  {
    name: 'hosts',
    what: 'the page may connect to hosts without any request check',
    likely: waysOut('the page cannot reach a server'),
    edits: [
      {
        file: MAIN,
        find: 'app.commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND");',
        put: '',
      },
      {
        file: MAIN,
        find: 'contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");',
        put: '',
      },
    ],
  },
  ofMain(['isolation', 'page and preload share one world'], ONE_NAME, [
    'contextIsolation: true',
    'contextIsolation: false',
  ]),
  {
    name: 'sandbox',
    what: 'the page runs without a sandbox',
    likely: ONE_NAME,
    edits: [
      { file: MAIN, find: 'sandbox: true', put: 'sandbox: false' },
      { file: MAIN, find: 'app.enableSandbox();', put: '' },
    ],
  },
];

/** Guards the way between page and main process. */
export const BRIDGE_FAULTS: readonly Fault[] = [
  {
    name: 'preload-fs',
    what: 'the preload requires `fs`',
    likely: ONE_NAME,
    edits: [
      {
        file: PRELOAD,
        find: 'let electron = require("electron");',
        put: 'let electron = require("electron"); require("fs");',
      },
    ],
  },
  {
    name: 'leaked-method',
    what: 'the bridge has a method that takes any channel',
    likely: ONE_NAME,
    edits: [
      {
        file: PRELOAD,
        find: 'return Object.fromEntries([...methods, ...listeners]);',
        put: 'return Object.fromEntries([...methods, ...listeners, ["invoke", ipc.invoke]]);',
      },
    ],
  },
  {
    name: 'leaked-ipc',
    what: 'the page is given `ipcRenderer` under a second name',
    likely: ONE_NAME,
    edits: [
      {
        file: PRELOAD,
        find: 'electron.contextBridge.exposeInMainWorld("keyfob",',
        put: 'electron.contextBridge.exposeInMainWorld("ipc", electron.ipcRenderer);\nelectron.contextBridge.exposeInMainWorld("keyfob",',
      },
    ],
  },
  ofMain(['sender', 'requests from any window and any page are answered'], ANSWERED, [
    'if (!isOwnPage(event, window)) throw new Error(`${channel}: unknown sender`);',
    '',
  ]),
  ofMain(['sender-window', 'requests from any window that shows our page are answered'], ANSWERED, [
    'if (sender !== window || senderFrame?.parent !== null) return false;',
    'if (senderFrame?.parent !== null) return false;',
  ]),
  ofMain(
    ['sender-page', 'requests from our window are answered whatever page it shows'],
    ANSWERED,
    ['return senderFrame.url.startsWith(`${ORIGIN}/`);', 'return true;'],
  ),
  ofMain(
    ['arguments', "arguments of requests aren't checked"],
    { spec: 'app.spec.ts', title: 'a request whose arguments do not match the contract' },
    [
      'if (!parsed.success) throw new TypeError(`${channel}: arguments refused`);\n\treturn answer(...parsed.output);',
      'return answer(...given);',
    ],
  ),
  {
    name: 'links',
    what: 'the browser opens whatever address a server sends',
    likely: guards('an address that is not for a browser is never opened'),
    // Two checks, each of which is enough alone: where a server's response is read, and before the browser opens.
    edits: [
      {
        file: MAIN,
        find: 'function safeLink(text, rules) {',
        put: 'function safeLink(text, rules) {\n\tif (URL.canParse(text)) return new URL(text);',
      },
      {
        file: MAIN,
        find: 'function linkToOpen(link, app) {',
        put: 'function linkToOpen(link, app) {\n\treturn link;',
      },
    ],
  },
];
