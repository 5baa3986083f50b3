import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { MemoryDisk } from './files/memory-disk.ts';
import { account, FOLDER, inDoubt, opened, revealed, unwrapped } from './samples.ts';

const IDS = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'] as const;
type Slot = 'a' | 'b';

type Step = Readonly<
  | { do: 'save' | 'remove'; id: string }
  | { do: 'truncate' | 'flip' | 'drop'; id: string; slot: Slot; at: number }
  | { do: 'reopen' | 'power-cut' }
>;

const id = fc.constantFrom(...IDS);
const slot = fc.constantFrom<Slot>('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('save' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('truncate' as const, 'flip' as const, 'drop' as const),
      id,
      slot,
      at: fc.nat(10_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'power-cut' as const) }),
  },
);

/** The content of a file: an account's save and its turn, or unreadable data; null: no file. */
type Copy = Readonly<{ generation: number; turn: number; doubt: boolean }> | 'damaged' | null;

type Copies = Readonly<Record<Slot, Copy>>;

/** What the vault guarantees, in a few lines: the model for the real one. */
class Model {
  readonly #copies = new Map<string, Copies>();
  /** Where the vault expects the newest copy; it does not notice later changes to the file. */
  readonly #newest = new Map<string, Readonly<{ slot: Slot; turn: number }>>();
  #generation = 0;

  copies(id: string): Copies {
    return this.#copies.get(id) ?? { a: null, b: null };
  }

  save(id: string): number {
    this.#generation += 1;
    const isNew = !this.#newest.has(id);
    this.#write(id, { generation: this.#generation, doubt: false });
    if (isNew) this.#write(id, { generation: this.#generation, doubt: false });
    return this.#generation;
  }

  remove(id: string): void {
    this.#copies.delete(id);
    this.#newest.delete(id);
  }

  damage(id: string, slot: Slot, how: 'damaged' | null): void {
    this.#copies.set(id, { ...this.copies(id), [slot]: how });
  }

  /** The accounts that a load returns; its repairs are made here too. */
  load(): unknown[] {
    return IDS.flatMap((id) => {
      const { a, b } = this.copies(id);
      const whole = isGood(a) && isGood(b);
      const slot = isGood(a) && (!isGood(b) || a.turn > b.turn) ? 'a' : 'b';
      const newest = slot === 'a' ? a : b;
      this.remove(id);
      if (!isGood(newest)) return [];
      this.#newest.set(id, { slot, turn: newest.turn });
      this.#copies.set(id, { a, b });
      const { generation, doubt } = whole ? newest : { ...newest, doubt: true };
      // One copy is not enough: it is also written over the other file.
      if (!whole) this.#write(id, { generation, doubt });
      const kept = account(id, generation);
      return [revealed(doubt ? inDoubt(kept) : kept)];
    });
  }

  #write(id: string, content: Readonly<{ generation: number; doubt: boolean }>): void {
    const { slot, turn } = this.#newest.get(id) ?? { slot: 'b', turn: -1 };
    const next = { slot: slot === 'a' ? 'b' : 'a', turn: turn + 1 } as const;
    this.#newest.set(id, next);
    const copy = { ...content, turn: next.turn };
    this.#copies.set(id, { ...this.copies(id), [next.slot]: copy });
  }
}

function isGood(copy: Copy): copy is Exclude<Copy, 'damaged' | null> {
  return copy !== null && copy !== 'damaged';
}

/** The vault in use, and what it should hold. */
type World = { disk: MemoryDisk; vault: OpenVault; readonly model: Model };

async function take(world: World, step: Step): Promise<void> {
  const { disk, vault, model } = world;
  switch (step.do) {
    case 'save':
      unwrapped(await vault.save(account(step.id, model.save(step.id))));
      break;
    case 'remove':
      model.remove(step.id);
      unwrapped(await vault.remove(step.id));
      break;
    case 'reopen':
    case 'power-cut':
      if (step.do === 'power-cut') world.disk = disk.afterPowerCut(0);
      world.vault = await opened(world.disk);
      await compare(world);
      break;
    default:
      harm(world, step);
  }
}

function harm({ disk, model }: World, step: Extract<Step, { slot: Slot }>): void {
  const path = `${FOLDER}/accounts/${step.id}.${step.slot}.sealed`;
  const bytes = disk.files().get(path);
  if (bytes === undefined || model.copies(step.id)[step.slot] === 'damaged') return;
  const at = step.at % bytes.length;
  model.damage(step.id, step.slot, step.do === 'drop' ? null : 'damaged');
  if (step.do === 'drop') disk.drop(path);
  else if (step.do === 'truncate') disk.put(path, bytes.slice(0, at));
  else disk.put(path, bytes.with(at, bytes[at]! ^ (1 << (step.at % 8))));
}

async function compare({ vault, model }: World): Promise<void> {
  const { accounts } = unwrapped(await vault.load());
  expect(accounts.map(revealed)).toEqual(model.load());
}

test('load() returns the newest intact state of every account after any history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const disk = new MemoryDisk();
      const world = { disk, vault: await opened(disk), model: new Model() };
      for (const step of [...steps, { do: 'reopen' as const }]) await take(world, step);
    }),
    { numRuns: 1_000 },
  );
});
