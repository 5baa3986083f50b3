import { chromium } from '@playwright/test';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Draws every icon from keyfob.svg: node build/icons/make.js
// Needs a Chromium: CHROMIUM_PATH names one; the default is the one that Playwright installed.

const here = import.meta.dirname;
const STATES = ['attention', 'waiting', 'offline', 'fresh', 'empty'];
const ICO_SIZES = [16, 20, 24, 32, 40, 48, 64];

const svg = await readFile(join(here, 'keyfob.svg'), 'utf8');
const executablePath = process.env.CHROMIUM_PATH;
const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath });
const page = await browser.newPage();

await rm(join(here, 'app'), { recursive: true, force: true });
await mkdir(join(here, 'app'), { recursive: true });
for (const state of STATES) {
  // Linux panels use 24 points, and twice that on dense displays.
  await save(`app/${state}.png`, await draw(24, [state, 'tile']));
  await save(`app/${state}@2x.png`, await draw(48, [state, 'tile']));
  await save(`app/${state}.ico`, ico(await drawAll(ICO_SIZES, [state, 'tile'])));
  // macOS colours a template itself: only its shape matters.
  await save(`app/${state}Template.png`, await draw(16, [state], true));
  await save(`app/${state}Template@2x.png`, await draw(32, [state], true));
}
await save('app/window.png', await draw(256, ['fresh', 'tile']));

// For the packages, under the names that electron-builder expects.
await save('icon.png', await draw(512, ['fresh', 'tile']));
await save('icon.ico', ico(await drawAll([...ICO_SIZES, 128, 256], ['fresh', 'tile'])));
await save('icon.icns', icns(await drawAll([16, 32, 64, 128, 256, 512, 1024], ['fresh', 'tile'])));
await browser.close();

/** Renders a PNG of one size, with the parts that are drawn `always` or for one of `parts`. */
async function draw(size, parts, isTemplate = false) {
  await page.setViewportSize({ width: size, height: size });
  const shown = parts.map((part) => `[data-for="${part}"]`).join(', ');
  // In a template only the opaque parts matter: black on transparent, without the signs in the badges.
  const template = `
    .glyph, .badge :not([fill=none]) { stroke: #000 } .badge :not([fill=none]) { fill: #000 }
    .badge [fill=none] { stroke: #000 } .sign { display: none }`;
  await page.setContent(`<style>
    html, body { margin: 0; background: transparent } svg { display: block; width: ${size}px; height: ${size}px }
    [data-for] { display: none } :is(${shown}) { display: inline }
    ${isTemplate ? template : ''}</style>${svg}`);
  return page.screenshot({ omitBackground: true, type: 'png' });
}

async function drawAll(sizes, parts) {
  const pictures = [];
  for (const size of sizes) pictures.push({ size, png: await draw(size, parts) });
  return pictures;
}

/** Packs images of several sizes into one Windows icon, as PNG, which Windows reads since Vista. */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at); // 0 stands for 256
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** Packs images of several sizes into one macOS icon; each size has its own four-letter type. */
function icns(pictures) {
  const names = { 16: ['icp4'], 32: ['icp5', 'ic11'], 64: ['icp6', 'ic12'], 128: ['ic07'] };
  const large = { 256: ['ic08', 'ic13'], 512: ['ic09', 'ic14'], 1024: ['ic10'] };
  const parts = pictures.flatMap(({ size, png }) =>
    ({ ...names, ...large })[size].map((name) => block(name, png)),
  );
  return block('icns', Buffer.concat(parts));
}

function block(name, content) {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([head, content]);
}

async function save(name, bytes) {
  await writeFile(join(here, name), bytes);
}
