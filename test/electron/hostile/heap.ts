import type { CDPSession, Page } from '@playwright/test';

/** A V8 flag: without it, a snapshot only keeps the first 1024 characters of each string. */
export const WHOLE_TEXTS = '--js-flags=--heap-snapshot-string-limit=100000000';

/** The parts of V8's heap snapshot that are used: flat lists, described by `meta`. */
type Snapshot = Readonly<{
  snapshot: Readonly<{
    meta: Readonly<{
      node_fields: readonly string[];
      node_types: readonly [readonly string[], ...unknown[]];
      edge_fields: readonly string[];
    }>;
  }>;
  nodes: readonly number[];
  edges: readonly number[];
  strings: readonly string[];
}>;

type Parts = Readonly<{ first: number; second: number }>;

/**
 * Every string in the page's JavaScript heap, which the page's world and the preload's share. A concatenated
 * string that is still stored in pieces is joined here.
 */
export async function textsInHeap(page: Page): Promise<readonly string[]> {
  const cdp = await page.context().newCDPSession(page);
  const snapshot = await takeSnapshot(cdp);
  await cdp.detach();
  return [...snapshot.strings, ...joinedTexts(snapshot)];
}

async function takeSnapshot(cdp: CDPSession): Promise<Snapshot> {
  const chunks: string[] = [];
  cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  return JSON.parse(chunks.join('')) as Snapshot; // V8's format
}

function joinedTexts({ snapshot: { meta }, nodes, edges, strings }: Snapshot): readonly string[] {
  const nodeAt = (field: string) => meta.node_fields.indexOf(field);
  const edgeAt = (field: string) => meta.edge_fields.indexOf(field);
  const [type, name, count] = [nodeAt('type'), nodeAt('name'), nodeAt('edge_count')];
  const [edgeName, target] = [edgeAt('name_or_index'), edgeAt('to_node')];
  const concatenated = meta.node_types[0].indexOf('concatenated string');
  const joined = new Map<number, Parts>();
  let edge = 0;
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    const parts = new Map<string | undefined, number>();
    for (let left = nodes[node + count]!; left > 0; left -= 1, edge += meta.edge_fields.length) {
      if (nodes[node + type] !== concatenated) continue;
      parts.set(strings[edges[edge + edgeName]!], edges[edge + target]!);
    }
    const [first, second] = [parts.get('first'), parts.get('second')];
    if (first !== undefined && second !== undefined) joined.set(node, { first, second });
  }
  return [...joined.keys()].map((node) =>
    textOf(node, joined, (leaf) => strings[nodes[leaf + name]!]!),
  );
}

/** The string below a node, left to right. Not recursive, as a string may be thousands of pieces deep. */
function textOf(
  root: number,
  joined: ReadonlyMap<number, Parts>,
  textOfLeaf: (node: number) => string,
): string {
  const pieces: string[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const parts = joined.get(node);
    if (parts === undefined) pieces.push(textOfLeaf(node));
    else waiting.push(parts.second, parts.first);
  }
  return pieces.join('');
}
