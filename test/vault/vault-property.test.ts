import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { MemoryDisk } from './memory-disk.ts';
import { account, FOLDER, opened, revealed, unwrapped } from './samples.ts';

const IDS = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'] as const;
type Which = 'sealed' | 'previous';

type Step = Readonly<
  | { do: 'save' | 'remove'; id: string }
  | { do: 'truncate' | 'flip' | 'drop'; id: string; which: Which; at: number }
  | { do: 'reopen' | 'power-cut' }
>;

const id = fc.constantFrom(...IDS);
const which = fc.constantFrom<Which>('sealed', 'previous');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('save' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('truncate' as const, 'flip' as const, 'drop' as const),
      id,
      which,
      at: fc.nat(10_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'power-cut' as const) }),
  },
);

/** What lies in the two files of an account: a generation, or something unreadable; null: no file. */
type Copies = Readonly<Record<Which, number | 'damaged' | null>>;

/** What the vault promises, in a few lines: the model that the real one is held against. */
class Model {
  readonly #copies = new Map<string, Copies>();
  #generation = 0;

  copies(id: string): Copies {
    return this.#copies.get(id) ?? { sealed: null, previous: null };
  }

  save(id: string): number {
    this.#generation += 1;
    const { sealed, previous } = this.copies(id);
    // A good state becomes the older copy; a damaged or missing one never pushes a good one out.
    const kept = typeof sealed === 'number' ? sealed : previous;
    this.#copies.set(id, { sealed: this.#generation, previous: kept });
    return this.#generation;
  }

  remove(id: string): void {
    this.#copies.delete(id);
  }

  damage(id: string, which: Which, how: 'damaged' | null): void {
    this.#copies.set(id, { ...this.copies(id), [which]: how });
  }

  /** The accounts a load gives; what it mends is mended here too. */
  load(): unknown[] {
    return IDS.flatMap((id) => {
      const { sealed, previous } = this.copies(id);
      if (typeof sealed === 'number') return [revealed(account(id, sealed))];
      if (typeof previous !== 'number') {
        this.#copies.delete(id);
        return [];
      }
      this.#copies.set(id, { sealed: previous, previous: null });
      return [revealed(account(id, previous))];
    });
  }
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

function harm({ disk, model }: World, step: Extract<Step, { which: Which }>): void {
  const path = `${FOLDER}/accounts/${step.id}.${step.which}`;
  const bytes = disk.files().get(path);
  if (bytes === undefined || model.copies(step.id)[step.which] === 'damaged') return;
  const at = step.at % bytes.length;
  model.damage(step.id, step.which, step.do === 'drop' ? null : 'damaged');
  if (step.do === 'drop') disk.drop(path);
  else if (step.do === 'truncate') disk.put(path, bytes.slice(0, at));
  else disk.put(path, bytes.with(at, bytes[at]! ^ (1 << (step.at % 8))));
}

async function compare({ vault, model }: World): Promise<void> {
  const { accounts } = unwrapped(await vault.load());
  expect(accounts.map(revealed)).toEqual(model.load());
}

test('load() gives the newest good state of every account, whatever happened before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const disk = new MemoryDisk();
      const world = { disk, vault: await opened(disk), model: new Model() };
      for (const step of [...steps, { do: 'reopen' as const }]) await take(world, step);
    }),
    { numRuns: 1_000 },
  );
});
