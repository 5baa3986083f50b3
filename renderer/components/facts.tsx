import type { JSX } from 'preact';

type FactsProps = Readonly<{
  facts: readonly (readonly [name: string, value: string])[];
  /** Drawn as a card of its own. */
  card?: boolean;
}>;

/** Names and their values, as a list of definitions. */
export function Facts({ facts, card }: FactsProps): JSX.Element {
  return (
    <dl class={card === true ? 'facts card' : 'facts'}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
